// SPDX-License-Identifier: Apache-2.0
#include "sensor_yaml.h"

#include <span>
#include <vector>

#include "sim/ingest/foreign/poses.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth::euroc {
namespace {

/// The text after `key:` up to the end of the line, or of the bracket that opens on it.
std::optional<std::string> value_of(std::string_view text, const std::string& key) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view line = text.substr(at, end - at);
    const std::size_t word = line.find_first_not_of(" \t");
    if (word != std::string_view::npos && line.substr(word, key.size()) == key &&
        line.substr(word + key.size(), 1) == ":") {
      const std::size_t begin = at + word + key.size() + 1;
      const std::size_t open = text.find('[', begin);
      if (open < end) {
        const std::size_t close = text.find(']', open);
        if (close == std::string_view::npos) return std::nullopt;
        return std::string(text.substr(open + 1, close - open - 1));
      }
      std::string value(text.substr(begin, end - begin));
      value = value.substr(0, value.find('#'));
      const std::size_t first = value.find_first_not_of(" \t\r");
      if (first == std::string::npos) return std::string();
      return value.substr(first, value.find_last_not_of(" \t\r") - first + 1);
    }
    at = end + 1;
  }
  return std::nullopt;
}

Error bad(const std::string& file, const std::string& key, const std::string& message) {
  return {ErrorCode::corrupt, message, file + ":" + key};
}

Result<std::vector<double>> numbers(std::string_view text, const std::string& key,
                                    std::size_t count, const std::string& file) {
  std::optional<std::string> list = value_of(text, key);
  if (!list) return bad(file, key, "there is no such key");
  for (char& c : *list) {
    if (c == ',' || c == '\n') c = ' ';
  }
  *list += '\n';
  foreign::TextRows rows(*list, file);
  std::vector<double> values;
  if (rows.next()) {
    for (std::size_t i = 0; i < rows.size(); ++i) values.push_back(rows.number(i));
  }
  if (rows.error() || values.size() != count) {
    return bad(file, key, "must be a list of " + std::to_string(count) + " finite numbers");
  }
  return values;
}

Result<CameraModel> read_camera(std::string_view text, const std::string& file) {
  if (value_of(text, "camera_model").value_or("") != "pinhole" ||
      value_of(text, "distortion_model").value_or("") != "radial-tangential") {
    return Error{ErrorCode::unsupported,
                 "only pinhole cameras with radial-tangential distortion are read; give --camera",
                 file};
  }
  const auto size = numbers(text, "resolution", 2, file);
  if (!size) return size.error();
  const auto k = numbers(text, "intrinsics", 4, file);
  if (!k) return k.error();
  const auto d = numbers(text, "distortion_coefficients", 4, file);
  if (!d) return d.error();
  for (const double side : *size) {
    if (!(side >= 1.0 && side <= 65535.0)) return bad(file, "resolution", "must lie in 1..65535");
  }
  CameraModel camera;
  camera.kind = CameraModelKind::brown_conrady;
  camera.width_px = static_cast<int>((*size)[0]);
  camera.height_px = static_cast<int>((*size)[1]);
  camera.fx_px = (*k)[0], camera.fy_px = (*k)[1];
  camera.cx_px = (*k)[2], camera.cy_px = (*k)[3];
  camera.k1 = (*d)[0], camera.k2 = (*d)[1], camera.p1 = (*d)[2], camera.p2 = (*d)[3];
  camera.source = IntrinsicsSource::file;
  Result<CameraModel> checked = validated(camera);
  if (!checked) return bad(file, "intrinsics", to_string(checked.error()));
  return checked;
}

}  // namespace

Result<Sensor> read_sensor_yaml(std::string_view text, const std::string& file) {
  const auto mounting = numbers(text, "data", 16, file);
  if (!mounting) return mounting.error();
  const std::span<const double> m(*mounting);
  const std::optional<Pose> pose = foreign::pose_from_rows(m.first<12>());
  if (!pose || m[12] != 0.0 || m[13] != 0.0 || m[14] != 0.0 || m[15] != 1.0) {
    return bad(file, "T_BS", "is no rigid transform");
  }
  Sensor sensor{*pose, {}};
  if (value_of(text, "sensor_type").value_or("") == "camera") {
    Result<CameraModel> camera = read_camera(text, file);
    if (!camera) return camera.error();
    sensor.camera = *camera;
  }
  return sensor;
}

}  // namespace hearth::euroc
