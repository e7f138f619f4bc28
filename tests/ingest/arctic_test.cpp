// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/arctic.h>
#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/ingest/arctic/sequence.h"
#include "sim/ingest/foreign/obj_extent.h"
#include "sim/ingest/foreign/zip_members.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

namespace {

template <class Number>
void put(std::string& out, Number value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(Number));
  std::memcpy(out.data() + at, &value, sizeof(Number));
}

/// An .npy of 32-bit reals or of bytes.
template <class Number>
std::string npy(const std::string& shape, const std::string& type,
                const std::vector<Number>& values) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header += std::string((64 - (11 + header.size()) % 64) % 64, ' ') + "\n";
  std::string out("\x93NUMPY\x01\x00", 8);
  put(out, static_cast<std::uint16_t>(header.size()));
  out += header;
  for (const Number value : values) put(out, value);
  return out;
}

/// A zip archive of stored members.
std::string zip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out;
  std::string directory;
  for (const auto& [name, bytes] : members) {
    const auto sum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto offset = static_cast<std::uint32_t>(out.size());
    std::string common;
    put(common, std::uint16_t{20}), put(common, std::uint16_t{0}), put(common, std::uint16_t{0});
    put(common, std::uint32_t{0x00210000}), put(common, sum), put(common, size), put(common, size);
    put(common, static_cast<std::uint16_t>(name.size())), put(common, std::uint16_t{0});
    put(out, std::uint32_t{0x04034b50});
    out += common + name + bytes;
    put(directory, std::uint32_t{0x02014b50}), put(directory, std::uint16_t{20});
    directory += common;
    put(directory, std::uint16_t{0}), put(directory, std::uint16_t{0});
    put(directory, std::uint16_t{0}), put(directory, std::uint32_t{0}), put(directory, offset);
    directory += name;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out += directory;
  put(out, std::uint32_t{0x06054b50}), put(out, std::uint32_t{0});
  put(out, static_cast<std::uint16_t>(members.size()));
  put(out, static_cast<std::uint16_t>(members.size()));
  put(out, static_cast<std::uint32_t>(directory.size())), put(out, start);
  put(out, std::uint16_t{0});
  return out;
}

/// Two frames of a made-up sequence, array by array, so that one can be spoilt.
std::vector<std::pair<std::string, std::string>> small_sequence() {
  std::vector<std::pair<std::string, std::string>> members;
  members.emplace_back("time_s.npy", npy<double>("(2,)", "<f8", {0.0, 0.1}));
  members.emplace_back("obj_pos.npy", npy<float>("(2, 3)", "<f4", {0, 0, 1, 0, 0, 1}));
  members.emplace_back("obj_quat_wxyz.npy", npy<float>("(2, 4)", "<f4", {1, 0, 0, 0, 1, 0, 0, 0}));
  members.emplace_back("obj_articulation_rad.npy", npy<float>("(2,)", "<f4", {0, 1}));
  for (const char* side : {"left", "right"}) {
    const std::string s = side;
    members.emplace_back("joints_" + s + ".npy",
                         npy<float>("(2, 21, 3)", "<f4", std::vector<float>(126, 0.5f)));
    members.emplace_back("contact_points_" + s + ".npy",
                         npy<float>("(2, 50, 3)", "<f4", std::vector<float>(300, 0.0f)));
    members.emplace_back("contact_valid_" + s + ".npy",
                         npy<std::uint8_t>("(2, 50)", "|b1", std::vector<std::uint8_t>(100, 0)));
    members.emplace_back("contact_part_" + s + ".npy",
                         npy<std::uint8_t>("(2, 50)", "|u1", std::vector<std::uint8_t>(100, 0)));
  }
  return members;
}

Result<arctic::Sequence> read(const std::string& bytes) {
  Diagnostics diagnostics;
  return arctic::read_sequence(bytes, "s.npz", diagnostics);
}

/// The sequence with one array replaced.
Result<arctic::Sequence> read_with(const std::string& name, const std::string& bytes) {
  auto members = small_sequence();
  for (auto& member : members) {
    if (member.first == name) member.second = bytes;
  }
  return read(zip(members));
}

}  // namespace

