// SPDX-License-Identifier: Apache-2.0
#include "origin.h"

#include <hearth/core/hash.h>

#include <utility>

namespace hearth::foreign {

std::string plain(std::string text) {
  for (char& c : text) {
    if (c < 32 || c > 126) c = '?';
  }
  return text;
}

TrackOrigin origin_of(std::string part, std::string source, const std::filesystem::path& file,
                      std::string_view bytes) {
  TrackOrigin origin;
  origin.part = std::move(part);
  origin.source = std::move(source);
  origin.file = plain(file.filename().string());
  origin.file_sha256 = sha256_hex(bytes);
  return origin;
}

}  // namespace hearth::foreign
