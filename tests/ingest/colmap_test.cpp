// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/colmap.h>

#include <cstring>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::error_of;
using test::put;
using test::put_file;
using test::replaced;

namespace {

const std::string kCameras =
    "# Camera list\n1 OPENCV 640 480 500 510 320.5 240.5 -0.1 0.02 0.001 -0.002\n";
// Image 2 turns by a quarter about y: camera_from_map takes map x to camera -z.
const std::string kImages =
    "# Image list\n"
    "7 0.70710678118654752 0 0.70710678118654752 0 0.1 0.2 0.3 1 frame_000003.png\n"
    "10.5 20.5 1 30 40 -1\n"
    "5 1 0 0 0 1 2 3 1 frame_000001.png\n"
    "\n";
const std::string kPoints =
    "# 3D point list\n1 0.5 -0.25 4 255 0 0 0.7 7 0 5 3\n2 1 1 5 0 0 0 0.1 7 1\n";

std::filesystem::path model(const std::filesystem::path& root) {
  put_file(root / "cameras.txt", kCameras);
  put_file(root / "images.txt", kImages);
  put_file(root / "points3D.txt", kPoints);
  return root;
}

template <class... T>
std::string packed(T... values) {
  std::string bytes;
  const auto add = [&](auto value) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof value);
    std::memcpy(bytes.data() + at, &value, sizeof value);
  };
  (add(values), ...);
  return bytes;
}

std::string binary_cameras() {
  return packed(std::uint64_t{1}, std::uint32_t{1}, std::int32_t{4}, std::uint64_t{640},
                std::uint64_t{480}, 500.0, 510.0, 320.5, 240.5, -0.1, 0.02, 0.001, -0.002);
}
std::string binary_images() {
  const double h = 0.70710678118654752;
  return packed(std::uint64_t{2}, std::uint32_t{7}, h, 0.0, h, 0.0, 0.1, 0.2, 0.3,
                std::uint32_t{1}) +
         std::string("frame_000003.png", 17) +
         packed(std::uint64_t{2}, 10.5, 20.5, std::uint64_t{1}, 30.0, 40.0, ~std::uint64_t{0}) +
         packed(std::uint32_t{5}, 1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, std::uint32_t{1}) +
         std::string("frame_000001.png", 17) + packed(std::uint64_t{0});
}
std::string binary_points() {
  const auto colour = std::string(3, '\0');
  return packed(std::uint64_t{2}, std::uint64_t{1}, 0.5, -0.25, 4.0) + colour +
         packed(0.7, std::uint64_t{2}, std::uint32_t{7}, std::uint32_t{0}, std::uint32_t{5},
                std::uint32_t{3}) +
         packed(std::uint64_t{2}, 1.0, 1.0, 5.0) + colour +
         packed(0.1, std::uint64_t{1}, std::uint32_t{7}, std::uint32_t{1});
}

std::filesystem::path binary_model(const std::filesystem::path& root) {
  put_file(root / "cameras.bin", binary_cameras());
  put_file(root / "images.bin", binary_images());
  put_file(root / "points3D.bin", binary_points());
  return root;
}

}  // namespace

TEST_CASE("colmap: a model becomes a camera path, a camera and points without a scale") {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const Tracks tracks =
      *import_colmap(model(folder.path() / "m"), {.rate_hz = 10.0}, diagnostics)->tracks;
  CHECK(tracks.frames == 3);
  CHECK(tracks.frame_time_ns == std::vector<TimeNs>{0, 100'000'000, 200'000'000});
  REQUIRE(tracks.camera.size() == 2);
  CHECK(tracks.camera[0].frame == 0);
  CHECK(tracks.camera[1].frame == 2);
  // p_camera = p_map + (1, 2, 3): the camera sits at -(1, 2, 3).
  CHECK(norm(tracks.camera[0].map_from_camera.position_m - Vec3{-1, -2, -3}) < 1e-12);
  // Camera 2 looks along the map's axis that its rotation takes to z: -x.
  CHECK(norm(tracks.camera[1].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{-1, 0, 0}) < 1e-9);
  // -R^T t with R^T x = z, R^T z = -x.
  CHECK(norm(tracks.camera[1].map_from_camera.position_m - Vec3{0.3, -0.2, -0.1}) < 1e-9);
  CHECK(tracks.camera_model.kind == CameraModelKind::brown_conrady);
  CHECK(tracks.camera_model.cx_px == 320.0);  // Half a pixel less than in the file.
  CHECK(tracks.camera_model.p2 == -0.002);
  REQUIRE(tracks.map_points.size() == 2);
  CHECK(tracks.map_points[0].p_in_map == Vec3{0.5, -0.25, 4});
  CHECK(tracks.map_points[0].observations == 2);
  CHECK(tracks.map_points[0].reprojection_px == 0.7);
  CHECK_FALSE(tracks.map_scale_m.has_value());
  Diagnostics same;
  const Tracks binary =
      *import_colmap(binary_model(folder.path() / "b"), {.rate_hz = 10.0}, same)->tracks;
  CHECK(binary.camera == tracks.camera);
  CHECK(binary.map_points == tracks.map_points);
  CHECK(binary.camera_model == tracks.camera_model);
}

