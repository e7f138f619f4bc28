// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <iostream>

TEST_CASE("passes, [with] odd \"letters\"; in its name") { CHECK(1 + 1 == 2); }
TEST_CASE("fails") { CHECK(1 + 1 == 3); }
TEST_CASE("skips by a line") { std::cout << "SKIPPED: nothing at hand\n"; }
TEST_CASE("skips by a warning") { WARN("skipped: no clip at hand"); }
TEST_CASE("skips a part, passes the rest") {
  WARN("skipped: half of it");
  CHECK(1 + 1 == 2);
}
TEST_CASE("skips a part, fails the rest") {
  WARN("skipped: half of it");
  CHECK(1 + 1 == 3);
}
TEST_CASE("is slow", "[slow]") { CHECK(1 + 1 == 2); }