TEST_CASE("arctic: sequences have the frames, travel and contact that others counted") {
  struct Expected {
    const char* name;
    std::size_t frames;
    double left_share;
    double right_share;
    std::size_t first;
    std::size_t last;
    double angle_deg;
  };
  for (const Expected& e : {Expected{"mixer_use_01", 638, 0.81, 0.80, 44, 574, 96},
                            Expected{"laptop_use_01", 653, 0.82, 0.83, 35, 605, 133},
                            Expected{"ketchup_use_01", 697, 0.74, 0.74, 35, 641, 160},
                            Expected{"waffleiron_use_01", 605, 0.84, 0.83, 38, 554, 166}}) {
    CAPTURE(e.name);
    const auto bytes = sample_bytes(std::string("arctic/") + e.name + ".npz");
    if (!bytes) return;
    const arctic::Sequence s = read(*bytes).value();
    REQUIRE(s.time_ns.size() == e.frames);
    CHECK(s.time_ns[1] == 33333333);
    const auto share = [&](const arctic::SequenceHand& hand) {
      double touching = 0.0;
      for (const auto& touches : hand.touches) touching += touches.empty() ? 0.0 : 1.0;
      return touching / static_cast<double>(e.frames);
    };
    CHECK(share(s.left) == Approx(e.left_share).margin(0.006));
    CHECK(share(s.right) == Approx(e.right_share).margin(0.006));
    std::size_t first = e.frames;
    std::size_t last = 0;
    for (std::size_t t = 0; t < e.frames; ++t) {
      if (s.left.touches[t].empty() && s.right.touches[t].empty()) continue;
      first = std::min(first, t);
      last = t;
    }
    CHECK(first == e.first);
    CHECK(last == e.last);
    const double widest = *std::max_element(s.articulation_rad.begin(), s.articulation_rad.end());
    CHECK(widest * 57.29578 == Approx(e.angle_deg).margin(0.6));
  }
}

TEST_CASE("arctic: touched points lie on the mesh of their part, so parts and hinge are right") {
  const auto bytes = sample_bytes("arctic/mixer_use_01.npz");
  const auto bottom = sample_bytes("arctic/models/mixer/bottom_watertight_tiny.obj");
  const auto top = sample_bytes("arctic/models/mixer/top_watertight_tiny.obj");
  if (!bytes || !bottom || !top) return;
  const arctic::Sequence s = read(*bytes).value();
  for (const auto& [part, mesh] :
       {std::pair{arctic::Part::bottom, *bottom}, {arctic::Part::top, *top}}) {
    const auto extent = foreign::extent_of_obj(mesh, "m.obj").value();
    const double slack = 0.004;  // 95 % of the points are closer than 3 mm to the mesh.
    std::size_t inside = 0;
    std::size_t all = 0;
    for (const arctic::SequenceHand* hand : {&s.left, &s.right}) {
      for (std::size_t t = 0; t < s.time_ns.size(); ++t) {
        const Pose part_from_world = inverse(world_from_part(s, part, t));
        for (const arctic::Touch& touch : hand->touches[t]) {
          if (touch.part != part) continue;
          const Vec3 p = part_from_world * touch.p_in_world_m;
          ++all;
          inside += p.x > extent.min_m.x - slack && p.x < extent.max_m.x + slack &&
                            p.y > extent.min_m.y - slack && p.y < extent.max_m.y + slack &&
                            p.z > extent.min_m.z - slack && p.z < extent.max_m.z + slack
                        ? 1
                        : 0;
        }
      }
    }
    REQUIRE(all > 1000);
    CHECK(static_cast<double>(inside) > 0.97 * static_cast<double>(all));
  }
}

