// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/diagnostics.h>
#include <hearth/core/progress.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <catch2/catch.hpp>
#include <string>

using namespace hearth;

TEST_CASE("a result gives its value or its error and refuses the other") {
  const Result<int> good = 3;
  CHECK(*good == 3);
  CHECK_THROWS_AS(good.error(), std::logic_error);
  const Result<int> bad = Error{ErrorCode::corrupt, "is not JSON", "a.json: byte 3"};
  CHECK_FALSE(bad.ok());
  CHECK(to_string(bad.error()) == "a.json: byte 3: is not JSON");
  CHECK(name(bad.error().code) == "corrupt");
  CHECK_THROWS_WITH(bad.value(), Catch::Contains("Result has no value"));
}

TEST_CASE("diagnostics keep order and count by code") {
  Diagnostics diagnostics;
  diagnostics.add(Severity::guess, "focal_length_guessed", "focal length 500 px", "clip.mp4");
  diagnostics.add(Severity::warning, "hand_lost", "left hand lost");
  Diagnostics more;
  more.add(Severity::warning, "hand_lost", "right hand lost");
  diagnostics.append(more);
  CHECK(diagnostics.entries().size() == 3);
  CHECK(diagnostics.entries()[2].message == "right hand lost");
  CHECK(diagnostics.counts().at("hand_lost") == 2);
  CHECK(diagnostics.contains("focal_length_guessed"));
  CHECK_FALSE(diagnostics.contains("object_lost"));
}

TEST_CASE("seconds and nanoseconds round to the nearest, both signs") {
  CHECK(ns_from_seconds(1.0 / 30.0) == 33333333);
  CHECK(ns_from_seconds(-1e-9) == -1);
  CHECK(seconds_from_ns(1500000000) == 1.5);
}

TEST_CASE("progress may be absent and may ask to stop") {
  CHECK(report({}, "frames", 1, 2));
  CHECK_FALSE(report([](auto, auto, auto) { return false; }, "frames", 1, 2));
}
