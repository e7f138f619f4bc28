// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Members of a zip archive, stored or deflated (.npz, .r3d).

#include <hearth/core/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

/// One member; `packed` points into the archive's bytes.
struct ZipMember {
  std::string name{};
  std::string_view packed{};
  std::size_t size = 0;  ///< Unpacked.
  std::uint32_t crc32 = 0;
  bool deflated = false;
};

/// Reads the central directory. @return corrupt with a byte offset where the archive is cut or
/// damaged, names occur twice; unsupported for encrypted, split or 64-bit archives and other
/// packing methods.
[[nodiscard]] Result<std::vector<ZipMember>> zip_members(std::string_view bytes,
                                                         const std::string& file);

/// Unpacks a member and checks its sum. @return corrupt naming file:member.
[[nodiscard]] Result<std::string> unpack(const ZipMember& member, const std::string& file);

/// The member of this name, or null.
[[nodiscard]] const ZipMember* find_member(const std::vector<ZipMember>& members,
                                           std::string_view name);

}  // namespace hearth::foreign
