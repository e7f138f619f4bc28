// SPDX-License-Identifier: Apache-2.0
#include "objects.h"

#include <hearth/io/files.h>

#include <algorithm>
#include <cmath>

#include "sim/ingest/foreign/glb_extent.h"
#include "sim/ingest/foreign/json_place.h"

namespace hearth::hot3d {
namespace fs = std::filesystem;
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Length that two pixels span at a distance from the camera.
double span_m(const CameraModel& camera, Vec2 a, Vec2 b, double distance_m) {
  const Vec3 u = normalized(ray_in_camera(camera, a));
  const Vec3 v = normalized(ray_in_camera(camera, b));
  return 2.0 * distance_m * std::tan(0.5 * std::acos(std::clamp(dot(u, v), -1.0, 1.0)));
}

}  // namespace

Result<std::map<std::string, std::string>> read_instances(std::string_view json,
                                                          const std::string& file) {
  foreign::JsonText text(json, file);
  const foreign::JsonPlace root = text.root();
  std::map<std::string, std::string> names;
  for (const std::string& uid : root.keys()) names[uid] = root[uid]["instance_name"].text();
  if (text.error()) return *text.error();
  return names;
}

Result<Library> find_library(const fs::path& recording) {
  Library library;
  const fs::path parent = fs::absolute(recording).lexically_normal() / "..";
  for (const fs::path& base : {recording, parent}) {
    for (const char* name : {"object_library", "assets"}) {
      std::error_code ignored;
      if (library.folder.empty() && fs::is_regular_file(base / name / "instance.json", ignored)) {
        library.folder = base / name;
      }
    }
  }
  if (library.folder.empty()) return library;
  const fs::path file = library.folder / "instance.json";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  Result<std::map<std::string, std::string>> names = read_instances(*bytes, file.string());
  if (!names) return names.error();
  library.name_of = std::move(names).value();
  return library;
}

Result<std::optional<foreign::ObjectExtent>> mesh_extent(const Library& library,
                                                         const std::string& uid) {
  const fs::path file = library.folder / (uid + ".glb");
  std::error_code ignored;
  if (library.folder.empty() || !fs::is_regular_file(file, ignored)) {
    return std::optional<foreign::ObjectExtent>();
  }
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const Result<foreign::ObjectExtent> extent = foreign::extent_of_glb(*bytes, file.string());
  if (!extent) return extent.error();
  return std::optional(*extent);
}

std::optional<foreign::ObjectExtent> extent_from_boxes(
    const std::vector<foreign::TimedBox>& boxes, const std::vector<foreign::TimedPose>& object,
    const std::vector<foreign::TimedPose>& world_from_camera, const CameraModel& camera) {
  std::vector<double> sizes_m;
  for (const foreign::TimedBox& box : boxes) {
    if (box.visibility < 0.8) continue;
    const auto at = foreign::timed_pose_at(object, box.time_ns, 0);
    const auto eye = foreign::timed_pose_at(world_from_camera, box.time_ns, 0);
    if (!at || !eye) continue;
    const double distance_m = norm(at->pose.position_m - eye->pose.position_m);
    const Vec2 middle = 0.5 * (box.min_px + box.max_px);
    const double width_m =
        span_m(camera, {box.min_px.x, middle.y}, {box.max_px.x, middle.y}, distance_m);
    const double height_m =
        span_m(camera, {middle.x, box.min_px.y}, {middle.x, box.max_px.y}, distance_m);
    sizes_m.push_back(std::sqrt(width_m * height_m));
  }
  if (sizes_m.empty()) return std::nullopt;
  const double half_m = 0.5 * median(std::move(sizes_m));
  return foreign::ObjectExtent{{-half_m, -half_m, -half_m}, {half_m, half_m, half_m}};
}

}  // namespace hearth::hot3d
