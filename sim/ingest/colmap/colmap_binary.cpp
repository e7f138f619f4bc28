// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "colmap_model.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth::colmap {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

/// Walks over bytes; the first failure is kept.
class Bytes {
 public:
  Bytes(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {}

  template <class T>
  T take() {
    T value{};
    if (!has(sizeof(T))) return value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  double finite() {
    const auto value = take<double>();
    if (!std::isfinite(value)) fail("is not a finite number");
    return std::isfinite(value) ? value : 0.0;
  }
  Vec3 vec3() {
    const double x = finite();
    const double y = finite();
    return {x, y, finite()};
  }
  /// A count of items of at least `item` bytes each, which the rest of the file can hold.
  std::uint64_t count(std::uint64_t item) {
    const auto value = take<std::uint64_t>();
    if (error_) return 0;
    if (value > (bytes_.size() - at_) / item) {
      fail("announces " + std::to_string(value) + " items, the file is too short for them");
      return 0;
    }
    return value;
  }
  std::string text() {
    const std::size_t end = bytes_.find('\0', at_);
    if (end == std::string_view::npos) {
      fail("the file ends within a name");
      return {};
    }
    std::string value(bytes_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }
  void skip(std::uint64_t length) {
    if (has(length)) at_ += length;
  }
  void fail(std::string message, ErrorCode code = ErrorCode::corrupt) {
    if (!error_) error_ = Error{code, std::move(message), file_ + ": byte " + std::to_string(at_)};
  }
  Result<Done> end() {
    if (!error_ && at_ != bytes_.size()) fail("there are bytes behind the last item");
    if (error_) return *error_;
    return Done{};
  }
  [[nodiscard]] bool good() const { return !error_; }

 private:
  bool has(std::uint64_t length) {
    if (error_) return false;
    if (length > bytes_.size() - at_) fail("the file ends here, within an item");
    return !error_;
  }
  std::string_view bytes_;
  std::string file_;
  std::size_t at_ = 0;
  std::optional<Error> error_{};
};

}  // namespace

Result<Done> read_cameras_binary(std::string_view bytes, const std::string& file, Model& model) {
  Bytes in(bytes, file);
  const std::uint64_t cameras = in.count(24);
  for (std::uint64_t i = 0; i < cameras && in.good(); ++i) {
    Camera camera;
    camera.id = in.take<std::uint32_t>();
    const auto id = in.take<std::int32_t>();
    const auto width = in.take<std::uint64_t>();
    const auto height = in.take<std::uint64_t>();
    const ModelKind* kind = kind_by_id(id);
    if (kind == nullptr) {
      in.fail("there is no camera model " + std::to_string(id));
      break;
    }
    std::vector<double> parameters;
    for (std::size_t k = 0; k < kind->parameters; ++k) parameters.push_back(in.finite());
    if (!in.good()) break;
    const Result<CameraModel> made = camera_from(*kind, width, height, parameters);
    if (!made) in.fail(made.error().message, made.error().code);
    if (made) camera.model = *made;
    model.cameras.push_back(camera);
  }
  return in.end();
}

Result<Done> read_images_binary(std::string_view bytes, const std::string& file, Model& model) {
  Bytes in(bytes, file);
  const std::uint64_t images = in.count(73);
  for (std::uint64_t i = 0; i < images && in.good(); ++i) {
    Image image;
    (void)in.take<std::uint32_t>();
    const double w = in.finite();
    const Vec3 xyz = in.vec3();
    const std::optional<Quat> rotation = foreign::unit_quat(w, xyz.x, xyz.y, xyz.z);
    if (!rotation) in.fail("the quaternion before this is off unit length");
    image.camera_from_map = {in.vec3(), rotation.value_or(Quat{})};
    image.camera_id = in.take<std::uint32_t>();
    image.name = in.text();
    in.skip(24 * in.count(24));
    model.images.push_back(std::move(image));
  }
  return in.end();
}

Result<Done> read_points_binary(std::string_view bytes, const std::string& file, Model& model) {
  Bytes in(bytes, file);
  const std::uint64_t points = in.count(51);
  for (std::uint64_t i = 0; i < points && in.good(); ++i) {
    MapPoint point;
    in.skip(8);
    point.p_in_map = in.vec3();
    in.skip(3);
    point.reprojection_px = in.finite();
    const std::uint64_t seen = in.count(8);
    point.observations = static_cast<int>(std::min<std::uint64_t>(seen, 1'000'000'000));
    in.skip(8 * seen);
    model.points.push_back(point);
  }
  return in.end();
}

}  // namespace hearth::colmap
