// SPDX-License-Identifier: Apache-2.0
#include "calibration.h"

#include <algorithm>
#include <numbers>

#include "sim/ingest/foreign/json_place.h"

namespace hearth::aria {
namespace {

using foreign::JsonPlace;
using foreign::JsonText;

struct Size {
  int width_px = 0;
  int height_px = 0;
};

/// Sizes that Aria records, by label; the large one of the colour camera by its principal point.
Size usual_size(const std::string& label, const CameraModel& model) {
  if (label.find("slam") != std::string::npos || label.find("et") != std::string::npos) {
    return {640, 480};
  }
  return model.cx_px > 1000.0 ? Size{2880, 2880} : Size{1408, 1408};
}

Pose pose_of(const JsonPlace& place) {
  const JsonPlace quaternion = place["UnitQuaternion"];
  const double w = quaternion[std::size_t{0}].number();
  const Vec3 v = quaternion[std::size_t{1}].vec3();
  return {place["Translation"].vec3(), quaternion.unit_quat(w, v.x, v.y, v.z)};
}

SensorCalibration sensor_of(const JsonPlace& place, const std::string& offset_key) {
  SensorCalibration sensor;
  sensor.bias = place["Bias"]["Offset"].vec3();
  const JsonPlace matrix = place["Model"]["RectificationMatrix"];
  for (std::size_t row = 0; row < 3; ++row) {
    const Vec3 values = matrix[row].vec3();
    sensor.rectification[row] = {values.x, values.y, values.z};
  }
  sensor.time_offset_s = place[offset_key].number();
  return sensor;
}

ImuCalibration imu_of(const JsonPlace& place) {
  ImuCalibration imu;
  imu.label = place["Label"].text();
  imu.accelerometer = sensor_of(place["Accelerometer"], "TimeOffsetSec_Device_Accel");
  imu.gyroscope = sensor_of(place["Gyroscope"], "TimeOffsetSec_Device_Gyro");
  imu.device_from_imu = pose_of(place["T_Device_Imu"]);
  return imu;
}

std::optional<CameraCalibration> camera_of(const JsonPlace& place, std::optional<Size> size,
                                           Diagnostics& diagnostics) {
  CameraCalibration camera;
  camera.label = place["Label"].text();
  camera.serial = place.has("SerialNumber") ? place["SerialNumber"].text() : "";
  camera.device_from_camera = pose_of(place["T_Device_Camera"]);
  const JsonPlace projection = place["Projection"];
  const std::string name = projection["Name"].text();
  const JsonPlace parameters = projection["Params"];
  const std::vector<double> values = parameters.numbers(parameters.size());
  const std::optional<CameraModel> model = camera_model_from(name, values);
  if (!model) {
    diagnostics.add(Severity::warning, "camera_model_unknown",
                    "camera " + camera.label + " has projection " + name + " with " +
                        std::to_string(values.size()) + " parameters and is left out");
    return std::nullopt;
  }
  camera.model = *model;
  const Size pixels = size ? *size : usual_size(camera.label, camera.model);
  camera.model.width_px = pixels.width_px;
  camera.model.height_px = pixels.height_px;
  camera.model.source = IntrinsicsSource::file;
  return camera;
}

std::vector<Size> sizes_of(const JsonPlace& place) {
  std::vector<Size> sizes;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const std::vector<double> size = place[i].numbers(2);
    if (!(size[0] >= 1.0 && size[0] <= 20000.0 && size[1] >= 1.0 && size[1] <= 20000.0)) {
      place[i].fail(ErrorCode::corrupt, "a picture of this size does not exist");
      return sizes;
    }
    sizes.push_back({static_cast<int>(size[0]), static_cast<int>(size[1])});
  }
  return sizes;
}

}  // namespace

std::optional<CameraModel> camera_model_from(std::string_view projection,
                                             const std::vector<double>& p) {
  CameraModel m;
  const bool one_focal = projection == "FisheyeRadTanThinPrism" && p.size() == 15;
  const bool two_focals = (projection == "CameraModelType.FISHEYE624" ||
                           projection == "FISHEYE624" || projection == "Fisheye624") &&
                          p.size() == 16;
  if (one_focal || two_focals) {
    m.kind = CameraModelKind::fisheye624;
    const std::size_t c = one_focal ? 1 : 2;
    m.fx_px = p[0], m.fy_px = p[c - 1], m.cx_px = p[c], m.cy_px = p[c + 1];
    m.k1 = p[c + 2], m.k2 = p[c + 3], m.k3 = p[c + 4];
    m.k4 = p[c + 5], m.k5 = p[c + 6], m.k6 = p[c + 7];
    m.p1 = p[c + 8], m.p2 = p[c + 9];
    m.s1 = p[c + 10], m.s2 = p[c + 11], m.s3 = p[c + 12], m.s4 = p[c + 13];
    return m;
  }
  if (projection == "KannalaBrandtK3" && p.size() == 8) {
    m.kind = CameraModelKind::kannala_brandt;
    m.fx_px = p[0], m.fy_px = p[1], m.cx_px = p[2], m.cy_px = p[3];
    m.k1 = p[4], m.k2 = p[5], m.k3 = p[6], m.k4 = p[7];
    return m;
  }
  if (projection == "Linear" && p.size() == 4) {
    m.fx_px = p[0], m.fy_px = p[1], m.cx_px = p[2], m.cy_px = p[3];
    return m;
  }
  return std::nullopt;
}

