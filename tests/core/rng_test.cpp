// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/core/parallel.h>
#include <hearth/core/rng.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace hearth;

TEST_CASE("a stream is a function of seed, unit and name alone") {
  Rng a(7, 3, "yaw");
  Rng b(7, 3, "yaw");
  for (int i = 0; i < 100; ++i) CHECK(a.next_u32() == b.next_u32());
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t unit = 0; unit < 10; ++unit) {
      for (const char* name : {"yaw", "mass", "light"}) {
        firsts.insert(Rng(seed, unit, name).next_u64());
      }
    }
  }
  CHECK(firsts.size() == 300);
}

TEST_CASE("uniform and normal numbers have the moments of their laws") {
  Rng rng(1, 0, "moments");
  const int n = 200000;
  double sum = 0.0;
  double sum_normal = 0.0;
  double square_normal = 0.0;
  for (int i = 0; i < n; ++i) {
    const double u = rng.uniform();
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    sum += u;
    const double z = rng.normal();
    sum_normal += z;
    square_normal += z * z;
  }
  // Five standard errors.
  CHECK(std::abs(sum / n - 0.5) < 5.0 * std::sqrt(1.0 / 12.0 / n));
  CHECK(std::abs(sum_normal / n) < 5.0 / std::sqrt(n));
  CHECK(std::abs(square_normal / n - 1.0) < 5.0 * std::sqrt(2.0 / n));
}

TEST_CASE("an index is uniform over its range") {
  Rng rng(2, 0, "index");
  std::vector<int> counts(7, 0);
  for (int i = 0; i < 70000; ++i) ++counts[rng.index(7)];
  for (const int count : counts) CHECK(std::abs(count - 10000) < 500);
  CHECK_THROWS_AS(rng.index(0), std::logic_error);
  CHECK_THROWS_AS(rng.log_uniform(0.0, 1.0), std::logic_error);
}

TEST_CASE("sha256 of the empty text and of abc are those of FIPS 180-4") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of_file("/does/not/exist").error().code == ErrorCode::not_found);
}

TEST_CASE("a parallel loop visits every item once and keeps the lowest failure") {
  for (const int jobs : {1, 2, 5}) {
    std::vector<int> visits(1000, 0);
    parallel_for(visits.size(), jobs, [&](std::size_t i) { ++visits[i]; });
    CHECK(visits == std::vector<int>(1000, 1));
    const auto failing = [](std::size_t i) {
      if (i == 17 || i == 900) throw std::runtime_error(std::to_string(i));
    };
    CHECK_THROWS_WITH(parallel_for(1000, jobs, failing), "17");
  }
}
