// SPDX-License-Identifier: Apache-2.0
#include "colmap_model.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth::colmap {
namespace {

std::uint64_t unsigned_at(foreign::TextRows& rows, std::size_t i, std::int64_t most) {
  const std::int64_t value = rows.integer(i);
  if (value < 0 || value > most) rows.fail("is out of range", static_cast<int>(i));
  return value < 0 || value > most ? 0 : static_cast<std::uint64_t>(value);
}

}  // namespace

Result<Done> read_cameras_text(std::string_view text, const std::string& file, Model& model) {
  foreign::TextRows rows(text, file);
  while (rows.next()) {
    if (rows.size() < 5) rows.fail("a camera needs an id, a model, a size and parameters");
    if (rows.error()) break;
    Camera camera;
    camera.id = static_cast<std::uint32_t>(unsigned_at(rows, 0, UINT32_MAX));
    const ModelKind* kind = kind_by_name(rows.word(1));
    if (kind == nullptr) {
      rows.fail("there is no camera model '" + std::string(rows.word(1)) + "'", 1);
      break;
    }
    const std::uint64_t width = unsigned_at(rows, 2, 65535);
    const std::uint64_t height = unsigned_at(rows, 3, 65535);
    rows.expect(4 + kind->parameters, "as its model says");
    std::vector<double> parameters;
    for (std::size_t i = 0; i < kind->parameters; ++i) parameters.push_back(rows.number(4 + i));
    if (rows.error()) break;
    const Result<CameraModel> made = camera_from(*kind, width, height, parameters);
    if (!made) {
      return Error{made.error().code, made.error().message,
                   file + ":" + std::to_string(rows.line_number())};
    }
    camera.model = *made;
    model.cameras.push_back(camera);
  }
  if (rows.error()) return *rows.error();
  return Done{};
}

Result<Done> read_images_text(std::string_view text, const std::string& file, Model& model) {
  foreign::TextRows rows(text, file);
  while (rows.next()) {
    // Names may hold blanks; they end the row.
    if (rows.size() < 10) rows.fail("an image needs an id, a pose, a camera and a name");
    if (rows.error()) break;
    Image image;
    (void)unsigned_at(rows, 0, UINT32_MAX);
    image.camera_from_map.rotation = rows.quat(1, 2, 3, 4);
    image.camera_from_map.position_m = rows.vec3(5);
    image.camera_id = static_cast<std::uint32_t>(unsigned_at(rows, 8, UINT32_MAX));
    const std::string_view line = rows.line();
    const auto at = static_cast<std::size_t>(rows.word(9).data() - line.data());
    image.name = std::string(line.substr(at));
    while (!image.name.empty() && (image.name.back() == '\r' || image.name.back() == ' ')) {
      image.name.pop_back();
    }
    if (!rows.next_or_empty()) {
      rows.fail("the row with the image's points is missing");
      break;
    }
    if (rows.size() % 3 != 0) rows.fail("points of an image come as x, y, id");
    model.images.push_back(std::move(image));
  }
  if (rows.error()) return *rows.error();
  return Done{};
}

Result<Done> read_points_text(std::string_view text, const std::string& file, Model& model) {
  foreign::TextRows rows(text, file);
  while (rows.next()) {
    if (rows.size() < 8 || rows.size() % 2 != 0) {
      rows.fail("a point needs an id, a position, a colour, an error and pairs of image and point");
    }
    if (rows.error()) break;
    MapPoint point;
    (void)rows.integer(0);
    point.p_in_map = rows.vec3(1);
    point.reprojection_px = rows.number(7);
    point.observations = static_cast<int>((rows.size() - 8) / 2);
    model.points.push_back(point);
  }
  if (rows.error()) return *rows.error();
  return Done{};
}

}  // namespace hearth::colmap
