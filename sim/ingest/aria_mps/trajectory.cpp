// SPDX-License-Identifier: Apache-2.0
#include "trajectory.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/ingest/foreign/csv_rows.h"

namespace hearth::aria {
namespace {

using foreign::CsvRows;

// A head does not move faster; public samples hold values of 1e16 and more.
constexpr double kMaxSpeedMS = 30.0;
constexpr double kMaxTurnRadS = 60.0;

/// Column numbers of one file.
struct Columns {
  std::optional<int> graph{};
  int time = 0;
  int quality = 0;
  std::array<int, 3> position{};
  std::array<int, 4> rotation{};
  std::array<int, 3> linear{};
  std::array<int, 3> angular{};
  std::array<int, 3> gravity{};
};

Columns columns_of(CsvRows& rows, bool closed_loop) {
  const std::string frame = closed_loop ? "world" : "odometry";
  const std::string velocity_frame = closed_loop ? "device" : "odometry";
  Columns c;
  c.graph = rows.find(closed_loop ? "graph_uid" : "session_uid");
  c.time = rows.column("tracking_timestamp_us");
  c.position = columns_xyz(rows, "t", "_" + frame + "_device");
  c.rotation = columns_wxyz(rows, "q", "_" + frame + "_device");
  c.linear = columns_xyz(rows, "device_linear_velocity_", "_" + velocity_frame);
  c.angular = columns_xyz(rows, "angular_velocity_", "_device");
  c.gravity = columns_xyz(rows, "gravity_", "_" + frame);
  c.quality = rows.column("quality_score");
  return c;
}

std::vector<std::string> known_columns(bool closed_loop) {
  const std::string frame = closed_loop ? "world" : "odometry";
  const std::string velocity_frame = closed_loop ? "device" : "odometry";
  std::vector<std::string> names = {"graph_uid",        "session_uid",   "tracking_timestamp_us",
                                    "utc_timestamp_ns", "quality_score", "geo_available"};
  for (const char* axis : {"x", "y", "z"}) {
    const std::string a = axis;
    names.push_back("t" + a + "_" + frame + "_device");
    names.push_back("t" + a + "_ecef_device");
    names.push_back("device_linear_velocity_" + a + "_" + velocity_frame);
    names.push_back("angular_velocity_" + a + "_device");
    names.push_back("gravity_" + a + "_" + frame);
  }
  for (const char* axis : {"w", "x", "y", "z"}) {
    names.push_back(std::string("q") + axis + "_" + frame + "_device");
    names.push_back(std::string("q") + axis + "_ecef_device");
  }
  return names;
}

int graph_index(Trajectory& trajectory, std::string_view uid) {
  if (!trajectory.graphs.empty() && trajectory.graphs.back() == uid) {
    return static_cast<int>(trajectory.graphs.size()) - 1;
  }
  const auto place = std::find(trajectory.graphs.begin(), trajectory.graphs.end(), uid);
  if (place == trajectory.graphs.end()) {
    trajectory.graphs.emplace_back(uid);
    return static_cast<int>(trajectory.graphs.size()) - 1;
  }
  return static_cast<int>(place - trajectory.graphs.begin());
}

/// The value where a head can move so fast, else nothing and one more in `implausible`.
std::optional<Vec3> plausible(Vec3 value, double limit, std::int64_t& implausible) {
  if (norm(value) <= limit) return value;
  ++implausible;
  return std::nullopt;
}

void check_row(CsvRows& rows, const Columns& c, const DevicePose& pose, const Trajectory& before) {
  if (!before.poses.empty() && pose.device_time_ns <= before.poses.back().device_time_ns) {
    rows.fail(ErrorCode::corrupt, "device times must ascend", c.time);
  }
  const double gravity = norm(pose.gravity_in_frame);
  if (!(gravity > 9.0 && gravity < 10.6)) {
    rows.fail(ErrorCode::corrupt, "gravity is " + std::to_string(gravity) + " m/s^2", c.gravity[0]);
  }
}

}  // namespace

Result<Trajectory> read_trajectory(std::string_view csv, const std::string& file,
                                   Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  Trajectory trajectory;
  trajectory.closed_loop = !rows.find("tx_odometry_device").has_value();
  const Columns c = columns_of(rows, trajectory.closed_loop);
  std::int64_t implausible = 0;
  while (rows.next()) {
    DevicePose pose;
    pose.device_time_ns = foreign::ns_from_us(rows, rows.integer(c.time));
    pose.frame_from_device = {rows.vec3(c.position), rows.quat(c.rotation)};
    pose.gravity_in_frame = rows.vec3(c.gravity);
    pose.quality = rows.number(c.quality);
    const Vec3 linear = rows.vec3(c.linear);
    const Vec3 angular = rows.vec3(c.angular);
    pose.linear_velocity_m_s = plausible(linear, kMaxSpeedMS, implausible);
    pose.angular_velocity_rad_s = plausible(angular, kMaxTurnRadS, implausible);
    pose.graph = graph_index(trajectory, c.graph ? rows.cell(*c.graph) : std::string_view());
    if (!rows.error()) check_row(rows, c, pose, trajectory);
    if (rows.error()) break;
    trajectory.poses.push_back(pose);
  }
  if (rows.error()) return *rows.error();
  if (trajectory.poses.empty()) {
    return Error{ErrorCode::corrupt, "the trajectory has no rows", file};
  }
  rows.report_unknown(known_columns(trajectory.closed_loop), diagnostics);
  if (implausible > 0) {
    diagnostics.add(Severity::warning, "velocity_implausible",
                    std::to_string(implausible) +
                        " velocities that no head reaches were left out; poses are kept",
                    file);
  }
  return trajectory;
}

Quat z_up_from_frame(Vec3 gravity_in_frame) {
  require(norm(gravity_in_frame) > 0.0, "gravity is zero");
  return quat_between(normalized(-gravity_in_frame), {0.0, 0.0, 1.0});
}

std::optional<DevicePose> pose_at(const Trajectory& trajectory, TimeNs device_time_ns,
                                  TimeNs max_gap_ns) {
  const std::vector<DevicePose>& poses = trajectory.poses;
  const auto after = std::lower_bound(
      poses.begin(), poses.end(), device_time_ns,
      [](const DevicePose& pose, TimeNs time) { return pose.device_time_ns < time; });
  if (after == poses.end()) return std::nullopt;
  if (after->device_time_ns == device_time_ns) return *after;
  if (after == poses.begin()) return std::nullopt;
  const DevicePose& a = *(after - 1);
  const DevicePose& b = *after;
  const TimeNs gap_ns = b.device_time_ns - a.device_time_ns;
  if (a.graph != b.graph || gap_ns > max_gap_ns) return std::nullopt;
  const double u =
      static_cast<double>(device_time_ns - a.device_time_ns) / static_cast<double>(gap_ns);
  DevicePose pose = u < 0.5 ? a : b;
  pose.device_time_ns = device_time_ns;
  pose.frame_from_device = interpolate(a.frame_from_device, b.frame_from_device, u);
  pose.quality = std::min(a.quality, b.quality);
  return pose;
}

}  // namespace hearth::aria
