// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/perturb/sample_variants.h>
#include <hearth/task/object_path.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "small_home.h"

using namespace hearth;

namespace {

Home applied(const Home& home, std::vector<Edit> edits) {
  Diagnostics diagnostics;
  Result<Home> result = apply(Variant{.edits = std::move(edits)}, home, diagnostics);
  REQUIRE(result.ok());
  CHECK(diagnostics.empty());
  return std::move(result).value();
}

double distance(const Pose& a, const Pose& b) {
  return norm(a.position_m - b.position_m) + angle_between_rad(a.rotation, b.rotation);
}

}  // namespace

TEST_CASE("apply: the empty variant is the identity, bit for bit") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 100)));
  const Home home = make_small_home(seed);
  Diagnostics diagnostics;
  CHECK(*apply(Variant{.seed = seed, .preset = "near"}, home, diagnostics) == home);
  CHECK(diagnostics.empty());
}

TEST_CASE("apply: while the hand holds the object, the grasp is the source's") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 50)));
  CAPTURE(seed);
  const Home home = make_small_home(seed);
  const auto variants = sample_variants(home, {.count = 4, .seed = seed});
  for (const Variant& variant : *variants) {
    Diagnostics diagnostics;
    const auto edited = apply(variant, home, diagnostics);
    REQUIRE(edited.ok());
    CHECK(diagnostics.empty());
    const auto& track = home.object_tracks.tracks[0].samples;
    const auto& new_track = edited->object_tracks.tracks[0].samples;
    for (std::size_t i = 0; i < track.size(); ++i) {
      const HandSample& hand = home.hands[0].spans[0].samples[i];
      const HandSample& new_hand = edited->hands[0].spans[0].samples[i];
      CHECK(distance(inverse(track[i].world_from_object) * hand.world_from_wrist,
                     inverse(new_track[i].world_from_object) * new_hand.world_from_wrist) < 1e-9);
      for (std::size_t j = 0; j < hand.joints_in_world_m.size(); ++j) {
        CHECK(norm(inverse(hand.world_from_wrist) * hand.joints_in_world_m[j] -
                   inverse(new_hand.world_from_wrist) * new_hand.joints_in_world_m[j]) < 1e-9);
      }
    }
    // The track begins and ends where scene and task say.
    CHECK(distance(new_track.front().world_from_object,
                   edited->scene.objects[0].world_from_object) < 1e-9);
    CHECK(distance(new_track.back().world_from_object, edited->task.world_from_goal) < 1e-9);
    // It rests on its support before and after.
    const double top = edited->scene.supports[0].world_from_support.position_m.z;
    CHECK(bottom_m(edited->scene.objects[0].shape, new_track.front().world_from_object) ==
          Approx(top).margin(1e-9));
    CHECK(bottom_m(edited->scene.objects[0].shape, new_track.back().world_from_object) ==
          Approx(top).margin(1e-9));
    CHECK(edited->contacts == home.contacts);
  }
}

TEST_CASE("apply: the adapted motion is smooth") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 20)));
  const Home home = make_small_home(seed);
  Diagnostics diagnostics;
  const auto variants = sample_variants(home, {.count = 4, .seed = seed});
  for (const Variant& variant : *variants) {
    const auto edited = apply(variant, home, diagnostics);
    const auto& before = home.object_tracks.tracks[0].samples;
    const auto& after = edited->object_tracks.tracks[0].samples;
    for (std::size_t i = 1; i < before.size(); ++i) {
      const double dt = 1.0 / 30.0;
      const double extra =
          norm((after[i].world_from_object.position_m - before[i].world_from_object.position_m) -
               (after[i - 1].world_from_object.position_m -
                before[i - 1].world_from_object.position_m)) /
          dt;
      // Start and goal differ by at most .2 m on two axes and .3 mm in height; minimum jerk over
      // 1 s peaks at 1.875 times the mean speed.
      CHECK(extra < 1.875 * std::hypot(0.2, 0.2) + 0.01);
    }
  }
}

