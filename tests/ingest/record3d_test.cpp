// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/record3d.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/ingest/foreign_files.h"

using namespace hearth;
using test::error_of;
using test::put;
using test::put_file;
using test::replaced;

namespace {

// Camera 1 is turned by a quarter about the world's up axis and stands elsewhere.
const std::string kMetadata =
    R"({"w": 96, "h": 64, "dw": 24, "dh": 16, "fps": 60,
"K": [80.0, 0, 0, 0, 81.0, 0, 47.5, 31.5, 1],
"perFrameIntrinsicCoeffs": [[80, 81, 47.5, 31.5], [84, 85, 47.5, 31.5], [82, 83, 47.5, 31.5]],
"poses": [[0, 0, 0, 1, 0, 1.5, 0], [0, 0.70710678118654752, 0, 0.70710678118654752, 1, 1.5, 2],
 [0, 0, 0, 1, 0.1, 1.5, 0]],
"frameTimestamps": [5000.0, 5000.02, 5000.05]})";

std::string jpeg(std::uint64_t seed, int width_px = 96, int height_px = 64) {
  ImageRgb8 image = test::tiles(width_px, height_px, seed);
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", cv::Mat(height_px, width_px, CV_8UC3, image.values.data()), bytes);
  return {bytes.begin(), bytes.end()};
}

std::filesystem::path recording(const std::filesystem::path& root) {
  put_file(root / "metadata", kMetadata);
  for (int k = 0; k < 3; ++k) {
    put_file(root / "rgbd" / (std::to_string(k) + ".jpg"), jpeg(static_cast<std::uint64_t>(k)));
    put_file(root / "rgbd" / (std::to_string(k) + ".depth"), "bvx2 packed");
  }
  return root;
}

std::string little_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::uint32_t crc32_of(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

/// A zip archive without packing, as the app writes it.
std::string archive(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out;
  std::string directory;
  for (const auto& [name, bytes] : files) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto length = static_cast<std::uint32_t>(name.size());
    const std::string common = little_endian(20, 2) + little_endian(0, 8) +
                               little_endian(crc32_of(bytes), 4) + little_endian(size, 4) +
                               little_endian(size, 4) + little_endian(length, 2) +
                               little_endian(0, 2);
    directory += "PK\x01\x02" + little_endian(20, 2) + common + little_endian(0, 10) +
                 little_endian(static_cast<std::uint32_t>(out.size()), 4) + name;
    out += "PK\x03\x04" + common + name + bytes;
  }
  const auto count = static_cast<std::uint32_t>(files.size());
  return out + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(count, 2) +
         little_endian(count, 2) + little_endian(static_cast<std::uint32_t>(directory.size()), 4) +
         little_endian(static_cast<std::uint32_t>(out.size()), 4) + little_endian(0, 2);
}

std::string whole_archive() {
  return archive({{"metadata", kMetadata},
                  {"rgbd/0.jpg", jpeg(0)},
                  {"rgbd/1.jpg", jpeg(1)},
                  {"rgbd/2.jpg", jpeg(2)}});
}

}  // namespace