TEST_CASE("colmap: image numbers find the frames of an episode") {
  const TemporaryFolder folder;
  const auto root = model(folder.path());
  ImportOptions options;
  options.episode.emplace();
  options.episode->frame_time_ns = {0, 10, 20};
  options.episode->width_px = 640;
  options.episode->height_px = 480;
  Diagnostics diagnostics;
  const Tracks exact = *import_colmap(root, options, diagnostics)->tracks;
  CHECK(exact.camera[1].frame == 2);  // Image 3 of 3 is the last frame.
  CHECK_FALSE(diagnostics.contains("frame_numbers_guessed"));
  options.episode->frame_time_ns = {0, 10, 20, 30};
  CHECK(import_colmap(root, options, diagnostics)->tracks->camera[1].frame == 2);
  CHECK(diagnostics.contains("frame_numbers_guessed"));
  put(root / "images.txt", replaced(kImages, "frame_000001", "frame_000000"));
  CHECK(import_colmap(root, options, diagnostics)->tracks->camera[1].frame == 3);
  options.episode->frame_time_ns = {0, 10};
  CHECK(error_of(import_colmap, root, options).code == ErrorCode::invalid_argument);
}

TEST_CASE("colmap: every cut of the text files is refused or at a row") {
  const TemporaryFolder folder;
  const auto root = model(folder.path());
  const ImportOptions options{.rate_hz = 10.0};
  for (const auto& [name, text] :
       {std::pair{"cameras.txt", kCameras}, {"images.txt", kImages}, {"points3D.txt", kPoints}}) {
    for (std::size_t length = 0; length < text.size(); ++length) {
      put(root / name, text.substr(0, length));
      CAPTURE(name, length);
      Diagnostics diagnostics;
      const bool read = import_colmap(root, options, diagnostics).ok();
      CHECK((!read || length == 0 || text[length - 1] == '\n'));
    }
    put(root / name, text);
  }
}

TEST_CASE("colmap: every cut of the binary files is refused") {
  const TemporaryFolder folder;
  const auto root = binary_model(folder.path());
  const ImportOptions options{.rate_hz = 10.0};
  for (const auto& [name, bytes] : {std::pair{"cameras.bin", binary_cameras()},
                                    {"images.bin", binary_images()},
                                    {"points3D.bin", binary_points()}}) {
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      put(root / name, bytes.substr(0, length));
      CAPTURE(name, length);
      const Error error = error_of(import_colmap, root, options);
      CHECK(error.code == ErrorCode::corrupt);
      CHECK(error.where.find(name) != std::string::npos);
    }
    put(root / name, bytes + "x");
    CHECK(error_of(import_colmap, root, options).code == ErrorCode::corrupt);
    std::string huge = bytes;
    std::memset(huge.data(), 0x7f, 8);  // A count that no file can hold.
    put(root / name, huge);
    CHECK(error_of(import_colmap, root, options).code == ErrorCode::corrupt);
    put(root / name, bytes);
  }
}

TEST_CASE("colmap: wrong values are refused with their place") {
  const TemporaryFolder folder;
  const auto root = folder.path();
  const ImportOptions options{.rate_hz = 10.0};
  const auto with = [&](const char* name, const std::string& text) {
    model(root);
    put(root / name, text);
    return error_of(import_colmap, root, options);
  };
  CHECK(with("images.txt", replaced(kImages, "5 1 0 0 0", "5 2 0 0 0")).where ==
        (root / "images.txt").string() + ":4:2");
  CHECK(with("images.txt", replaced(kImages, "0.3 1 frame", "nan 1 frame")).where ==
        (root / "images.txt").string() + ":2:8");
  CHECK(with("images.txt", replaced(kImages, "30 40 -1", "30 40")).code == ErrorCode::corrupt);
  CHECK(with("images.txt", replaced(kImages, "3 1 frame_000001", "3 9 frame_000001")).code ==
        ErrorCode::corrupt);
  CHECK(with("images.txt", replaced(kImages, "frame_000001", "first")).code ==
        ErrorCode::unsupported);
  CHECK(with("images.txt", replaced(kImages, "frame_000001", "other_3")).code ==
        ErrorCode::unsupported);
  CHECK(with("cameras.txt", replaced(kCameras, "OPENCV", "OPENCW")).where ==
        (root / "cameras.txt").string() + ":2:2");
  CHECK(with("cameras.txt", replaced(kCameras,
                                     "1 OPENCV 640 480 500 510 320.5 240.5 -0.1 0.02 "
                                     "0.001 -0.002",
                                     "1 FOV 640 480 500 510 320.5 240.5 0.9"))
            .code == ErrorCode::unsupported);
  CHECK(with("cameras.txt", replaced(kCameras, "320.5", "120.5")).code ==
        ErrorCode::invalid_argument);
  CHECK(with("points3D.txt", replaced(kPoints, "0.5 -0.25", "0.5 inf")).where ==
        (root / "points3D.txt").string() + ":2:3");
  model(root);
  CHECK(error_of(import_colmap, root, {}).where == "rate_hz");
}
