// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The files that a description names, checked against the shape that is expected of them.

#include <hearth/core/geometry.h>
#include <hearth/io/npy_array.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "sim/ingest/foreign/json_place.h"

namespace hearth::tracks_format {

using foreign::JsonPlace;

/// As a size: any number of rows.
inline constexpr std::size_t kAnyRows = static_cast<std::size_t>(-1);

/// Fails at the first key that is none of `known`.
void only_keys(const JsonPlace& place, std::initializer_list<const char*> known);

/// A number at a key, or the default; fails unless it is positive.
[[nodiscard]] double positive_or(const JsonPlace& place, const char* key, double otherwise);

/// Reads files of one folder; failures stay in the JsonText of the place that names the file.
class Arrays {
 public:
  explicit Arrays(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The path of a file inside the folder, which exists; nothing after a failure.
  [[nodiscard]] std::optional<std::filesystem::path> file(const JsonPlace& place) const;

  /// Finite numbers of the given shape, row-major; the first extent may be kAnyRows.
  [[nodiscard]] std::vector<double> reals(const JsonPlace& place,
                                          const std::vector<std::size_t>& shape) const;
  /// Whole numbers, one-dimensional.
  [[nodiscard]] std::vector<std::int64_t> integers(const JsonPlace& place, std::size_t rows) const;

  /// Ascending frames within 0..frames-1; absent key: all frames.
  [[nodiscard]] std::vector<int> frames(const JsonPlace& owner, int frames) const;
  /// Ascending times within 2^53 ns.
  [[nodiscard]] std::vector<std::int64_t> times(const JsonPlace& place) const;
  /// rows x 4 x 4 rigid transforms.
  [[nodiscard]] std::vector<Pose> poses(const JsonPlace& place, std::size_t rows) const;
  /// Shares in 0..1 at a key of `owner`; absent: all 1.
  [[nodiscard]] std::vector<double> shares(const JsonPlace& owner, const char* key,
                                           std::size_t rows) const;

 private:
  [[nodiscard]] std::optional<NpyArray> load(const JsonPlace& place,
                                             const std::vector<std::size_t>& shape) const;
  std::filesystem::path folder_;
};

}  // namespace hearth::tracks_format
