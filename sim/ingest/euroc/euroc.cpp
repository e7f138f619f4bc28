// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/euroc.h>
#include <hearth/io/files.h>

#include <array>
#include <utility>
#include <vector>

#include "sensor_yaml.h"
#include "sim/ingest/foreign/csv_rows.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

using foreign::CsvRows;

constexpr const char* kName = "euroc";

/// Columns of a vector; the unit stands in brackets behind the name: "p_RS_R_x [m]".
std::array<int, 3> vector_columns(CsvRows& rows, const std::string& name, const std::string& unit) {
  return foreign::columns_xyz(rows, name, " [" + unit + "]");
}

int time_column(CsvRows& rows) {
  const std::optional<int> with_unit = rows.find("#timestamp [ns]");
  return with_unit ? *with_unit : rows.column("#timestamp");
}

/// The time of the row, which must be after `before`.
TimeNs next_time(CsvRows& rows, int column, const std::optional<TimeNs>& before) {
  const TimeNs time_ns = rows.integer(column);
  if (before && time_ns <= *before) {
    rows.fail(ErrorCode::corrupt, "the time is not after that of the row before", column);
  }
  // Differences of times must fit into 64 bits.
  constexpr TimeNs kLatestNs = 4'000'000'000'000'000'000;
  if (time_ns < 0 || time_ns > kLatestNs) {
    rows.fail(ErrorCode::corrupt, "the time is out of range", column);
    return before.value_or(0);
  }
  return time_ns;
}

Result<std::vector<foreign::PathSample>> read_states(std::string_view text, const fs::path& file,
                                                     const Pose& body_from_camera,
                                                     Diagnostics& diagnostics) {
  CsvRows rows(text, file.string());
  const int time = time_column(rows);
  const std::array<int, 3> position = vector_columns(rows, "p_RS_R_", "m");
  const std::array<int, 4> rotation = foreign::columns_wxyz(rows, "q_RS_", " []");
  if (rows.error()) return *rows.error();
  std::vector<std::string> known;
  for (const int c : {time, position[0], position[1], position[2], rotation[0], rotation[1],
                      rotation[2], rotation[3]}) {
    known.emplace_back(rows.header()[static_cast<std::size_t>(c)]);
  }
  // Velocities and biases are part of the format, not unknown to it.
  for (const std::string_view name : rows.header()) {
    for (const char* prefix : {"v_RS_R_", "b_w_RS_S_", "b_a_RS_S_"}) {
      if (name.substr(0, std::string_view(prefix).size()) == prefix) known.emplace_back(name);
    }
  }
  rows.report_unknown(known, diagnostics);
  std::vector<foreign::PathSample> samples;
  while (rows.next()) {
    const std::optional<TimeNs> before =
        samples.empty() ? std::nullopt : std::optional(samples.back().time_ns);
    foreign::PathSample sample;
    sample.time_ns = next_time(rows, time, before);
    const Pose map_from_body{rows.vec3(position), rows.quat(rotation)};
    sample.map_from_camera = map_from_body * body_from_camera;
    sample.map_from_camera.rotation = normalized(sample.map_from_camera.rotation);
    samples.push_back(sample);
  }
  if (rows.error()) return *rows.error();
  return samples;
}

Result<ImuStream> read_imu(const fs::path& file, const Pose& camera_from_body, TimeNs zero_ns) {
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const fs::path yaml = file.parent_path() / "sensor.yaml";
  const Result<std::string> mounting = read_file(yaml);
  if (!mounting) return mounting.error();
  const Result<euroc::Sensor> sensor = euroc::read_sensor_yaml(*mounting, yaml.string());
  if (!sensor) return sensor.error();
  ImuStream imu;
  imu.id = "imu0";
  imu.axes = "sensor";
  imu.camera_from_imu = camera_from_body * sensor->body_from_sensor;
  imu.camera_from_imu->rotation = normalized(imu.camera_from_imu->rotation);
  CsvRows rows(*bytes, file.string());
  const int time = time_column(rows);
  const std::array<int, 3> gyro = vector_columns(rows, "w_RS_S_", "rad s^-1");
  const std::array<int, 3> accel = vector_columns(rows, "a_RS_S_", "m s^-2");
  std::optional<TimeNs> before;
  while (rows.next()) {
    before = next_time(rows, time, before);
    imu.gyro_rad_s.time_ns.push_back(*before - zero_ns);
    imu.gyro_rad_s.values.push_back(rows.vec3(gyro));
    imu.accel_m_s2.values.push_back(rows.vec3(accel));
  }
  if (rows.error()) return *rows.error();
  imu.accel_m_s2.time_ns = imu.gyro_rad_s.time_ns;
  return imu;
}

/// The camera's sensor.yaml of the mav0 folder around a state file.
Result<euroc::Sensor> read_mounting(const fs::path& mav0) {
  const fs::path file = mav0 / "cam0" / "sensor.yaml";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) {
    return Error{ErrorCode::unsupported,
                 "the poses are those of the body, and cam0/sensor.yaml, which says how the camera "
                 "sits on it, is not there; give the whole mav0 folder",
                 file.string()};
  }
  Result<euroc::Sensor> sensor = euroc::read_sensor_yaml(*bytes, file.string());
  if (!sensor) return sensor;
  if (!sensor->camera) {
    return Error{ErrorCode::corrupt, "is not that of a camera", file.string()};
  }
  return sensor;
}

}  // namespace

Result<Imported> import_euroc(const fs::path& path, const ImportOptions& options,
                              Diagnostics& diagnostics) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored);
  const fs::path file = folder ? path / "state_groundtruth_estimate0" / "data.csv" : path;
  const fs::path mav0 = folder ? path : path.parent_path().parent_path();
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const Result<euroc::Sensor> camera = read_mounting(mav0);
  if (!camera) return camera.error();
  Diagnostics found;
  foreign::ForeignPath trajectory;
  trajectory.source = kName;
  trajectory.file = file.string();
  trajectory.up_in_map = Vec3{0.0, 0.0, 1.0};
  trajectory.camera = camera->camera;
  auto samples = read_states(*bytes, file, camera->body_from_sensor, found);
  if (!samples) return samples.error();
  trajectory.samples = std::move(samples).value();
  Result<Tracks> tracks = foreign::tracks_from_path(trajectory, options, found);
  if (!tracks) return tracks.error();
  Imported imported;
  imported.tracks = std::move(tracks).value();
  imported.tracks->origins = {foreign::origin_of("camera", kName, file, *bytes)};
  const fs::path imu_file = mav0 / "imu0" / "data.csv";
  if (fs::is_regular_file(imu_file, ignored)) {
    // With a known offset the IMU is on the clock of the clip, else on its own.
    const bool known = options.episode && options.clock_offset_s;
    const TimeNs zero_ns =
        known ? -ns_from_seconds(*options.clock_offset_s) : trajectory.samples.front().time_ns;
    Result<ImuStream> imu = read_imu(imu_file, inverse(camera->body_from_sensor), zero_ns);
    if (!imu) return imu.error();
    imported.sensors.source = kName;
    imported.sensors.clock = known ? kEpisodeClock : kName;
    imported.sensors.clock_zero_ns = known ? 0 : zero_ns;
    imported.sensors.imus.push_back(std::move(imu).value());
    if (const auto good = validated(imported.sensors); !good) {
      return Error{ErrorCode::corrupt, to_string(good.error()), imu_file.string()};
    }
  }
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
