// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/npy.h>

#include <catch2/catch.hpp>
#include <limits>

using namespace hearth;

TEST_CASE("tables survive the round trip bit for bit") {
  const Table table{2, 3, {0.1, -0.0, 1e-310, 3.0, 1e308, 5.0}};
  const std::string bytes = npy_from_table(table);
  CHECK(bytes.size() == 128 + 6 * 8);
  const Result<Table> back = table_from_npy(bytes, "t.npy");
  REQUIRE(back);
  CHECK(npy_from_table(*back) == bytes);
  const TableF32 floats{1, 2, {0.1F, 2.0F}};
  CHECK(*table_f32_from_npy(npy_from_table(floats), "f.npy") == floats);
  const Table empty{0, 4, {}};
  CHECK(*table_from_npy(npy_from_table(empty), "e.npy") == empty);
}

TEST_CASE("every truncation, an added byte and another type are refused with a place") {
  const std::string bytes = npy_from_table(Table{2, 2, {1, 2, 3, 4}});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const Result<Table> result = table_from_npy(bytes.substr(0, length), "t.npy");
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::corrupt);
    CHECK(result.error().where.substr(0, 12) == "t.npy: byte ");
  }
  CHECK_FALSE(table_from_npy(bytes + "x", "t.npy"));
  CHECK_FALSE(table_f32_from_npy(bytes, "t.npy"));
}

TEST_CASE("a header that promises more than there is takes no memory") {
  std::string bytes = npy_from_table(Table{1, 1, {1.0}});
  const std::size_t at = bytes.find("(1, 1)");
  bytes.replace(at, 22, "(99999999999999, 9999)");
  CHECK_FALSE(table_from_npy(bytes, "t.npy"));
}
