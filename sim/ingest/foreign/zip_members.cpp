// SPDX-License-Identifier: Apache-2.0
#include "zip_members.h"

#include <zlib.h>

#include <set>

#include "gunzip.h"

namespace hearth::foreign {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint32_t kEndMark = 0x06054b50;
constexpr std::uint32_t kEntryMark = 0x02014b50;
constexpr std::uint32_t kLocalMark = 0x04034b50;

std::uint32_t little(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return value;
}

Error corrupt(const std::string& file, std::size_t byte, std::string message) {
  return {ErrorCode::corrupt, std::move(message), file + ": byte " + std::to_string(byte)};
}

/// Where the directory begins and how many entries it has.
struct Directory {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t entries = 0;
  std::size_t end = 0;
};

Result<Directory> directory_of(std::string_view bytes, const std::string& file) {
  if (bytes.size() < kEndBytes) return corrupt(file, bytes.size(), "this is no zip archive");
  // The end record may carry a comment of up to 65535 bytes that must then fill the file exactly.
  for (std::size_t back = kEndBytes; back <= bytes.size() && back <= kEndBytes + 65535; ++back) {
    const std::size_t at = bytes.size() - back;
    if (little(bytes, at, 4) != kEndMark) continue;
    if (little(bytes, at + 20, 2) != back - kEndBytes) continue;
    Directory directory;
    directory.entries = little(bytes, at + 10, 2);
    directory.size = little(bytes, at + 12, 4);
    directory.offset = little(bytes, at + 16, 4);
    directory.end = at;
    if (little(bytes, at + 4, 2) != 0 || directory.entries != little(bytes, at + 8, 2)) {
      return Error{ErrorCode::unsupported, "the archive is split over several files", file};
    }
    if (directory.entries == 0xFFFF || directory.offset == 0xFFFFFFFF) {
      return Error{ErrorCode::unsupported, "64-bit zip archives are not read", file};
    }
    if (directory.offset > at || directory.size != at - directory.offset) {
      return corrupt(file, at, "the directory does not end where the archive says");
    }
    return directory;
  }
  return corrupt(file, bytes.size(), "the archive has no end: it was cut off, or is no zip");
}

/// The packed bytes of a member whose local header is at `offset`.
Result<std::string_view> packed_bytes(std::string_view bytes, const std::string& file,
                                      std::size_t offset, std::size_t size, std::size_t limit) {
  if (offset > limit || limit - offset < kLocalBytes || little(bytes, offset, 4) != kLocalMark) {
    return corrupt(file, offset, "there is no member where the directory says");
  }
  const std::size_t skip =
      kLocalBytes + little(bytes, offset + 26, 2) + little(bytes, offset + 28, 2);
  if (skip > limit - offset || size > limit - offset - skip) {
    return corrupt(file, offset, "a member is longer than the archive");
  }
  return bytes.substr(offset + skip, size);
}

}  // namespace

Result<std::vector<ZipMember>> zip_members(std::string_view bytes, const std::string& file) {
  const Result<Directory> directory = directory_of(bytes, file);
  if (!directory) return directory.error();
  std::vector<ZipMember> members;
  std::set<std::string> names;
  std::size_t at = directory->offset;
  for (std::size_t i = 0; i < directory->entries; ++i) {
    if (directory->end - at < kEntryBytes || little(bytes, at, 4) != kEntryMark) {
      return corrupt(file, at, "the directory is damaged");
    }
    const std::uint32_t flags = little(bytes, at + 8, 2);
    const std::uint32_t method = little(bytes, at + 10, 2);
    const std::size_t packed = little(bytes, at + 20, 4);
    const std::size_t name_size = little(bytes, at + 28, 2);
    const std::size_t tail = little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
    if (directory->end - at < kEntryBytes + name_size + tail) {
      return corrupt(file, at, "the directory is damaged");
    }
    ZipMember member;
    member.name = bytes.substr(at + kEntryBytes, name_size);
    member.crc32 = little(bytes, at + 16, 4);
    member.size = little(bytes, at + 24, 4);
    member.deflated = method == 8;
    if ((flags & 1u) != 0 || (method != 0 && method != 8)) {
      return Error{ErrorCode::unsupported, "member is encrypted or packed in an unusual way",
                   file + ":" + member.name};
    }
    const Result<std::string_view> data =
        packed_bytes(bytes, file, little(bytes, at + 42, 4), packed, directory->offset);
    if (!data) return data.error();
    member.packed = *data;
    if (!names.insert(member.name).second) {
      return corrupt(file, at, "member " + member.name + " occurs twice");
    }
    members.push_back(std::move(member));
    at += kEntryBytes + name_size + tail;
  }
  if (at != directory->end) return corrupt(file, at, "the directory holds more than its members");
  return members;
}

Result<std::string> unpack(const ZipMember& member, const std::string& file) {
  const std::string where = file + ":" + member.name;
  Result<std::string> bytes = member.deflated ? inflate_raw(member.packed, member.size, where)
                                              : Result<std::string>(std::string(member.packed));
  if (!bytes) return bytes;
  const auto sum =
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes->data()), static_cast<uInt>(bytes->size()));
  if (bytes->size() != member.size || static_cast<std::uint32_t>(sum) != member.crc32) {
    return Error{ErrorCode::corrupt, "the member's check sum is wrong", where};
  }
  return bytes;
}

const ZipMember* find_member(const std::vector<ZipMember>& members, std::string_view name) {
  for (const ZipMember& member : members) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

}  // namespace hearth::foreign
