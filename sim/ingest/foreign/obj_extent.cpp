// SPDX-License-Identifier: Apache-2.0
#include "obj_extent.h"

#include <algorithm>

#include "text_rows.h"

namespace hearth::foreign {

Result<ObjectExtent> extent_of_obj(std::string_view text, const std::string& file) {
  TextRows rows(text, file);
  ObjectExtent extent{{1e300, 1e300, 1e300}, {-1e300, -1e300, -1e300}};
  while (rows.next()) {
    if (rows.word(0) != "v") continue;
    if (rows.size() < 4) {
      rows.fail("a vertex has three numbers");
      break;
    }
    const Vec3 p = rows.vec3(1);
    if (rows.error()) break;
    extent.min_m = {std::min(extent.min_m.x, p.x), std::min(extent.min_m.y, p.y),
                    std::min(extent.min_m.z, p.z)};
    extent.max_m = {std::max(extent.max_m.x, p.x), std::max(extent.max_m.y, p.y),
                    std::max(extent.max_m.z, p.z)};
  }
  if (rows.error()) return *rows.error();
  if (extent.min_m.x > extent.max_m.x) {
    return Error{ErrorCode::corrupt, "the file holds no vertex", file};
  }
  return extent;
}

}  // namespace hearth::foreign
