// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/npy_array.h>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::npy_bytes;
using test::npy_f8;
using test::npy_i8;
using test::replaced;

namespace {

/// Puts another text of the same length into the header.
std::string with_header(const std::string& bytes, const std::string& from, const std::string& to) {
  const std::string changed = replaced(bytes, from, to);
  return to.size() > from.size()
             ? replaced(changed, std::string(to.size() - from.size(), ' ') + "\n", "\n")
             : replaced(changed, "\n", std::string(from.size() - to.size(), ' ') + "\n");
}

}  // namespace

TEST_CASE("npy: types, orders and dimensions that others write are read") {
  CHECK(npy_array(npy_f8({2, 3}, {1, 2, 3, 4, 5, 6}), "a")->reals ==
        std::vector<double>{1, 2, 3, 4, 5, 6});
  const NpyArray cube = npy_array(npy_f8({1, 2, 3}, {1, 2, 3, 4, 5, 6}), "a").value();
  CHECK(cube.shape == std::vector<std::size_t>{1, 2, 3});
  CHECK(npy_array(npy_f8({}, {7}), "a")->reals == std::vector<double>{7});
  CHECK(npy_array(npy_f8({0, 21, 3}, {}), "a")->reals.empty());
  CHECK(npy_array(npy_f8({5, 0}, {}), "a")->shape == std::vector<std::size_t>{5, 0});
  const NpyArray whole = npy_array(npy_i8({-3, 9007199254740993}), "a").value();
  CHECK(whole.kind == NpyKind::integer);
  CHECK(whole.integers == std::vector<std::int64_t>{-3, 9007199254740993});
  CHECK(npy_array(npy_bytes<float>("<f4", {2}, {0.5F, -1.0F}), "a")->reals ==
        std::vector<double>{0.5, -1.0});
  CHECK(npy_array(npy_bytes<std::uint8_t>("|u1", {2}, {255, 1}), "a")->integers ==
        std::vector<std::int64_t>{255, 1});
  CHECK(npy_array(npy_bytes<std::uint8_t>("|b1", {2}, {1, 0}), "a")->kind == NpyKind::boolean);
  CHECK(npy_array(npy_bytes<std::int32_t>("<i4", {1}, {-7}), "a")->integers[0] == -7);
  // Fortran order: columns lie one after the other.
  const std::string fortran = with_header(npy_f8({2, 3}, {1, 4, 2, 5, 3, 6}), "False", "True");
  CHECK(npy_array(fortran, "a")->reals == std::vector<double>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("npy: cuts, wrong headers and pickles are refused") {
  const std::string good = npy_f8({2, 3}, {1, 2, 3, 4, 5, 6});
  for (std::size_t length = 0; length < good.size(); ++length) {
    CAPTURE(length);
    const auto read = npy_array(good.substr(0, length), "a.npy");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::corrupt);
    CHECK(read.error().where.substr(0, 12) == "a.npy: byte ");
  }
  for (std::size_t at = 0; at < 80; ++at) {
    std::string flipped = good;
    flipped[at] = static_cast<char>(~static_cast<unsigned char>(flipped[at]));
    CAPTURE(at);
    CHECK_FALSE(npy_array(flipped, "a.npy").ok());
  }
  const auto code = [](const std::string& bytes) { return npy_array(bytes, "a").error().code; };
  CHECK(code(good + "x") == ErrorCode::corrupt);
  CHECK(code(with_header(good, "(2, 3)", "(2, 900000000000000000)")) == ErrorCode::corrupt);
  CHECK(code(with_header(good, "(2, 3)", "(900000000, 900000000, 900000000)")) ==
        ErrorCode::corrupt);
  CHECK(code(with_header(good, "'<f8'", "'>f8'")) == ErrorCode::unsupported);
  CHECK(code(with_header(good, "'<f8'", "'<c8'")) == ErrorCode::unsupported);
  CHECK(code(with_header(good, "'<f8'", "'|O'")) == ErrorCode::unsupported);
  CHECK(code(with_header(good, "'<f8'", "[('a', '<f8')]")) == ErrorCode::unsupported);
  CHECK(code(with_header(good, "'descr'", "'dscr'")) == ErrorCode::corrupt);
  CHECK(code("\x80\x04\x95") == ErrorCode::unsupported);
  CHECK(code(npy_bytes<std::uint64_t>("<u8", {1}, {~std::uint64_t{0}})) == ErrorCode::unsupported);
}
