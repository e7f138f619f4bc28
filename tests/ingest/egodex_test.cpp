// SPDX-License-Identifier: Apache-2.0
#include <hdf5.h>
#include <hearth/ingest/egodex.h>
#include <hearth/video/mp4.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "sim/ingest/egodex/take.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFrames = 4;

/// A made-up hand: fingers along world x from a wrist, in hearth's order.
HandJoints made_hand(Vec3 wrist) {
  HandJoints joints;
  joints[0] = wrist;
  for (std::size_t finger = 0; finger < 5; ++finger) {
    const double across = 0.02 * static_cast<double>(finger) - 0.04;
    double along = finger == 0 ? 0.03 : 0.09;
    for (std::size_t k = 0; k < 4; ++k) {
      joints[1 + 4 * finger + k] = wrist + Vec3{along, 0.01, across};
      along += k == 0 ? 0.040 : (k == 1 ? 0.025 : 0.020);
    }
  }
  return joints;
}

Vec3 wrist_at(const std::string& side, std::size_t frame) {
  const double z = side == "left" ? 0.15 : -0.15;
  return {0.4, 0.9, z + 0.01 * static_cast<double>(frame)};
}

/// Changes a file while it is made: called for every dataset with its values.
using Spoil = std::function<void(const std::string& path, std::vector<float>& values,
                                 std::vector<hsize_t>& shape, bool& leave_out)>;

void put(hid_t file, const std::string& path, std::vector<float> values, std::vector<hsize_t> shape,
         const Spoil& spoil) {
  bool leave_out = false;
  if (spoil) spoil(path, values, shape, leave_out);
  if (leave_out) return;
  const hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t set =
      H5Dcreate2(file, path.c_str(), H5T_IEEE_F32LE, space, links, H5P_DEFAULT, H5P_DEFAULT);
  REQUIRE(set >= 0);
  REQUIRE(H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
  H5Dclose(set), H5Sclose(space), H5Pclose(links);
}

/// Row-major 4x4 of a camera at 1.5 m that looks along world +x, level: x right is world +z, y down
/// is world -y.
std::vector<float> camera_matrix() { return {0, 0, 1, 0, 0, -1, 0, 1.5f, 1, 0, 0, 0, 0, 0, 0, 1}; }

std::vector<float> at(Vec3 p) {
  return {1, 0, 0, static_cast<float>(p.x), 0, 1, 0, static_cast<float>(p.y),
          0, 0, 1, static_cast<float>(p.z), 0, 0, 0, 1};
}

void write_take(const fs::path& path, const Spoil& spoil = {}) {
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  REQUIRE(file >= 0);
  put(file, "/camera/intrinsic", {736.6339f, 0, 960, 0, 736.6339f, 540, 0, 0, 1}, {3, 3}, spoil);
  std::vector<float> camera;
  for (std::size_t t = 0; t < kFrames; ++t) {
    const std::vector<float> m = camera_matrix();
    camera.insert(camera.end(), m.begin(), m.end());
  }
  put(file, "/transforms/camera", camera, {kFrames, 4, 4}, spoil);
  for (const std::string side : {"left", "right"}) {
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const std::string name = side + egodex::joint_names()[j];
      std::vector<float> poses;
      for (std::size_t t = 0; t < kFrames; ++t) {
        const std::vector<float> m = at(made_hand(wrist_at(side, t))[j]);
        poses.insert(poses.end(), m.begin(), m.end());
      }
      put(file, "/transforms/" + name, poses, {kFrames, 4, 4}, spoil);
      put(file, "/confidences/" + name, std::vector<float>(kFrames, 0.9f), {kFrames}, spoil);
    }
  }
  const hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, H5T_VARIABLE);
  const hid_t scalar = H5Screate(H5S_SCALAR);
  const hid_t attribute =
      H5Acreate2(file, "llm_description", text, scalar, H5P_DEFAULT, H5P_DEFAULT);
  const char* words = "put the cup on the shelf";
  H5Awrite(attribute, text, &words);
  H5Aclose(attribute), H5Sclose(scalar), H5Tclose(text), H5Fclose(file);
}

}  // namespace

TEST_CASE("egodex: a take becomes tracks in a Z-up world, hands in the order of hearth") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "7.hdf5";
  write_take(file, [](const std::string& path, auto& values, auto&, bool&) {
    if (path == "/confidences/leftRingFingerTip") values[2] = 0.003f;
  });
  Diagnostics diagnostics;
  const Imported imported = import_egodex(file, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 4);
  CHECK(tracks.frame_time_ns[3] == 100000000);
  CHECK(diagnostics.contains("rate_assumed"));
  CHECK(diagnostics.contains("hand_not_trusted"));
  CHECK_FALSE(imported.clip.has_value());
  REQUIRE(tracks.hands.size() == 2);
  CHECK(tracks.hands[0].observations.size() == 3);  // One frame has a joint near confidence 0.
  CHECK(tracks.hands[1].observations.size() == 4);
  CHECK(tracks.hands[0].observations[0].presence == Approx(0.9));
  // World (x, y up, z) becomes (x, -z, y up).
  CHECK(norm(tracks.camera[0].map_from_camera.position_m - Vec3{0, 0, 1.5}) < 1e-6);
  for (std::size_t j = 0; j < kHandJoints; ++j) {
    const Vec3 truth = made_hand(wrist_at("right", 3))[j];
    const Vec3 p =
        tracks.camera[3].map_from_camera * tracks.hands[1].observations[3].joints_in_camera_m[j];
    CHECK(norm(p - Vec3{truth.x, -truth.z, truth.y}) < 1e-5);
  }
  // The right hand, at -z of a camera whose right is +z, is seen left of the middle, and below.
  const Vec2 pixel = tracks.hands[1].observations[0].joints_px[0];
  CHECK(pixel.x == Approx(960 - 736.6339 * 0.15 / 0.4).margin(0.01));
  CHECK(pixel.y == Approx(540 + 736.6339 * 0.6 / 0.4).margin(0.01));
  REQUIRE(imported.segments.segments.size() == 1);
  CHECK(imported.segments.segments[0].narration == "put the cup on the shelf");
  CHECK(validated(imported.segments).ok());
}

