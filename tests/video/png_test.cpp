// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/png.h>

#include <catch2/catch.hpp>

#include "tests/video/pictures.h"

using namespace hearth;

TEST_CASE("a PNG says its size and depth, and repeats byte for byte") {
  const ImageRgb8 image = test::numbered_picture(31, 17, 3);
  const std::string bytes = png_bytes(image).value();
  REQUIRE(bytes.size() > 26);
  CHECK(bytes.substr(1, 3) == "PNG");
  CHECK(bytes[19] == 31);
  CHECK(bytes[23] == 17);
  CHECK(bytes[24] == 8);
  CHECK(bytes[25] == 2);  // Colour type: true colour.
  CHECK(bytes == png_bytes(image).value());

  const std::string grey = png16_bytes(3, 2, {0, 1, 256, 65535, 7, 9}).value();
  CHECK(grey[24] == 16);
  CHECK(grey[25] == 0);  // Colour type: grey.
}

TEST_CASE("a picture whose size does not agree with its values is refused") {
  CHECK(png_bytes({4, 4, std::vector<std::uint8_t>(47)}).error().where == "values");
  CHECK(png16_bytes(2, 2, {1, 2, 3}).error().code == ErrorCode::invalid_argument);
}
