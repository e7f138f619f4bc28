// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/segments.h>
#include <hearth/data/sensors.h>

#include <set>
#include <tuple>

#include "check.h"

namespace hearth {
namespace {

// Tables on disk are float64.
constexpr TimeNs kLargestTimeNs = TimeNs{1} << 53;

void check_times(Check& check, const std::vector<TimeNs>& times, const std::string& where) {
  check.ascending(times, where);
  if (times.empty()) return;
  check.that(times.front() >= -kLargestTimeNs && times.back() <= kLargestTimeNs, where,
             "must lie within 2^53 ns of the clock's zero");
}

void check_stream(Check& check, const VectorStream& stream, const std::string& where) {
  check.that(stream.time_ns.size() == stream.values.size(), where + "/values",
             "must have one value per time");
  check_times(check, stream.time_ns, where + "/time_ns");
  for (std::size_t i = 0; i < stream.values.size(); ++i) {
    check.that(is_finite(stream.values[i]), where + "/values/" + std::to_string(i),
               "must be finite");
  }
}

}  // namespace

Result<SensorStreams> validated(SensorStreams sensors) {
  Check check;
  const bool empty = sensors.imus.empty() && sensors.gazes.empty();
  if (!empty) check.named(sensors.source, "/source");
  check.named(sensors.clock, "/clock");
  check.that(sensors.clock != kEpisodeClock || sensors.clock_zero_ns == 0, "/clock_zero_ns",
             "the clock of the episode starts at 0");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < sensors.imus.size(); ++i) {
    const ImuStream& imu = sensors.imus[i];
    const std::string where = at("imus", i);
    check.named(imu.id, where + "/id");
    check.that(ids.insert(imu.id).second, where + "/id", "id is used twice");
    check_stream(check, imu.accel_m_s2, where + "/accel_m_s2");
    check_stream(check, imu.gyro_rad_s, where + "/gyro_rad_s");
    if (imu.camera_from_imu) check.pose(*imu.camera_from_imu, where + "/camera_from_imu");
  }
  for (std::size_t i = 0; i < sensors.gazes.size(); ++i) {
    const GazeStream& gaze = sensors.gazes[i];
    const std::string where = at("gazes", i);
    check.named(gaze.id, where + "/id");
    check.that(ids.insert(gaze.id).second, where + "/id", "id is used twice");
    if (gaze.camera_from_gaze) check.pose(*gaze.camera_from_gaze, where + "/camera_from_gaze");
    std::vector<TimeNs> times;
    for (std::size_t k = 0; k < gaze.samples.size(); ++k) {
      const GazeSample& sample = gaze.samples[k];
      const std::string place = where + at("samples", k);
      times.push_back(sample.time_ns);
      check.that(std::abs(norm(sample.direction) - 1.0) < 1e-6, place + "/direction",
                 "must be a unit vector");
      if (sample.depth_m) check.positive(*sample.depth_m, place + "/depth_m");
    }
    check_times(check, times, where + "/samples");
  }
  return check.result(std::move(sensors));
}

Result<Segments> validated(Segments segments) {
  Check check;
  if (!segments.segments.empty()) check.named(segments.source, "/source");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < segments.segments.size(); ++i) {
    const Segment& s = segments.segments[i];
    const std::string where = at("segments", i);
    check.named(s.id, where + "/id");
    check.that(ids.insert(s.id).second, where + "/id", "id is used twice");
    check.named(s.recording, where + "/recording");
    check.that(s.start_ns >= 0, where + "/start_ns", "must not be below zero");
    check.that(s.stop_ns > s.start_ns, where + "/stop_ns", "must be after start_ns");
    if (i == 0) continue;
    const Segment& before = segments.segments[i - 1];
    check.that(std::tie(before.recording, before.start_ns, before.stop_ns, before.id) <
                   std::tie(s.recording, s.start_ns, s.stop_ns, s.id),
               where, "segments must be in the order of recording, start, stop, id");
  }
  return check.result(std::move(segments));
}

}  // namespace hearth
