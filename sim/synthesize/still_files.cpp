// SPDX-License-Identifier: Apache-2.0
#include "still_files.h"

#include <hearth/io/files.h>
#include <hearth/io/npy.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace hearth {
namespace {

constexpr std::size_t kValues = 65536;

std::string still_name(std::size_t frame) {
  char name[32];
  std::snprintf(name, sizeof name, "%06zu.png", frame);
  return name;
}

}  // namespace

Result<Done> write_stills(const std::filesystem::path& folder, const StillTrack& stills) {
  if (auto done = make_folder(folder); !done) return done;
  for (std::size_t i = 0; i < stills.png.size(); ++i) {
    if (auto done = write_file(folder / still_name(i), stills.png[i]); !done) return done;
  }
  Table histogram;
  histogram.columns = 2;
  for (std::size_t value = 0; value < stills.histogram.counts.size(); ++value) {
    if (stills.histogram.counts[value] == 0) continue;
    histogram.values.push_back(static_cast<double>(value));
    histogram.values.push_back(static_cast<double>(stills.histogram.counts[value]));
    ++histogram.rows;
  }
  return write_file(folder / "histogram.npy", npy_from_table(histogram));
}

Result<StillTrack> read_stills(const std::filesystem::path& folder, std::size_t frames) {
  StillTrack stills;
  for (std::size_t i = 0; i < frames; ++i) {
    Result<std::string> png = read_file(folder / still_name(i));
    if (!png) return png.error();
    stills.png.push_back(std::move(png).value());
  }
  const std::filesystem::path file = folder / "histogram.npy";
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes.error();
  const Result<Table> histogram = table_from_npy(*bytes, file.string());
  if (!histogram) return histogram.error();
  stills.histogram.frames = static_cast<std::int64_t>(frames);
  stills.histogram.counts.assign(kValues, 0);
  for (std::size_t row = 0; row < histogram->rows; ++row) {
    const double value = histogram->values[2 * row];
    if (histogram->columns != 2 || !(value >= 0.0) || !(value < static_cast<double>(kValues))) {
      return Error{ErrorCode::corrupt, "rows must be (value, count)", file.string()};
    }
    stills.histogram.counts[static_cast<std::size_t>(value)] =
        static_cast<std::int64_t>(histogram->values[2 * row + 1]);
  }
  return stills;
}

}  // namespace hearth
