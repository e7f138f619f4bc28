// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/zip.h"

#include <arrow/util/compression.h>

#include <boost/crc.hpp>
#include <cstdint>

namespace hearth {
namespace {

constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kFirstDay = (1 << 5) | 1;  // 1 January 1980

void put16(std::string& out, std::uint16_t v) {
  out.push_back(static_cast<char>(v & 0xffU));
  out.push_back(static_cast<char>(v >> 8U));
}

void put32(std::string& out, std::uint32_t v) {
  put16(out, static_cast<std::uint16_t>(v & 0xffffU));
  put16(out, static_cast<std::uint16_t>(v >> 16U));
}

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

// The fields that the local and the central header share.
void put_common(std::string& out, std::string_view name, std::string_view bytes) {
  put16(out, kVersion);
  put16(out, 0);  // no flags
  put16(out, 0);  // stored
  put16(out, 0);  // midnight
  put16(out, kFirstDay);
  put32(out, crc32(bytes));
  put32(out, static_cast<std::uint32_t>(bytes.size()));
  put32(out, static_cast<std::uint32_t>(bytes.size()));
  put16(out, static_cast<std::uint16_t>(name.size()));
  put16(out, 0);  // no extra field
}

}  // namespace

std::string zip_bytes(std::span<const std::pair<std::string, std::string>> members) {
  std::string out;
  std::string directory;
  for (const auto& [name, bytes] : members) {
    require(out.size() + bytes.size() < 0xffff0000U, "zip members must stay below 4 GiB");
    const auto offset = static_cast<std::uint32_t>(out.size());
    out += "PK\x03\x04";
    put_common(out, name, bytes);
    out += name;
    out += bytes;
    directory += "PK\x01\x02";
    put16(directory, kVersion);
    put_common(directory, name, bytes);
    put16(directory, 0);  // no comment
    put16(directory, 0);  // disk 0
    put16(directory, 0);  // internal attributes
    put32(directory, 0);  // external attributes
    put32(directory, offset);
    directory += name;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out += directory;
  out += "PK\x05\x06";
  put16(out, 0);
  put16(out, 0);
  put16(out, static_cast<std::uint16_t>(members.size()));
  put16(out, static_cast<std::uint16_t>(members.size()));
  put32(out, static_cast<std::uint32_t>(directory.size()));
  put32(out, start);
  put16(out, 0);
  return out;
}

Result<std::string> gzip_bytes(std::string_view text) {
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP);
  if (!codec.ok()) {
    return Error{ErrorCode::unsupported, "gzip is missing: " + codec.status().ToString(), "gzip"};
  }
  const auto* input = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int64_t>(text.size());
  std::string out(static_cast<std::size_t>((*codec)->MaxCompressedLen(length, input)), '\0');
  const auto written = (*codec)->Compress(length, input, static_cast<std::int64_t>(out.size()),
                                          reinterpret_cast<std::uint8_t*>(out.data()));
  if (!written.ok()) {
    return Error{ErrorCode::infeasible, "gzip failed: " + written.status().ToString(), "gzip"};
  }
  out.resize(static_cast<std::size_t>(*written));
  return out;
}

}  // namespace hearth
