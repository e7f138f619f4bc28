// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "sim/ingest/foreign/csv_rows.h"
#include "sim/ingest/foreign/text_rows.h"
#include "stray_parts.h"

namespace hearth::stray {
namespace {

// Autofocus moves the lens; a constant model is off by half of this share of the focal length.
constexpr double kFocalSpreadShare = 0.01;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Columns that newer versions of the app write.
struct PerFrame {
  std::array<std::optional<int>, 4> columns{};
  std::array<std::vector<double>, 4> values{};
  [[nodiscard]] bool all() const {
    return std::all_of(columns.begin(), columns.end(), [](const auto& c) { return c.has_value(); });
  }
};

void note_spread(const std::vector<double>& focal_px, const std::string& file,
                 Diagnostics& diagnostics) {
  const auto [low, high] = std::minmax_element(focal_px.begin(), focal_px.end());
  if (*high - *low <= kFocalSpreadShare * median(focal_px)) return;
  diagnostics.add(Severity::warning, "focal_varies",
                  "the focal length runs from " + std::to_string(*low) + " to " +
                      std::to_string(*high) + " px (autofocus); its median is used throughout",
                  file);
}

TimeNs time_of(foreign::CsvRows& rows, int column) {
  // Seconds since the phone started: a day's worth of digits is kept exactly.
  const std::optional<std::int64_t> time_ns = foreign::scaled_decimal(rows.cell(column), 9);
  constexpr std::int64_t kLatestNs = 4'000'000'000'000'000'000;
  if (!time_ns || *time_ns < 0 || *time_ns > kLatestNs) {
    rows.fail(ErrorCode::corrupt, "'" + std::string(rows.cell(column)) + "' is no time in seconds",
              column);
  }
  return time_ns && *time_ns >= 0 && *time_ns <= kLatestNs ? *time_ns : 0;
}

}  // namespace

Result<Odometry> read_odometry(std::string_view text, const std::string& file,
                               Diagnostics& diagnostics) {
  foreign::CsvRows rows(text, file);
  const int time = rows.column("timestamp");
  const int frame = rows.column("frame");
  const std::array<int, 3> position = foreign::columns_xyz(rows, "", "");
  const std::array<int, 4> rotation = foreign::columns_wxyz(rows, "q", "");
  const std::vector<std::string> known = {"timestamp",
                                          "frame",
                                          "x",
                                          "y",
                                          "z",
                                          "qx",
                                          "qy",
                                          "qz",
                                          "qw",
                                          "fx",
                                          "fy",
                                          "cx",
                                          "cy",
                                          "distortion_center_x",
                                          "distortion_center_y"};
  rows.report_unknown(known, diagnostics);
  PerFrame intrinsics{{rows.find("fx"), rows.find("fy"), rows.find("cx"), rows.find("cy")}, {}};
  Odometry odometry;
  while (rows.next()) {
    OdometryRow row;
    row.sample.time_ns = time_of(rows, time);
    const std::int64_t number = rows.integer(frame);
    row.sample.map_from_camera = {rows.vec3(position), rows.quat(rotation)};
    if (number < 0 || number > 10'000'000) rows.fail(ErrorCode::corrupt, "no frame", frame);
    row.frame = static_cast<int>(std::clamp<std::int64_t>(number, 0, 10'000'000));
    if (!odometry.rows.empty()) {
      const OdometryRow& before = odometry.rows.back();
      if (row.frame <= before.frame) {
        rows.fail(ErrorCode::corrupt, "the frame is not after that of the row before", frame);
      }
      if (row.sample.time_ns <= before.sample.time_ns) {
        rows.fail(ErrorCode::corrupt, "the time is not after that of the row before", time);
      }
    }
    for (std::size_t i = 0; intrinsics.all() && i < 4; ++i) {
      intrinsics.values[i].push_back(rows.number(*intrinsics.columns[i]));
    }
    odometry.rows.push_back(row);
  }
  if (rows.error()) return *rows.error();
  if (odometry.rows.empty()) return Error{ErrorCode::corrupt, "holds no pose", file};
  if (intrinsics.all()) {
    note_spread(intrinsics.values[0], file, diagnostics);
    odometry.intrinsics.emplace();
    for (std::size_t i = 0; i < 4; ++i) {
      (*odometry.intrinsics)[i] = median(std::move(intrinsics.values[i]));
    }
  }
  return odometry;
}

Result<std::array<double, 4>> read_camera_matrix(std::string_view text, const std::string& file) {
  // The app writes no line feed at the end: nine numbers are the whole.
  std::string words(text);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == ',' || c == '\n'; }, ' ');
  words += '\n';
  foreign::TextRows rows(words, file);
  const Error wrong{ErrorCode::corrupt,
                    "must be a 3x3 matrix fx 0 cx / 0 fy cy / 0 0 1 of finite numbers", file};
  if (!rows.next() || rows.size() != 9) return wrong;
  std::array<double, 9> k{};
  for (std::size_t i = 0; i < k.size(); ++i) k[i] = rows.number(i);
  if (rows.error() || k[1] != 0.0 || k[3] != 0.0 || k[6] != 0.0 || k[7] != 0.0 || k[8] != 1.0) {
    return wrong;
  }
  return std::array<double, 4>{k[0], k[4], k[2], k[5]};
}

}  // namespace hearth::stray
