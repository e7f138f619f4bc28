// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "read_parts.h"

namespace hearth::tracks_format {
namespace {

void keep(const JsonPlace& place, const Arrays& arrays, std::vector<ImportedFile>& files) {
  if (const auto path = arrays.file(place)) {
    const std::filesystem::path name = std::filesystem::path(place.text()).lexically_normal();
    files.push_back({"kept/" + name.string(), *path});
  }
}

/// A table with one column per name and one row per time.
void check_table(const JsonPlace& place, const Arrays& arrays, const char* names,
                 const char* values, std::vector<ImportedFile>& files) {
  const std::size_t rows = arrays.times(place["time_ns"]).size();
  const std::size_t columns = place[names].size();
  for (std::size_t i = 0; i < columns; ++i) {
    if (place[names][i].text().empty()) place[names][i].fail(ErrorCode::corrupt, "must be a name");
  }
  (void)arrays.reals(place[values], {rows, columns});
  keep(place["time_ns"], arrays, files);
  keep(place[values], arrays, files);
}

}  // namespace

void check_masks(const JsonPlace& place, const Arrays& arrays, int frames,
                 std::vector<ImportedFile>& files) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace mask = place[i];
    only_keys(mask, {"id", "frame", "files"});
    (void)mask["id"].text();
    const std::size_t rows = arrays.frames(mask, frames).size();
    if (mask["files"].size() != rows) {
      mask["files"].fail(ErrorCode::corrupt, "must name one file per frame");
      return;
    }
    if (mask.has("frame")) keep(mask["frame"], arrays, files);
    for (std::size_t k = 0; k < rows; ++k) keep(mask["files"][k], arrays, files);
  }
}

void check_gloves(const JsonPlace& place, const Arrays& arrays, std::vector<ImportedFile>& files) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace glove = place[i];
    only_keys(glove, {"id", "side", "time_ns", "joint_names", "angles_rad"});
    (void)glove["id"].text();
    const std::string side = glove["side"].text();
    if (side != "left" && side != "right") {
      glove["side"].fail(ErrorCode::corrupt, "must be left or right");
    }
    check_table(glove, arrays, "joint_names", "angles_rad", files);
  }
}

void check_commands(const JsonPlace& place, const Arrays& arrays,
                    std::vector<ImportedFile>& files) {
  for (std::size_t i = 0; i < place.size(); ++i) {
    const JsonPlace commands = place[i];
    only_keys(commands, {"id", "time_ns", "names", "values"});
    (void)commands["id"].text();
    check_table(commands, arrays, "names", "values", files);
  }
}

}  // namespace hearth::tracks_format
