// SPDX-License-Identifier: Apache-2.0
#include "object_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "csv_rows.h"

namespace hearth::foreign {

Result<std::vector<ObjectPoses>> read_object_poses(std::string_view csv, const std::string& file,
                                                   Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  const int uid = rows.column("object_uid");
  const int time = rows.column("timestamp[ns]");
  const std::array<int, 3> position = columns_xyz(rows, "t_wo_", "[m]");
  const std::array<int, 4> rotation = columns_wxyz(rows, "q_wo_", "");
  std::vector<ObjectPoses> objects;
  std::map<std::string, std::size_t, std::less<>> place_of;
  while (rows.next()) {
    ObjectPoseRow row;
    const TimeNs time_ns = rows.integer(time);
    if (time_ns != -1) row.time_ns = time_ns;
    if (time_ns < -1) rows.fail(ErrorCode::corrupt, "a time below -1", time);
    row.world_from_object = {rows.vec3(position), rows.quat(rotation)};
    const std::string_view name = rows.cell(uid);
    if (name.empty()) rows.fail(ErrorCode::corrupt, "the object has no uid", uid);
    if (rows.error()) break;
    auto place = place_of.find(name);
    if (place == place_of.end()) {
      place = place_of.emplace(std::string(name), objects.size()).first;
      objects.push_back({std::string(name), {}});
    }
    ObjectPoses& object = objects[place->second];
    const bool ascends = object.rows.empty() || (row.time_ns && object.rows.back().time_ns &&
                                                 *row.time_ns > *object.rows.back().time_ns);
    if (!ascends) {
      rows.fail(ErrorCode::corrupt, "times of object " + object.uid + " must ascend", time);
      break;
    }
    object.rows.push_back(row);
  }
  if (rows.error()) return *rows.error();
  const std::vector<std::string> known = {"object_uid", "timestamp[ns]", "t_wo_x[m]",
                                          "t_wo_y[m]",  "t_wo_z[m]",     "q_wo_w",
                                          "q_wo_x",     "q_wo_y",        "q_wo_z"};
  rows.report_unknown(known, diagnostics);
  return objects;
}

Result<std::vector<BoxRow>> read_boxes(std::string_view csv, const std::string& file,
                                       const std::string& id_column, Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  const int stream = rows.column("stream_id");
  const int uid = rows.column(id_column);
  const int time = rows.column("timestamp[ns]");
  const std::array<int, 4> sides = {rows.column("x_min[pixel]"), rows.column("x_max[pixel]"),
                                    rows.column("y_min[pixel]"), rows.column("y_max[pixel]")};
  const int visibility = rows.column("visibility_ratio[%]");
  std::vector<BoxRow> boxes;
  std::int64_t missing = 0;
  while (rows.next()) {
    const TimeNs time_ns = rows.integer(time);
    const bool empty = std::all_of(sides.begin(), sides.end(),
                                   [&](int column) { return rows.cell(column).empty(); });
    if (empty) {
      ++missing;
      continue;
    }
    BoxRow box;
    box.stream = rows.cell(stream);
    box.uid = rows.cell(uid);
    box.time_ns = time_ns;
    const double x_min = rows.number(sides[0]);
    const double x_max = rows.number(sides[1]);
    const double y_min = rows.number(sides[2]);
    box.min_px = {x_min, y_min};
    box.max_px = {x_max, rows.number(sides[3])};
    box.visibility = rows.number(visibility);
    if (box.max_px.x < box.min_px.x) {
      rows.fail(ErrorCode::corrupt, "x_max is below x_min", sides[1]);
    }
    if (box.max_px.y < box.min_px.y) {
      rows.fail(ErrorCode::corrupt, "y_max is below y_min", sides[3]);
    }
    if (!(box.visibility >= 0.0 && box.visibility <= 1.0)) {
      rows.fail(ErrorCode::corrupt, "the visibility lies outside 0..1", visibility);
    }
    if (box.uid.empty()) rows.fail(ErrorCode::corrupt, "the box has no id", uid);
    if (rows.error()) break;
    boxes.push_back(std::move(box));
  }
  if (rows.error()) return *rows.error();
  const std::vector<std::string> known = {
      "stream_id",    id_column,      "timestamp[ns]", "x_min[pixel]",
      "x_max[pixel]", "y_min[pixel]", "y_max[pixel]",  "visibility_ratio[%]"};
  rows.report_unknown(known, diagnostics);
  if (missing > 0) {
    diagnostics.add(Severity::note, "box_missing",
                    std::to_string(missing) + " rows hold no box and were left out", file);
  }
  return boxes;
}

StandingBox standing_box(const ObjectExtent& extent, Vec3 up_in_object) {
  const std::array<double, 3> up = {up_in_object.x, up_in_object.y, up_in_object.z};
  std::size_t k = 0;
  for (std::size_t i = 1; i < 3; ++i) {
    if (std::abs(up[i]) > std::abs(up[k])) k = i;
  }
  std::array<Vec3, 3> axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const Vec3 z = (up[k] < 0.0 ? -1.0 : 1.0) * axes[k];
  const Vec3 x = k == 0 ? axes[1] : axes[0];
  const Vec3 y = cross(z, x);
  const Vec3 full = extent.max_m - extent.min_m;
  const auto side = [&](Vec3 axis) { return std::max(0.002, std::abs(dot(axis, full))); };
  StandingBox box;
  box.shape = {ShapeKind::box, {side(x), side(y), side(z)}};
  box.object_from_shape = {0.5 * (extent.min_m + extent.max_m), quat_from_axes(x, y, z)};
  return box;
}

}  // namespace hearth::foreign
