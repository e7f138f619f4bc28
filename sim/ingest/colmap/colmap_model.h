// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hearth/core/result.h>
#include <hearth/data/tracks.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::colmap {

/// A camera model of COLMAP; all its numbers in the order of the file.
struct ModelKind {
  int id;
  const char* name;
  std::size_t parameters;
};
/// @return nothing for an unknown name or number.
[[nodiscard]] const ModelKind* kind_by_name(std::string_view name);
[[nodiscard]] const ModelKind* kind_by_id(int id);

/// The camera with hearth's pixel convention: COLMAP has the centre of the first pixel at (.5, .5).
/// @return unsupported for a kind without a counterpart; invalid_argument as validated().
[[nodiscard]] Result<CameraModel> camera_from(const ModelKind& kind, std::uint64_t width,
                                              std::uint64_t height,
                                              const std::vector<double>& parameters);

struct Camera {
  std::uint32_t id = 0;
  CameraModel model{};
};
struct Image {
  std::string name{};
  std::uint32_t camera_id = 0;
  Pose camera_from_map{};
};
struct Model {
  std::vector<Camera> cameras{};
  std::vector<Image> images{};
  std::vector<MapPoint> points{};
};

Result<Done> read_cameras_text(std::string_view text, const std::string& file, Model& model);
Result<Done> read_images_text(std::string_view text, const std::string& file, Model& model);
Result<Done> read_points_text(std::string_view text, const std::string& file, Model& model);

Result<Done> read_cameras_binary(std::string_view bytes, const std::string& file, Model& model);
Result<Done> read_images_binary(std::string_view bytes, const std::string& file, Model& model);
Result<Done> read_points_binary(std::string_view bytes, const std::string& file, Model& model);

}  // namespace hearth::colmap
