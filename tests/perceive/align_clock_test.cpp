// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/perceive/align_clock.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace hearth;

namespace {

// A head that looks around: smooth noise with most power below 2 Hz, 400 Hz, seconds long.
VectorStream head_turning(std::uint64_t seed, double duration_s, double size_rad_s) {
  Rng rng(seed, 0, "turning");
  struct Wave {
    double hz, phase[3], size[3];
  };
  std::vector<Wave> waves;
  for (int i = 0; i < 24; ++i) {
    Wave w{rng.uniform(0.1, 4.0), {}, {}};
    for (int k = 0; k < 3; ++k) {
      w.phase[k] = rng.uniform(0.0, 6.283);
      w.size[k] = size_rad_s / (1.0 + w.hz) * rng.normal();
    }
    waves.push_back(w);
  }
  VectorStream stream;
  for (int i = 0; i < static_cast<int>(400 * duration_s); ++i) {
    const double t = i / 400.0;
    double v[3] = {0, 0, 0};
    for (const Wave& w : waves) {
      for (int k = 0; k < 3; ++k) v[k] += w.size[k] * std::sin(6.283185 * w.hz * t + w.phase[k]);
    }
    stream.time_ns.push_back(ns_from_seconds(t));
    stream.values.push_back({v[0], v[1], v[2]});
  }
  return stream;
}

// The recording of a real action camera, used in place.
VectorStream karma_gyro() {
  VectorStream stream;
  const auto file = std::filesystem::path(HEARTH_SHARED_DIR) / "data/imu/karma_gyro.csv";
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream row(line);
    std::string cell;
    double v[5] = {0, 0, 0, 0, 0};
    for (double& x : v) {
      std::getline(row, cell, ',');
      x = std::stod(cell);
    }
    // 4795 samples in 12.012 s: even times serve for this purpose.
    stream.time_ns.push_back(
        ns_from_seconds(static_cast<double>(stream.values.size()) * 12.012 / 4795.0));
    stream.values.push_back({v[2], v[3], v[4]});
  }
  return stream;
}

// What a camera that turns with `gyro` sees, 29.97 frames a second.
std::vector<TurnRate> seen(const VectorStream& gyro, Quat camera_from_imu, double noise_rad,
                           std::uint64_t seed) {
  std::vector<Quat> world_from_imu{{}};
  for (std::size_t i = 1; i < gyro.values.size(); ++i) {
    const double dt = seconds_from_ns(gyro.time_ns[i] - gyro.time_ns[i - 1]);
    world_from_imu.push_back(
        world_from_imu.back() *
        quat_from_rotation_vector(0.5 * dt * (gyro.values[i - 1] + gyro.values[i])));
  }
  const auto pose_at = [&](double t_s) {
    const double k =
        t_s / seconds_from_ns(gyro.time_ns.back()) * static_cast<double>(gyro.time_ns.size() - 1);
    const auto i = std::min(static_cast<std::size_t>(k), gyro.time_ns.size() - 2);
    const double u = k - static_cast<double>(i);
    const double step_s = seconds_from_ns(gyro.time_ns[i + 1] - gyro.time_ns[i]);
    const Vec3 turn =
        step_s * u * (gyro.values[i] + 0.5 * u * (gyro.values[i + 1] - gyro.values[i]));
    return world_from_imu[i] * quat_from_rotation_vector(turn) * conjugate(camera_from_imu);
  };
  Rng rng(seed, 0, "camera");
  std::vector<TurnRate> rates;
  const double end_s = seconds_from_ns(gyro.time_ns.back());
  Quat last = pose_at(0.2);
  for (double t = 0.2 + 1.0 / 29.97; t < end_s - 0.2; t += 1.0 / 29.97) {
    const Quat now = pose_at(t) * quat_from_rotation_vector(
                                      noise_rad * Vec3{rng.normal(), rng.normal(), rng.normal()});
    const TimeNs from = ns_from_seconds(t - 1.0 / 29.97);
    const TimeNs to = ns_from_seconds(t);
    rates.push_back(
        {from, to,
         (1.0 / seconds_from_ns(to - from)) * rotation_vector_from_quat(conjugate(last) * now)});
    last = now;
  }
  return rates;
}

// The same samples on a clock that is off and runs differently.
VectorStream on_other_clock(VectorStream stream, double offset_s, double drift_ppm) {
  for (TimeNs& t : stream.time_ns) {
    t = ns_from_seconds((seconds_from_ns(t) - offset_s) / (1.0 + 1e-6 * drift_ppm));
  }
  return stream;
}

// Error of the found clock at a sensor time, seconds.
double error_s(const ClockFit& fit, double true_offset_s, double true_drift_ppm, double sensor_s) {
  const double truth = sensor_s * (1.0 + 1e-6 * true_drift_ppm) + true_offset_s;
  return seconds_from_ns(episode_time(fit, ns_from_seconds(sensor_s))) - truth;
}

const Quat kMounting = normalized(Quat{0.3, 0.8, -0.4, 0.33});

}  // namespace