TEST_CASE("record3d: pictures become a clip, poses a path with hearth's camera axes") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path() / "in");
  Diagnostics diagnostics;
  const Imported imported = import_record3d(root, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  REQUIRE(tracks.camera.size() == 3);
  CHECK(tracks.camera[1].map_from_camera.position_m == Vec3{1, 1.5, 2});
  // ARKit looks along -z, its y is up; hearth's y is down.
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{0, 0, -1}) < 1e-12);
  CHECK(norm(tracks.camera[0].map_from_camera.rotation * Vec3{0, 1, 0} - Vec3{0, -1, 0}) < 1e-12);
  CHECK(norm(tracks.camera[1].map_from_camera.rotation * Vec3{0, 0, 1} - Vec3{-1, 0, 0}) < 1e-9);
  CHECK(*tracks.up_in_map == Vec3{0, 1, 0});
  CHECK(tracks.camera_model.fx_px == 82.0);  // The median of a breathing focus.
  CHECK(tracks.camera_model.cx_px == 47.5);
  CHECK(diagnostics.contains("focal_varies"));
  CHECK(diagnostics.contains("depth_unsupported"));
  const ImportReport report =
      write_import(imported, folder.path() / "out", {}, diagnostics).value();
  REQUIRE(report.episode->frame_time_ns.size() == 3);
  // Ticks of 65 us.
  CHECK(std::llabs(report.episode->frame_time_ns[1] - 20'000'000) < 33'000);
  CHECK(std::llabs(report.episode->frame_time_ns[2] - 50'000'000) < 33'000);
  CHECK(report.tracks->frame_time_ns == report.episode->frame_time_ns);

  const auto r3d = put(folder.path() / "a.r3d", whole_archive());
  Diagnostics packed;
  const Imported same = import_record3d(r3d, {}, packed).value();
  CHECK(same.tracks->camera == tracks.camera);
  CHECK(same.clip->mp4 == imported.clip->mp4);
}

TEST_CASE("record3d: every cut of the metadata and of the archive is refused") {
  const TemporaryFolder folder;
  const auto root = recording(folder.path() / "in");
  for (std::size_t length = 0; length < kMetadata.size(); ++length) {
    put(root / "metadata", kMetadata.substr(0, length));
    CAPTURE(length);
    CHECK(error_of(import_record3d, root).code == ErrorCode::corrupt);
  }
  const std::string whole = whole_archive();
  for (std::size_t length = 0; length < whole.size(); length += length < 200 ? 1 : 37) {
    const auto r3d = put(folder.path() / "a.r3d", whole.substr(0, length));
    CAPTURE(length);
    CHECK_FALSE(error_of(import_record3d, r3d).where.empty());
  }
}

TEST_CASE("record3d: wrong values are refused with their place") {
  const TemporaryFolder folder;
  const auto root = folder.path();
  const auto where = [&](const std::string& from, const std::string& to) {
    recording(root);
    put(root / "metadata", replaced(kMetadata, from, to));
    const Error error = error_of(import_record3d, root);
    CHECK(error.code == ErrorCode::corrupt);
    return error.where.substr(root.string().size());
  };
  CHECK(where("0, 0, 0, 1, 0, 1.5, 0]", "0, 0, 0, 1.1, 0, 1.5, 0]") == ":metadata:/poses/0");
  CHECK(where("1.5, 2]", "null, 2]") == ":metadata:/poses/1/5");
  CHECK(where("1.5, 2]", "1.5]") == ":metadata:/poses/1");
  CHECK(where("5000.02", "5000.0") == ":metadata:/frameTimestamps/1");
  CHECK(where(", 5000.05", "") == ":metadata:/frameTimestamps");
  // K row after row instead of column after column.
  CHECK(where("[80.0, 0, 0, 0, 81.0, 0, 47.5, 31.5, 1]",
              "[80.0, 0, 47.5, 0, 81.0, 31.5, 0, 0, 1]") == ":metadata:/K");
  CHECK(where("\"w\": 96", "\"w\": 0") == ":metadata:/w");
  recording(root);
  put(root / "rgbd/1.jpg", jpeg(1, 64, 96));
  CHECK(error_of(import_record3d, root).where.find("picture 1") != std::string::npos);
  put(root / "rgbd/1.jpg", jpeg(1).substr(0, 30));
  CHECK(error_of(import_record3d, root).code == ErrorCode::corrupt);
  std::filesystem::remove(root / "rgbd/1.jpg");
  CHECK(error_of(import_record3d, root).code == ErrorCode::not_found);
  recording(root);
  put(root / "rgbd/3.jpg", jpeg(3));
  CHECK(error_of(import_record3d, root).code == ErrorCode::corrupt);
}
