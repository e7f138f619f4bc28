// SPDX-License-Identifier: Apache-2.0
#include "gaze.h"

#include <cmath>
#include <numbers>

#include "sim/ingest/foreign/csv_rows.h"

namespace hearth::aria {
namespace {

using foreign::CsvRows;

std::vector<std::string> known_columns() {
  std::vector<std::string> names = {"tracking_timestamp_us", "depth_m", "session_uid"};
  for (const char* who : {"", "left_", "right_"}) {
    for (const char* what : {"yaw", "pitch"}) {
      for (const char* bound : {"", "_low", "_high"}) {
        names.push_back(std::string(who) + what + bound + "_rads_cpf");
      }
    }
  }
  for (const char* eye : {"left", "right"}) {
    for (const char* axis : {"x", "y", "z"}) {
      names.push_back(std::string("t") + axis + "_" + eye + "_eye_cpf");
    }
  }
  return names;
}

/// An angle between -pi/2 and pi/2.
double angle(CsvRows& rows, int column) {
  const double value = rows.number(column);
  if (std::abs(value) >= std::numbers::pi / 2.0) {
    rows.fail(ErrorCode::corrupt, "an angle of " + std::to_string(value) + " rad is behind the eye",
              column);
  }
  return value;
}

}  // namespace

Result<std::vector<Gaze>> read_gaze(std::string_view csv, const std::string& file,
                                    Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  const int time = rows.column("tracking_timestamp_us");
  const int pitch = rows.column("pitch_rads_cpf");
  const int depth = rows.column("depth_m");
  const bool two_eyes = rows.find("left_yaw_rads_cpf").has_value();
  const int left = two_eyes ? rows.column("left_yaw_rads_cpf") : 0;
  const int right = two_eyes ? rows.column("right_yaw_rads_cpf") : 0;
  const int both = two_eyes ? 0 : rows.column("yaw_rads_cpf");
  std::vector<Gaze> gazes;
  while (rows.next()) {
    Gaze gaze;
    gaze.device_time_ns = foreign::ns_from_us(rows, rows.integer(time));
    gaze.pitch_rad = angle(rows, pitch);
    if (two_eyes) {
      gaze.left_yaw_rad = angle(rows, left);
      gaze.right_yaw_rad = angle(rows, right);
      gaze.yaw_rad =
          std::atan((std::tan(*gaze.left_yaw_rad) + std::tan(*gaze.right_yaw_rad)) / 2.0);
    } else {
      gaze.yaw_rad = angle(rows, both);
    }
    if (!rows.cell(depth).empty()) {
      const double depth_m = rows.number(depth);
      if (depth_m < 0.0) rows.fail(ErrorCode::corrupt, "depth is below zero", depth);
      if (depth_m > 0.0) gaze.depth_m = depth_m;
    }
    if (!gazes.empty() && gaze.device_time_ns <= gazes.back().device_time_ns) {
      rows.fail(ErrorCode::corrupt, "times must ascend", time);
    }
    if (rows.error()) break;
    gazes.push_back(gaze);
  }
  if (rows.error()) return *rows.error();
  rows.report_unknown(known_columns(), diagnostics);
  return gazes;
}

SensorStreams gaze_sensors(const std::string& source, const std::vector<Gaze>& gazes,
                           TimeNs zero_ns) {
  SensorStreams sensors;
  sensors.source = source;
  GazeStream stream;
  stream.id = "gaze";
  for (const Gaze& gaze : gazes) {
    GazeSample sample;
    sample.time_ns = gaze.device_time_ns - zero_ns;
    sample.direction = normalized(Vec3{std::tan(gaze.yaw_rad), std::tan(gaze.pitch_rad), 1.0});
    sample.depth_m = gaze.depth_m;
    stream.samples.push_back(sample);
  }
  sensors.gazes.push_back(std::move(stream));
  return sensors;
}

}  // namespace hearth::aria