TEST_CASE("arctic: a sequence becomes tracks in the world of the file, with touches as segments") {
  const auto path = sample("arctic/ketchup_use_01.npz");
  const auto facts = sample_bytes("arctic/ketchup_use_01.json");
  if (!path || !facts) return;
  Diagnostics diagnostics;
  const Imported imported = import_arctic(*path, {}, diagnostics).value();
  const Tracks& tracks = *imported.tracks;
  CHECK(tracks.frames == 697);
  CHECK(tracks.camera_is_static);
  CHECK(diagnostics.contains("camera_invented"));
  CHECK(diagnostics.contains("contact_is_nearness"));
  CHECK_FALSE(diagnostics.contains("object_size_guessed"));
  REQUIRE(tracks.hands.size() == 2);
  REQUIRE(tracks.objects.size() == 2);
  CHECK(tracks.objects[0].id == "ketchup_bottom");
  // Hands: through camera and map back to the array of the file, joint by joint.
  const arctic::Sequence s = read(read_file(*path).value()).value();
  const auto check_hand = [&](const HandTrack& hand, const arctic::SequenceHand& truth) {
    CHECK(hand.observations.size() > 600);
    for (const HandObservation& o : hand.observations) {
      const auto frame = static_cast<std::size_t>(o.frame);
      for (std::size_t j = 0; j < kHandJoints; ++j) {
        const Vec3 p = tracks.camera[frame].map_from_camera * o.joints_in_camera_m[j];
        if (norm(p - truth.joints_in_world_m[frame][j]) > 1e-9) {
          CHECK(norm(p - truth.joints_in_world_m[frame][j]) < 1e-9);
        }
      }
    }
  };
  check_hand(tracks.hands[0], s.left);
  check_hand(tracks.hands[1], s.right);
  CHECK(tracks.hands[0].bone_length_m[0] == Approx(0.036).margin(5e-4));  // Wrist to thumb root.
  // Spans of touch as the facts have them: first and last frame, both included.
  const auto expected = nlohmann::json::parse(*facts)["facts"];
  std::vector<std::pair<int, int>> left;
  for (const Segment& segment : imported.segments.segments) {
    CHECK(segment.verb == "touch");
    if (segment.id.rfind("left", 0) != 0) continue;
    left.emplace_back(static_cast<int>(std::llround(seconds_from_ns(segment.start_ns) * 30.0)),
                      static_cast<int>(std::llround(seconds_from_ns(segment.stop_ns) * 30.0)) - 1);
  }
  REQUIRE(left.size() == expected["contact_spans_left"].size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    CHECK(left[i].first == expected["contact_spans_left"][i][0].get<int>());
    CHECK(left[i].second == expected["contact_spans_left"][i][1].get<int>());
  }
  CHECK(validated(imported.segments).ok());
}

TEST_CASE("arctic: archives and arrays that are damaged are refused") {
  const std::string good = zip(small_sequence());
  REQUIRE(read(good).ok());
  std::set<std::string> places;
  for (std::size_t length = 0; length < good.size(); length += length < 400 ? 1 : 13) {
    CAPTURE(length);
    check_corrupt(read(good.substr(0, length)), "s.npz: byte");
  }
  check_corrupt(read(good + "x"), "s.npz");
  const std::size_t first_member = 30 + std::string("time_s.npy").size();
  for (std::size_t i = first_member; i < first_member + 144; ++i) {
    CAPTURE(i);
    std::string flipped = good;
    flipped[i] = static_cast<char>(~flipped[i]);
    check_corrupt(read(flipped), "s.npz:time_s.npy");
  }
  for (const auto& member : small_sequence()) {
    auto without = small_sequence();
    std::erase_if(without, [&](const auto& entry) { return entry.first == member.first; });
    check_corrupt(read(zip(without)), "s.npz:" + member.first);
    auto twice = small_sequence();
    twice.push_back(member);
    check_corrupt(read(zip(twice)), "s.npz: byte");
  }
  const float nan = std::numeric_limits<float>::quiet_NaN();
  check_corrupt(read_with("obj_pos.npy", npy<float>("(2, 3)", "<f4", {0, 0, 1, 0, nan, 1})),
                "s.npz:obj_pos.npy");
  check_corrupt(read_with("obj_pos.npy", npy<float>("(2, 3)", "<f4", {0, 0, 900, 0, 0, 900})),
                "s.npz:obj_pos.npy");  // Millimetres.
  check_corrupt(read_with("obj_pos.npy", npy<float>("(3, 2)", "<f4", {0, 0, 1, 0, 0, 1})),
                "s.npz:obj_pos.npy");
  check_corrupt(
      read_with("obj_quat_wxyz.npy", npy<float>("(2, 4)", "<f4", {1, 0, 0, 0, 0.9f, 0, 0, 0})),
      "s.npz:obj_quat_wxyz.npy");
  check_corrupt(read_with("time_s.npy", npy<double>("(2,)", "<f8", {0.1, 0.1})),
                "s.npz:time_s.npy");
  std::vector<std::uint8_t> touched(100, 0);
  touched[3] = 1;
  check_corrupt(read_with("contact_valid_left.npy", npy("(2, 50)", "|b1", touched)),
                "contact_part_left.npy");  // Touched, but part 0.
  const auto pickled = read(npy<float>("()", "|O", {0.0f}));
  REQUIRE_FALSE(pickled.ok());
  CHECK(pickled.error().code == ErrorCode::unsupported);
  auto object = small_sequence();
  object[1].second = npy<float>("()", "|O", {0.0f});
  CHECK(read(zip(object)).error().code == ErrorCode::unsupported);
}