TEST_CASE("egodex: the video beside the take gives the frames, and must have as many", "[slow]") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "7.hdf5";
  write_take(file);
  Mp4Writer writer = make_mp4_writer(1920, 1080, {}).value();
  ImageRgb8 picture;
  picture.width_px = 1920, picture.height_px = 1080;
  picture.values.assign(1920 * 1080 * 3, 100);
  for (std::size_t i = 0; i < kFrames; ++i) REQUIRE(writer.add(picture, i == 1 ? 1024 : 512).ok());
  const std::string mp4 = writer.finish().value();
  REQUIRE(write_file(folder.path() / "7.mp4", mp4).ok());
  Diagnostics diagnostics;
  const Imported imported = import_egodex(file, {}, diagnostics).value();
  REQUIRE(imported.clip.has_value());
  CHECK(imported.tracks->frame_time_ns[2] == 100000000);  // The second frame lasts twice as long.
  CHECK_FALSE(diagnostics.contains("rate_assumed"));
  const ImportReport report =
      write_import(imported, folder.path() / "out", {}, diagnostics).value();
  CHECK(report.episode->camera.fx_px == Approx(736.6339));
  const fs::path other = folder.path() / "8.hdf5";
  write_take(other, [](const std::string& path, auto& values, auto& shape, bool&) {
    if (path == "/camera/intrinsic") return;
    shape[0] = 3;
    values.resize(shape.size() == 1 ? 3 : 48);
  });
  REQUIRE(write_file(folder.path() / "8.mp4", mp4).ok());
  check_corrupt(import_egodex(other, {}, diagnostics), "8.hdf5");
}

TEST_CASE("egodex: takes that are damaged are refused with the dataset's name") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "x.hdf5";
  Diagnostics diagnostics;
  const auto read = [&](const Spoil& spoil) {
    write_take(file, spoil);
    return egodex::read_take(file, diagnostics);
  };
  REQUIRE(read({}).ok());
  const auto spoilt = [&](const std::string& name, std::size_t i, float value) {
    return read([=](const std::string& path, auto& values, auto&, bool&) {
      if (path == name) values[i] = value;
    });
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  check_corrupt(spoilt("/transforms/leftThumbTip", 3, nan), "/transforms/leftThumbTip");
  check_corrupt(spoilt("/transforms/leftThumbTip", 16, 1.1f), "/transforms/leftThumbTip");
  check_corrupt(spoilt("/transforms/leftThumbTip", 3, 900.0f), "/transforms/leftThumbTip");
  check_corrupt(spoilt("/transforms/camera", 15, 0.0f), "/transforms/camera");
  check_corrupt(spoilt("/confidences/rightHand", 1, 7.0f), "/confidences/rightHand");
  check_corrupt(spoilt("/camera/intrinsic", 0, -1.0f), "/camera/intrinsic");
  for (const char* name : {"/transforms/camera", "/transforms/rightHand", "/camera/intrinsic"}) {
    check_corrupt(read([&](const std::string& path, auto&, auto&, bool& leave_out) {
                    leave_out = path == name;
                  }),
                  name);
    check_corrupt(read([&](const std::string& path, auto& values, auto& shape, bool&) {
                    if (path != name) return;
                    shape = {2, 4};
                    values.resize(8);
                  }),
                  name);
  }
  diagnostics = {};
  const auto unsure = read([](const std::string& path, auto&, auto&, bool& leave_out) {
    leave_out = path.rfind("/confidences", 0) == 0;
  });
  CHECK(unsure.ok());
  CHECK(diagnostics.contains("confidence_missing"));
  write_take(file);
  const std::string bytes = read_file(file).value();
  for (std::size_t length = 0; length < bytes.size(); length += length < 128 ? 1 : 2503) {
    CAPTURE(length);
    write_quickly(file, bytes.substr(0, length));
    const auto cut = egodex::read_take(file, diagnostics);
    REQUIRE_FALSE(cut.ok());
    CHECK(cut.error().code == ErrorCode::corrupt);
  }
  CHECK(egodex::read_take(folder.path() / "none.hdf5", diagnostics).error().code ==
        ErrorCode::not_found);
}