TEST_CASE("a real gyroscope, shifted and stretched, is found again") {
  const VectorStream gyro = karma_gyro();
  if (gyro.values.empty()) {
    std::cout << "SKIPPED: no data/imu beside the project\n";
    return;
  }
  const auto camera = seen(gyro, kMounting, 0.0, 1);
  for (const auto& [offset_s, drift_ppm] :
       {std::pair{0.0, 0.0}, std::pair{0.3712, 40.0}, std::pair{-0.642, -55.0}}) {
    Diagnostics diagnostics;
    AlignClockOptions options;
    options.min_rate_rad_s = 0.02;  // a gimbal on a drone turns slowly
    const auto fit =
        align_clock(camera, on_other_clock(gyro, offset_s, drift_ppm), options, diagnostics);
    REQUIRE(fit.ok());
    CAPTURE(offset_s, drift_ppm, fit->why, fit->correlation);
    REQUIRE(fit->verifiable);
    REQUIRE(fit->drift_ppm);
    WARN("shift " << offset_s << " s: error " << 1e3 * error_s(*fit, offset_s, drift_ppm, 6.0)
                  << " ms, drift error " << fit->drift_ppm->value - drift_ppm << " ppm");
    CHECK(std::abs(error_s(*fit, offset_s, drift_ppm, 6.0)) < 0.002);
    CHECK(std::abs(fit->drift_ppm->value - drift_ppm) < 5.0);
    CHECK(angle_between_rad(fit->camera_from_imu, kMounting) < 0.01);
  }
}

TEST_CASE("noisy cameras: the clock's interval holds the truth") {
  int offset_inside = 0;
  int drift_inside = 0;
  int verifiable = 0;
  double worst_s = 0.0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed, 0, "clock");
    const double offset_s = rng.uniform(-0.8, 0.8);
    const double drift_ppm = rng.uniform(-80.0, 80.0);
    const VectorStream gyro = head_turning(seed, 30.0, 0.6);
    const auto camera = seen(gyro, kMounting, 0.001, seed);
    Diagnostics diagnostics;
    const auto fit =
        align_clock(camera, on_other_clock(gyro, offset_s, drift_ppm), {}, diagnostics);
    REQUIRE(fit.ok());
    CAPTURE(seed, fit->why);
    if (!fit->verifiable) continue;
    ++verifiable;
    const double true_at_reference = offset_s + 1e-6 * drift_ppm * fit->reference_s;
    offset_inside +=
        fit->offset_s.low <= true_at_reference && true_at_reference <= fit->offset_s.high;
    drift_inside += fit->drift_ppm->low <= drift_ppm && drift_ppm <= fit->drift_ppm->high;
    worst_s = std::max(worst_s, std::abs(error_s(*fit, offset_s, drift_ppm, 15.0)));
  }
  WARN("verifiable " << verifiable << " of 20; offset inside " << offset_inside << ", drift inside "
                     << drift_inside << "; worst offset " << 1e3 * worst_s << " ms");
  CHECK(verifiable >= 18);
  CHECK(offset_inside >= verifiable - 3);
  CHECK(drift_inside >= verifiable - 3);
  CHECK(worst_s < 0.005);
}

TEST_CASE("a clock is unverifiable where nothing ties the streams together") {
  const VectorStream gyro = head_turning(3, 20.0, 0.6);
  const auto expect_open = [](const Result<ClockFit>& fit, const Diagnostics& diagnostics,
                              const std::string& why) {
    REQUIRE(fit.ok());
    CHECK_FALSE(fit->verifiable);
    CHECK(fit->why.find(why) != std::string::npos);
    CHECK(diagnostics.contains("clock_unverifiable"));
  };
  {
    Diagnostics d;
    expect_open(align_clock(seen(head_turning(3, 20.0, 0.02), kMounting, 0.0, 1), gyro, {}, d), d,
                "hardly turns");
  }
  {
    Diagnostics d;  // somebody else's head
    expect_open(align_clock(seen(head_turning(4, 20.0, 0.6), kMounting, 0.0, 1), gyro, {}, d), d,
                "correlation");
  }
  {
    Diagnostics d;
    expect_open(align_clock(seen(gyro, kMounting, 0.0, 1), on_other_clock(gyro, 100.0, 0.0), {}, d),
                d, "overlap");
  }
  {
    Diagnostics d;
    AlignClockOptions options;
    options.stabilised = true;
    expect_open(align_clock(seen(gyro, kMounting, 0.0, 1), gyro, options, d), d, "stabilised");
  }
  {
    Diagnostics d;  // the same nod again and again
    VectorStream nod = gyro;
    for (std::size_t i = 0; i < nod.values.size(); ++i) {
      nod.values[i] = {std::sin(6.283185 * 2.0 * seconds_from_ns(nod.time_ns[i])), 0.0, 0.0};
    }
    expect_open(align_clock(seen(nod, kMounting, 0.0, 1), nod, {}, d), d, "two offsets");
  }
}

TEST_CASE("too short an overlap gives an offset without drift") {
  const VectorStream gyro = head_turning(5, 4.5, 0.6);
  Diagnostics diagnostics;
  const auto fit = align_clock(seen(gyro, kMounting, 0.0005, 5), on_other_clock(gyro, 0.2, 0.0), {},
                               diagnostics);
  REQUIRE(fit.ok());
  CHECK(fit->verifiable);
  CHECK_FALSE(fit->drift_ppm);
  CHECK(std::abs(fit->offset_s.value - 0.2) < 0.005);
}

TEST_CASE("streams that run backwards are refused") {
  VectorStream gyro = head_turning(5, 5.0, 0.6);
  const auto camera = seen(gyro, kMounting, 0.0, 5);
  std::swap(gyro.time_ns[10], gyro.time_ns[11]);
  Diagnostics diagnostics;
  const auto fit = align_clock(camera, gyro, {}, diagnostics);
  REQUIRE_FALSE(fit.ok());
  CHECK(fit.error().where == "gyro_rad_s");
}
