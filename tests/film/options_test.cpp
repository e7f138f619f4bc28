// SPDX-License-Identifier: Apache-2.0
#include <hearth/film/film.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace hearth;

namespace {

void check_refused(const FilmOptions& options, const std::string& where) {
  const auto truth = make_truth(options);
  REQUIRE_FALSE(truth.ok());
  CHECK(truth.error().code == ErrorCode::invalid_argument);
  CHECK(truth.error().where == where);
}

}  // namespace

TEST_CASE("bad options are refused by name") {
  FilmOptions options;
  options.chore = "juggle";
  check_refused(options, "chore");
  options = {};
  for (const double bad : {3.9, 12.1, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    options.duration_s = bad;
    check_refused(options, "duration_s");
  }
  options = {};
  options.samples_per_px = 0;
  check_refused(options, "samples_per_px");
  options.samples_per_px = 17;
  check_refused(options, "samples_per_px");
  options = {};
  options.jobs = -1;
  check_refused(options, "jobs");
}

TEST_CASE("the active hand can be chosen, and the duration") {
  FilmOptions options;
  options.seed = 4;
  options.duration_s = 4.0;
  for (const HandSide side : {HandSide::left, HandSide::right}) {
    options.active_hand = side;
    const auto truth = make_truth(options);
    REQUIRE(truth.ok());
    CHECK(truth->active_hand == side);
    CHECK(truth->home.contacts.spans.at(0).side == side);
    CHECK(truth->frame_time_ns.size() == 120);
  }
}

TEST_CASE("a frame beyond the end is refused before anything is traced") {
  FilmOptions options;
  options.duration_s = 4.0;
  const auto frames = film_frames(options, {120});
  REQUIRE_FALSE(frames.ok());
  CHECK(frames.error().where == "frames");
}

TEST_CASE("calibration is close to the true camera but not equal") {
  FilmOptions options;
  options.seed = 6;
  const auto truth = make_truth(options);
  REQUIRE(truth.ok());
  const CameraModel camera = calibrated_camera(truth->camera_model, 6);
  CHECK(camera.source == IntrinsicsSource::file);
  CHECK(camera.fx_px != truth->camera_model.fx_px);
  CHECK(std::abs(camera.fx_px / truth->camera_model.fx_px - 1.0) < 0.0061);
  CHECK(std::abs(camera.cx_px - truth->camera_model.cx_px) < 1.7);
  CHECK(validated(camera).ok());
}
