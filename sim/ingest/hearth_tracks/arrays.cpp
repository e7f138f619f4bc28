// SPDX-License-Identifier: Apache-2.0
#include "arrays.h"

#include <hearth/io/files.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "sim/ingest/foreign/poses.h"

namespace hearth::tracks_format {
namespace {

std::string text_of(const std::vector<std::size_t>& shape) {
  std::string text = "(";
  for (const std::size_t extent : shape) {
    text += (text.size() > 1 ? ", " : "") + (extent == kAnyRows ? "T" : std::to_string(extent));
  }
  return text + ")";
}

bool fits(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& expected) {
  if (shape.size() != expected.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (expected[i] != kAnyRows && shape[i] != expected[i]) return false;
  }
  return true;
}

}  // namespace

void only_keys(const JsonPlace& place, std::initializer_list<const char*> known) {
  for (const std::string& key : place.keys()) {
    const bool found =
        std::any_of(known.begin(), known.end(), [&](const char* k) { return key == k; });
    if (!found) {
      place.fail(ErrorCode::corrupt,
                 "unknown key '" + key + "'; docs/formats/hearth_tracks.md lists all keys");
      return;
    }
  }
}

double positive_or(const JsonPlace& place, const char* key, double otherwise) {
  if (!place.has(key)) return otherwise;
  const double value = place[key].number();
  if (!(value > 0.0)) place[key].fail(ErrorCode::corrupt, "must be positive");
  return value;
}

std::optional<std::filesystem::path> Arrays::file(const JsonPlace& place) const {
  const std::filesystem::path name = std::filesystem::path(place.text()).lexically_normal();
  if (name.empty()) {
    place.fail(ErrorCode::corrupt, "must name a file");
    return std::nullopt;
  }
  if (name.is_absolute() || *name.begin() == "..") {
    place.fail(ErrorCode::corrupt, "must name a file inside the folder");
    return std::nullopt;
  }
  const std::filesystem::path full = folder_ / name;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(full, ignored)) {
    place.fail(ErrorCode::not_found, "there is no file " + name.string());
    return std::nullopt;
  }
  return full;
}

std::optional<NpyArray> Arrays::load(const JsonPlace& place,
                                     const std::vector<std::size_t>& shape) const {
  const auto path = file(place);
  if (!path) return std::nullopt;
  const Result<std::string> bytes = read_file(*path);
  if (!bytes) {
    place.fail(bytes.error().code, to_string(bytes.error()));
    return std::nullopt;
  }
  Result<NpyArray> array = npy_array(*bytes, path->filename().string());
  if (!array) {
    place.fail(array.error().code, to_string(array.error()));
    return std::nullopt;
  }
  if (!fits(array->shape, shape)) {
    place.fail(ErrorCode::corrupt, path->filename().string() + " has the shape " +
                                       text_of(array->shape) + ", needed is " + text_of(shape));
    return std::nullopt;
  }
  return std::move(array).value();
}

std::vector<double> Arrays::reals(const JsonPlace& place,
                                  const std::vector<std::size_t>& shape) const {
  std::optional<NpyArray> array = load(place, shape);
  if (!array) return {};
  if (array->kind == NpyKind::boolean) {
    place.fail(ErrorCode::corrupt, "must hold numbers, not booleans");
    return {};
  }
  if (array->kind == NpyKind::integer) {
    return std::vector<double>(array->integers.begin(), array->integers.end());
  }
  for (std::size_t i = 0; i < array->reals.size(); ++i) {
    if (std::isfinite(array->reals[i])) continue;
    place.fail(ErrorCode::corrupt, "value " + std::to_string(i) +
                                       " is not finite; leave out the rows of frames in which "
                                       "nothing was seen");
    return {};
  }
  return std::move(array->reals);
}

std::vector<std::int64_t> Arrays::integers(const JsonPlace& place, std::size_t rows) const {
  std::optional<NpyArray> array = load(place, {rows});
  if (!array) return {};
  if (array->kind != NpyKind::integer) {
    place.fail(ErrorCode::corrupt, "must hold whole numbers (int64 or int32)");
    return {};
  }
  return std::move(array->integers);
}

std::vector<int> Arrays::frames(const JsonPlace& owner, int frames) const {
  std::vector<int> out;
  if (!owner.has("frame")) {
    for (int i = 0; i < frames; ++i) out.push_back(i);
    return out;
  }
  const JsonPlace place = owner["frame"];
  for (const std::int64_t frame : integers(place, kAnyRows)) {
    const int before = out.empty() ? -1 : out.back();
    if (frame <= before || frame >= frames) {
      place.fail(ErrorCode::corrupt,
                 "row " + std::to_string(out.size()) + " is frame " + std::to_string(frame) +
                     "; frames must ascend and lie below " + std::to_string(frames));
      return {};
    }
    out.push_back(static_cast<int>(frame));
  }
  return out;
}

std::vector<std::int64_t> Arrays::times(const JsonPlace& place) const {
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  std::vector<std::int64_t> times = integers(place, kAnyRows);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool ascends = i == 0 || times[i] > times[i - 1];
    if (ascends && times[i] >= -kLargest && times[i] <= kLargest) continue;
    place.fail(ErrorCode::corrupt,
               "row " + std::to_string(i) + ": times must ascend and lie within 2^53 ns");
    return {};
  }
  return times;
}

std::vector<Pose> Arrays::poses(const JsonPlace& place, std::size_t rows) const {
  const std::vector<double> values = reals(place, {rows, 4, 4});
  std::vector<Pose> poses;
  for (std::size_t i = 0; i + 16 <= values.size(); i += 16) {
    const std::span<const double> m(&values[i], 16);
    const bool last_row = m[12] == 0.0 && m[13] == 0.0 && m[14] == 0.0 && m[15] == 1.0;
    const std::optional<Pose> pose = foreign::pose_from_rows(m.first<12>());
    if (!last_row || !pose) {
      place.fail(ErrorCode::corrupt,
                 "matrix " + std::to_string(i / 16) +
                     " is no rigid transform: its last row must be 0 0 0 1 and its rotation "
                     "orthonormal within 1e-3 and not mirrored");
      return {};
    }
    poses.push_back(*pose);
  }
  return poses;
}

std::vector<double> Arrays::shares(const JsonPlace& owner, const char* key,
                                   std::size_t rows) const {
  if (!owner.has(key)) return std::vector<double>(rows, 1.0);
  std::vector<double> values = reals(owner[key], {rows});
  for (const double value : values) {
    if (value >= 0.0 && value <= 1.0) continue;
    owner[key].fail(ErrorCode::corrupt, "must lie in 0..1");
    return {};
  }
  return values;
}

}  // namespace hearth::tracks_format
