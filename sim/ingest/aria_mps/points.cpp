// SPDX-License-Identifier: Apache-2.0
#include "points.h"

#include <algorithm>

#include "sim/ingest/foreign/csv_rows.h"

namespace hearth::aria {

Result<SemidensePoints> read_points(std::string_view csv, const std::string& file,
                                    Diagnostics& diagnostics) {
  foreign::CsvRows rows(csv, file);
  const int uid = rows.column("uid");
  const int graph = rows.column("graph_uid");
  const std::array<int, 3> position = columns_xyz(rows, "p", "_world");
  const int inverse_sigma = rows.column("inv_dist_std");
  const int sigma = rows.column("dist_std");
  SemidensePoints result;
  while (rows.next()) {
    SemidensePoint point;
    point.uid = rows.integer(uid);
    point.p_in_world_m = rows.vec3(position);
    point.inverse_distance_sigma = rows.number(inverse_sigma);
    point.distance_sigma_m = rows.number(sigma);
    if (point.inverse_distance_sigma < 0.0) {
      rows.fail(ErrorCode::corrupt, "a standard deviation is below zero", inverse_sigma);
    }
    if (point.distance_sigma_m < 0.0) {
      rows.fail(ErrorCode::corrupt, "a standard deviation is below zero", sigma);
    }
    if (rows.error()) break;
    const std::string_view name = rows.cell(graph);
    const auto place = std::find(result.graphs.begin(), result.graphs.end(), name);
    point.graph = static_cast<int>(place - result.graphs.begin());
    if (place == result.graphs.end()) result.graphs.emplace_back(name);
    result.points.push_back(point);
  }
  if (rows.error()) return *rows.error();
  const std::vector<std::string> known = {"uid",      "graph_uid",    "px_world", "py_world",
                                          "pz_world", "inv_dist_std", "dist_std"};
  rows.report_unknown(known, diagnostics);
  return result;
}

}  // namespace hearth::aria
