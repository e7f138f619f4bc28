// SPDX-License-Identifier: Apache-2.0
#include "gunzip.h"

#include <hearth/io/files.h>
#include <zlib.h>

#include <algorithm>

namespace hearth::foreign {
namespace {

/// Ends a zlib stream on every way out.
struct Stream {
  z_stream z{};
  bool open = false;
  explicit Stream(int window_bits) { open = inflateInit2(&z, window_bits) == Z_OK; }
  ~Stream() {
    if (open) inflateEnd(&z);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

constexpr int kGzipWindow = 15 + 16;
constexpr int kRawWindow = -15;
constexpr std::size_t kStep = std::size_t{1} << 20;

void set_input(Stream& stream, std::string_view bytes) {
  stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.z.avail_in = static_cast<uInt>(bytes.size());
}

}  // namespace

Result<std::string> gunzip(std::string_view bytes, const std::string& file, std::size_t limit) {
  if (bytes.size() > std::size_t{0xFFFFFFFF}) {
    return Error{ErrorCode::unsupported, "the file is larger than 4 GiB", file};
  }
  Stream stream(kGzipWindow);
  require(stream.open, "zlib starts");
  set_input(stream, bytes);
  std::string out;
  for (;;) {
    const std::size_t used = out.size();
    out.resize(used + kStep);
    stream.z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.z.avail_out = static_cast<uInt>(kStep);
    const int code = inflate(&stream.z, Z_NO_FLUSH);
    out.resize(used + kStep - stream.z.avail_out);
    const std::string place = file + ": byte " + std::to_string(stream.z.total_in);
    if (out.size() > limit) {
      return Error{ErrorCode::unsupported,
                   "the file unpacks to more than " + std::to_string(limit) + " bytes", place};
    }
    if (code == Z_STREAM_END && stream.z.avail_in == 0) return out;
    // Writers may put several gzip members behind each other.
    if (code == Z_STREAM_END && inflateReset(&stream.z) == Z_OK) continue;
    if (code != Z_OK || (stream.z.avail_in == 0 && stream.z.avail_out > 0)) {
      return Error{ErrorCode::corrupt, "the gzip data is damaged or was cut off", place};
    }
  }
}

Result<std::string> inflate_raw(std::string_view bytes, std::size_t size,
                                const std::string& where) {
  // Deflate packs at most 1 : 1032, so a size that cannot be is refused before memory is taken.
  if (size > 1100 * bytes.size() + 64 || size > kMaxUnpackedBytes) {
    return Error{ErrorCode::corrupt, "says that it unpacks to " + std::to_string(size) + " bytes",
                 where};
  }
  Stream stream(kRawWindow);
  require(stream.open, "zlib starts");
  set_input(stream, bytes);
  std::string out(size, '\0');
  char spare = 0;
  stream.z.next_out = reinterpret_cast<Bytef*>(size > 0 ? out.data() : &spare);
  stream.z.avail_out = static_cast<uInt>(size);
  const int code = inflate(&stream.z, Z_FINISH);
  if (code != Z_STREAM_END || stream.z.avail_out != 0 || stream.z.avail_in != 0) {
    return Error{ErrorCode::corrupt, "the packed data is damaged or was cut off", where};
  }
  return out;
}

Result<std::string> read_maybe_gzipped(const std::filesystem::path& file) {
  Result<std::string> bytes = read_file(file);
  if (!bytes || file.extension() != ".gz") return bytes;
  return gunzip(*bytes, file.string());
}

}  // namespace hearth::foreign
