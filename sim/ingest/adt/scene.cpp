// SPDX-License-Identifier: Apache-2.0
#include "scene.h"

#include <array>
#include <cmath>
#include <vector>

#include "sim/ingest/foreign/csv_rows.h"
#include "sim/ingest/foreign/json_place.h"

namespace hearth::adt {

Result<std::map<std::string, Instance>> read_instances(std::string_view json,
                                                       const std::string& file) {
  foreign::JsonText text(json, file);
  const foreign::JsonPlace root = text.root();
  std::map<std::string, Instance> instances;
  for (const std::string& uid : root.keys()) {
    const foreign::JsonPlace entry = root[uid];
    Instance instance;
    instance.name = entry["instance_name"].text();
    instance.category = entry["category"].text();
    instance.human = entry["instance_type"].text() == "human";
    const std::string motion = entry["motion_type"].text();
    instance.dynamic = motion == "dynamic";
    if (motion != "dynamic" && motion != "static") {
      entry["motion_type"].fail(ErrorCode::corrupt, "must be static or dynamic");
    }
    if (entry.has("canonical_pose")) {
      const foreign::JsonPlace up = entry["canonical_pose"]["up_vector"];
      instance.up_in_object = up.vec3();
      if (!text.error() && std::abs(norm(instance.up_in_object) - 1.0) > 1e-3) {
        up.fail(ErrorCode::corrupt, "must be a unit vector");
      }
    }
    if (text.error()) return *text.error();
    instances.emplace(uid, std::move(instance));
  }
  if (text.error()) return *text.error();
  return instances;
}

Result<std::map<std::string, foreign::ObjectExtent>> read_extents(std::string_view csv,
                                                                  const std::string& file,
                                                                  Diagnostics& diagnostics) {
  foreign::CsvRows rows(csv, file);
  const int uid = rows.column("object_uid");
  const int time = rows.column("timestamp[ns]");
  std::array<std::array<int, 2>, 3> sides{};
  std::vector<std::string> known = {"object_uid", "timestamp[ns]"};
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string axis(1, static_cast<char>('x' + k));
    sides[k] = {rows.column("p_local_obj_" + axis + "min[m]"),
                rows.column("p_local_obj_" + axis + "max[m]")};
    known.push_back("p_local_obj_" + axis + "min[m]");
    known.push_back("p_local_obj_" + axis + "max[m]");
  }
  std::map<std::string, foreign::ObjectExtent> extents;
  while (rows.next()) {
    std::array<double, 3> low{};
    std::array<double, 3> high{};
    for (std::size_t k = 0; k < 3; ++k) {
      low[k] = rows.number(sides[k][0]);
      high[k] = rows.number(sides[k][1]);
      if (high[k] < low[k]) rows.fail(ErrorCode::corrupt, "max is below min", sides[k][1]);
    }
    const std::int64_t time_ns = rows.integer(time);
    if (rows.error()) break;
    if (time_ns != -1) continue;  // A skeleton's box, which changes with the person.
    const bool fresh =
        extents
            .emplace(rows.cell(uid),
                     foreign::ObjectExtent{{low[0], low[1], low[2]}, {high[0], high[1], high[2]}})
            .second;
    if (!fresh) rows.fail(ErrorCode::corrupt, "this object has a box already", uid);
  }
  if (rows.error()) return *rows.error();
  rows.report_unknown(known, diagnostics);
  return extents;
}

}  // namespace hearth::adt
