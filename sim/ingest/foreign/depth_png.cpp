// SPDX-License-Identifier: Apache-2.0
#include "depth_png.h"

#include <hearth/io/files.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::foreign {

Result<PictureSize> depth_png_size(const std::filesystem::path& file) {
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  constexpr std::string_view kStart("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  constexpr std::string_view kEnd("\0\0\0\0IEND\xae\x42\x60\x82", 12);
  const std::string_view view = *bytes;
  if (view.size() < 45 || view.substr(0, 16) != kStart ||
      view.substr(view.size() - kEnd.size()) != kEnd) {
    return Error{ErrorCode::corrupt, "is no whole PNG picture", file.string()};
  }
  const auto big_endian = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(view[at + i]);
    }
    return value;
  };
  const std::uint32_t width = big_endian(16);
  const std::uint32_t height = big_endian(20);
  if (width == 0 || height == 0 || width > 65535 || height > 65535) {
    return Error{ErrorCode::corrupt, "has no sensible size", file.string()};
  }
  if (view[24] != 16 || view[25] != 0) {
    return Error{ErrorCode::unsupported, "must hold one 16-bit grey value per pixel",
                 file.string()};
  }
  return PictureSize{static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace hearth::foreign