TEST_CASE("apply: each edit changes what it names") {
  const Home home = make_small_home(3);
  const SceneObject& box = home.scene.objects[0];
  Home edited = applied(home, {MoveStart{"box", 0.1, -0.05, 0.3}});
  CHECK(norm(edited.scene.objects[0].world_from_object.position_m -
             box.world_from_object.position_m - Vec3{0.1, -0.05, 0}) < 1e-12);
  CHECK(angle_between_rad(edited.scene.objects[0].world_from_object.rotation,
                          box.world_from_object.rotation) == Approx(0.3));
  CHECK(edited.task == home.task);
  CHECK(edited.hands[1] == home.hands[1]);
  CHECK(edited.scene.objects[1] == home.scene.objects[1]);

  edited = applied(home, {RaiseSupport{"table", 0.04}});
  CHECK(edited.scene.supports[0].height_m.value == Approx(0.84));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(edited.scene.objects[i].world_from_object.position_m.z ==
          Approx(home.scene.objects[i].world_from_object.position_m.z + 0.04));
    CHECK(edited.hands[i].spans[0].samples[10].world_from_wrist.position_m.z ==
          Approx(home.hands[i].spans[0].samples[10].world_from_wrist.position_m.z + 0.04));
  }

  edited = applied(home, {ScaleObject{"box", {1.1, 0.9, 1.2}}});
  CHECK(edited.scene.objects[0].mass_kg.value == Approx(0.3 * 1.1 * 0.9 * 1.2));
  CHECK(bottom_m(edited.scene.objects[0].shape, edited.scene.objects[0].world_from_object) ==
        Approx(0.8));
  CHECK(bottom_m(edited.scene.objects[0].shape, edited.task.world_from_goal) == Approx(0.8));

  edited = applied(home, {ScaleMass{"box", 2.0}, SetFriction{"box", 0.6}});
  CHECK(edited.scene.objects[0].mass_kg.value == Approx(0.6));
  CHECK(edited.scene.objects[0].friction == Estimate{0.6, 0.0, Source::drawn});
  CHECK(edited.hands == home.hands);
  CHECK(edited.object_tracks == home.object_tracks);

  Material red;
  red.color_rgb = {1, 0, 0};
  edited = applied(home, {SetMaterial{"wall", red}, SetMaterial{"table", red},
                          SetMaterial{"cup", red}, SetMaterial{"floor", red}});
  CHECK(edited.scene.room.wall == red);
  CHECK(edited.scene.room.floor == red);
  CHECK(edited.scene.supports[0].material == red);
  CHECK(edited.scene.objects[1].material == red);

  edited = applied(home, {SetLights{{{.id = "a"}, {.id = "b"}}, 0.2}});
  CHECK(edited.scene.lights.size() == 2);
  CHECK(edited.scene.ambient_light == 0.2);

  edited = applied(home, {MoveCamera{"head", {0.01, 0.02, 0.03}, {0, 0, 0.05}}});
  CHECK(norm(edited.scene.cameras[0].world_from_camera.position_m - Vec3{0.01, 0.02, 1.53}) <
        1e-12);
  CHECK(edited.camera_path.samples[5].world_from_camera ==
        edited.scene.cameras[0].world_from_camera);
}

TEST_CASE("apply: without contacts the hands follow the start and a diagnostic says so") {
  Home home = make_small_home(3);
  home.contacts.spans.clear();
  Diagnostics diagnostics;
  const auto edited = apply(Variant{.edits = {MoveStart{"box", 0.1, 0, 0}, MoveGoal{0, 0.1, 0}}},
                            home, diagnostics);
  REQUIRE(edited.ok());
  CHECK(diagnostics.contains("hand_not_adapted"));
  CHECK(norm(edited->hands[0].spans[0].samples.back().world_from_wrist.position_m -
             home.hands[0].spans[0].samples.back().world_from_wrist.position_m - Vec3{0.1, 0, 0}) <
        1e-9);
}

TEST_CASE("apply: rejects name the edit and the field") {
  const Home home = make_small_home(1);
  Diagnostics diagnostics;
  const auto error = [&](Edit edit) {
    return apply(Variant{.edits = {ScaleMass{"box", 1.0}, std::move(edit)}}, home, diagnostics)
        .error();
  };
  CHECK(error(MoveStart{"jar", 0, 0, 0}).where == "/edits/1/object_id");
  CHECK(error(RaiseSupport{"shelf", 0.1}).where == "/edits/1/support_id");
  CHECK(error(SetMaterial{"jar", {}}).where == "/edits/1/target_id");
  CHECK(error(MoveCamera{"wrist", {}, {}}).where == "/edits/1/camera_id");
  CHECK(error(SetFriction{"jar", 1}).code == ErrorCode::not_found);
  CHECK(error(ScaleObject{"box", {0, 1, 1}}).code == ErrorCode::invalid_argument);
  CHECK(error(ScaleMass{"box", -1}).code == ErrorCode::invalid_argument);
  CHECK(error(MoveGoal{std::nan(""), 0, 0}).code == ErrorCode::invalid_argument);
}