Result<Calibration> read_calibration(std::string_view json, const std::string& name,
                                     Diagnostics& diagnostics) {
  JsonText text(json, name);
  const JsonPlace root = text.root();
  Calibration calibration;
  if (root.has("tracking_timestamp_us")) {
    const std::int64_t time_us = root["tracking_timestamp_us"].integer();
    if (time_us < 0 || time_us > INT64_MAX / 1000) {
      root["tracking_timestamp_us"].fail(ErrorCode::corrupt, "time is out of range");
    } else {
      calibration.device_time_ns = time_us * 1000;
    }
  }
  const JsonPlace cameras = root["CameraCalibrations"];
  const std::vector<Size> sizes =
      root.has("ImageSizes") ? sizes_of(root["ImageSizes"]) : std::vector<Size>();
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    const bool sized = sizes.size() == cameras.size();
    std::optional<CameraCalibration> camera =
        camera_of(cameras[i], sized ? std::optional(sizes[i]) : std::nullopt, diagnostics);
    if (text.error()) return *text.error();
    if (!camera) continue;
    if (Result<CameraModel> valid = validated(camera->model); !valid) {
      return Error{ErrorCode::corrupt, valid.error().message,
                   name + ":/CameraCalibrations/" + std::to_string(i) + valid.error().where};
    }
    calibration.cameras.push_back(std::move(*camera));
  }
  const JsonPlace imus = root["ImuCalibrations"];
  for (std::size_t i = 0; i < imus.size(); ++i) calibration.imus.push_back(imu_of(imus[i]));
  if (text.error()) return *text.error();
  return calibration;
}

Result<std::vector<Calibration>> read_online_calibration(std::string_view jsonl,
                                                         const std::string& file,
                                                         Diagnostics& diagnostics) {
  const Result<std::vector<std::string_view>> lines = foreign::json_lines(jsonl, file);
  if (!lines) return lines.error();
  std::vector<Calibration> result;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    const std::string place = file + ":line " + std::to_string(i + 1);
    Result<Calibration> line = read_calibration((*lines)[i], place, diagnostics);
    if (!line) return line.error();
    if (!line->device_time_ns) {
      return Error{ErrorCode::corrupt, "there is no such key", place + ":/tracking_timestamp_us"};
    }
    if (!result.empty() && *line->device_time_ns <= *result.back().device_time_ns) {
      return Error{ErrorCode::corrupt, "times must ascend", place + ":/tracking_timestamp_us"};
    }
    result.push_back(std::move(line).value());
  }
  if (result.empty()) return Error{ErrorCode::corrupt, "the file has no lines", file};
  return result;
}

const CameraCalibration* find_camera(const Calibration& calibration, std::string_view label) {
  for (const CameraCalibration& camera : calibration.cameras) {
    if (camera.label == label) return &camera;
  }
  return nullptr;
}

const Calibration& calibration_at(const std::vector<Calibration>& lines, TimeNs device_time_ns) {
  require(!lines.empty(), "there is no calibration");
  const auto after = std::upper_bound(lines.begin(), lines.end(), device_time_ns,
                                      [](TimeNs time_ns, const Calibration& line) {
                                        return time_ns < line.device_time_ns.value_or(0);
                                      });
  return after == lines.begin() ? lines.front() : *(after - 1);
}

CameraModel recorded_model(const CameraModel& factory) {
  if (factory.width_px != 2880 || factory.height_px != 2880) return factory;
  CameraModel m = factory;
  m.width_px = m.height_px = 1408;
  m.fx_px *= 0.5;
  m.fy_px *= 0.5;
  // Pixel centres are whole numbers, so halving moves them by a quarter of an old pixel.
  m.cx_px = 0.5 * (m.cx_px - 32.0 + 0.5) - 0.5;
  m.cy_px = 0.5 * (m.cy_px - 32.0 + 0.5) - 0.5;
  return m;
}

CameraModel turned_clockwise(const CameraModel& stored) {
  require(stored.kind != CameraModelKind::brown_conrady, "no such turn is needed");
  CameraModel m = stored;
  m.width_px = stored.height_px;
  m.height_px = stored.width_px;
  m.fx_px = stored.fy_px;
  m.fy_px = stored.fx_px;
  m.cx_px = static_cast<double>(stored.height_px) - 1.0 - stored.cy_px;
  m.cy_px = stored.cx_px;
  // With x' = -y and y' = x the tangential and prism terms change places and signs.
  m.p1 = 0.0 - stored.p2;
  m.p2 = stored.p1;
  m.s1 = 0.0 - stored.s3;
  m.s2 = 0.0 - stored.s4;
  m.s3 = stored.s1;
  m.s4 = stored.s2;
  return m;
}

Pose turned_from_stored() {
  return {{}, quat_from_axis_angle({0.0, 0.0, 1.0}, std::numbers::pi / 2.0)};
}

}  // namespace hearth::aria
