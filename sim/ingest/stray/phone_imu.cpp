// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/ingest/foreign/csv_rows.h"
#include "sim/ingest/foreign/text_rows.h"
#include "stray_parts.h"

namespace hearth::stray {
namespace {

constexpr double kStandardGravity = 9.80665;
constexpr double kLargestTiltRad = 0.35;
constexpr TimeNs kLongestGapNs = 200'000'000;

/// Device axes (x right, y to the top, z out of the screen, held upright) to the camera of a phone
/// held sideways with its top to the left, which is how its pictures are stored.
Pose camera_from_device() {
  const Mat3 m{{{0.0, -1.0, 0.0}, {-1.0, 0.0, 0.0}, {0.0, 0.0, -1.0}}};
  return {{}, normalized(quat_from_matrix(m))};
}

double median_norm(const std::vector<Vec3>& values) {
  std::vector<double> norms;
  for (const Vec3 v : values) norms.push_back(norm(v));
  const auto middle = norms.begin() + static_cast<std::ptrdiff_t>(norms.size() / 2);
  std::nth_element(norms.begin(), middle, norms.end());
  return *middle;
}

/// The phone reports gravity where hearth has specific force, in g or in m/s^2 by version.
void make_specific_force(ImuStream& imu, const std::string& file, Diagnostics& diagnostics) {
  const double size = median_norm(imu.accel_m_s2.values);
  const bool in_g = size > 0.7 && size < 1.3;
  const bool in_m_s2 = size > 0.7 * kStandardGravity && size < 1.3 * kStandardGravity;
  if (!in_g && !in_m_s2) {
    diagnostics.add(Severity::warning, "accel_unit_unknown",
                    "the median acceleration is " + std::to_string(size) +
                        ", neither 1 g nor 9.8 m/s2: the accelerometer is left out",
                    file);
    imu.accel_m_s2 = {};
    return;
  }
  const double factor = in_g ? -kStandardGravity : -1.0;
  for (Vec3& v : imu.accel_m_s2.values) v = factor * v;
}

/// At rest and on average the specific force points up, which is +Y in the phone's world.
void check_gravity(const ImuStream& imu, TimeNs zero_ns,
                   const std::vector<foreign::PathSample>& path, const std::string& file,
                   Diagnostics& diagnostics) {
  Vec3 sum;
  for (std::size_t i = 0; i < imu.accel_m_s2.values.size(); ++i) {
    const auto pose = foreign::pose_at(path, imu.accel_m_s2.time_ns[i] + zero_ns, kLongestGapNs);
    if (!pose) continue;
    sum = sum + pose->rotation * (imu.camera_from_imu->rotation * imu.accel_m_s2.values[i]);
  }
  if (norm(sum) == 0.0) return;
  const double tilt_rad = std::acos(std::clamp(normalized(sum).y, -1.0, 1.0));
  if (tilt_rad <= kLargestTiltRad) return;
  diagnostics.add(Severity::warning, "gravity_disagrees",
                  "gravity by the accelerometer is " + std::to_string(tilt_rad) +
                      " rad off the world's up axis: poses or accelerometer have other axes than "
                      "the app's known versions write",
                  file);
}

}  // namespace

Result<ImuStream> read_phone_imu(std::string_view text, const std::string& file, TimeNs zero_ns,
                                 const std::vector<foreign::PathSample>& path,
                                 Diagnostics& diagnostics) {
  foreign::CsvRows rows(text, file);
  const int time = rows.column("timestamp");
  const std::array<int, 3> accel = foreign::columns_xyz(rows, "a_", "");
  const std::array<int, 3> gyro = foreign::columns_xyz(rows, "alpha_", "");
  const std::vector<std::string> known = {"timestamp", "a_x",     "a_y",    "a_z",
                                          "alpha_x",   "alpha_y", "alpha_z"};
  rows.report_unknown(known, diagnostics);
  ImuStream imu;
  imu.id = "phone";
  imu.axes = "x right, y to the top, z out of the screen";
  imu.camera_from_imu = camera_from_device();
  while (rows.next()) {
    const std::optional<std::int64_t> time_ns = foreign::scaled_decimal(rows.cell(time), 9);
    const bool fits = time_ns && *time_ns >= 0 && *time_ns <= 4'000'000'000'000'000'000;
    if (!fits) rows.fail(ErrorCode::corrupt, "is no time in seconds", time);
    const TimeNs t = fits ? *time_ns - zero_ns : 0;
    if (!imu.gyro_rad_s.time_ns.empty() && t <= imu.gyro_rad_s.time_ns.back()) {
      rows.fail(ErrorCode::corrupt, "the time is not after that of the row before", time);
    }
    imu.gyro_rad_s.time_ns.push_back(t);
    imu.gyro_rad_s.values.push_back(rows.vec3(gyro));
    imu.accel_m_s2.values.push_back(rows.vec3(accel));
  }
  if (rows.error()) return *rows.error();
  if (imu.gyro_rad_s.values.empty()) return Error{ErrorCode::corrupt, "holds no sample", file};
  imu.accel_m_s2.time_ns = imu.gyro_rad_s.time_ns;
  make_specific_force(imu, file, diagnostics);
  check_gravity(imu, zero_ns, path, file, diagnostics);
  return imu;
}

}  // namespace hearth::stray
