// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/core/rng.h>
#include <hearth/engine/capsule_humanoid.h>
#include <hearth/engine/engine_info.h>
#include <hearth/engine/kinematics.h>
#include <hearth/engine/world_model.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace hearth;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<const HumanoidJoint*> joints_of(const Humanoid& humanoid) {
  std::vector<const HumanoidJoint*> joints;
  for (const HumanoidBody& body : humanoid.bodies) {
    for (const HumanoidJoint& joint : body.joints) joints.push_back(&joint);
  }
  return joints;
}

std::vector<double> random_posture(const Humanoid& humanoid, std::uint64_t unit) {
  Rng rng(1, unit, "posture");
  std::vector<double> q;
  for (const HumanoidJoint* joint : joints_of(humanoid)) {
    q.push_back(rng.uniform(std::max(joint->low, -2.0), std::min(joint->high, 2.0)));
  }
  return q;
}

Scene table_and_box() {
  Scene scene;
  Support table;
  table.id = "table";
  table.world_from_support = {{0.5, 0, 0.8}, {}};
  table.size_m = {0.8, 1.2, 0.04};
  scene.supports = {table};
  SceneObject box;
  box.id = "box";
  box.shape = {ShapeKind::box, {0.06, 0.06, 0.12}};
  box.world_from_object = {{0.4, 0.1, 0.86}, {}};
  box.mass_kg = {0.4, 0, Source::prior};
  box.friction = {0.8, 0, Source::prior};
  scene.objects = {box};
  return scene;
}

}  // namespace

TEST_CASE("the engine is the pinned one") {
  CHECK(check_engine().ok());
  CHECK(engine_name() == "mujoco 4.0.1");
}

TEST_CASE("the capsule humanoid has the joints it promises") {
  const Humanoid humanoid = capsule_humanoid().value();
  CHECK(joints_of(humanoid).size() == 63);
  double mass = 0.0;
  for (const HumanoidBody& body : humanoid.bodies) mass += body.mass_kg;
  CHECK(mass == Approx(61.0).margin(3.0));
  int hand_joints = 0;
  for (const HumanoidJoint* joint : joints_of(humanoid)) {
    CAPTURE(joint->name);
    CHECK(joint->kv > 0.0);
    const bool finger = joint->name.rfind("right_", 0) == 0 &&
                        joint->name.find("shoulder") == std::string::npos &&
                        joint->name.find("wrist") == std::string::npos &&
                        joint->name.find("elbow") == std::string::npos &&
                        joint->name.find("pronation") == std::string::npos;
    hand_joints += finger ? 1 : 0;
  }
  CHECK(hand_joints == 20);
  CHECK(humanoid_named("capsule").value() == humanoid);
  const auto unknown = humanoid_named("giant");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().code == ErrorCode::not_found);
}

TEST_CASE("velocity gains are critical damping at the nominal posture") {
  const Humanoid humanoid = capsule_humanoid().value();
  Kinematics kinematics = make_kinematics(humanoid).value();
  std::vector<double> nominal;
  for (const HumanoidJoint* joint : joints_of(humanoid)) nominal.push_back(joint->nominal);
  kinematics.set_positions(nominal);
  std::vector<double> inertia(nominal.size());
  kinematics.inertia_diagonal(inertia);
  for (std::size_t i = 0; i < nominal.size(); ++i) {
    const HumanoidJoint& joint = *joints_of(humanoid)[i];
    CHECK(joint.kv + joint.damping == Approx(2.0 * std::sqrt(joint.kp * inertia[i])));
  }
}

TEST_CASE("hands are shaped as hand.h says, left and right mirrored") {
  const Humanoid humanoid = capsule_humanoid().value();
  Kinematics kinematics = make_kinematics(humanoid).value();
  kinematics.set_positions(std::vector<double>(63, 0.0));
  const auto tip = [&](const std::string& name) {
    for (const HumanoidSite& site : humanoid.sites) {
      if (site.name != name) continue;
      return kinematics.body_pose(kinematics.body_index(site.body)) *
             site.body_from_site.position_m;
    }
    throw std::logic_error("no site " + name);
  };
  for (const HandSide side : {HandSide::right, HandSide::left}) {
    const std::string prefix = side == HandSide::right ? "right_" : "left_";
    CAPTURE(prefix);
    HandJoints joints{};
    joints[0] = kinematics.body_pose(kinematics.body_index(prefix + "hand")).position_m;
    const char* names[5] = {"thumb", "index", "middle", "ring", "little"};
    for (std::size_t f = 0; f < 5; ++f) {
      const char* parts[3] = {"_proximal", "_middle", "_distal"};
      for (std::size_t k = 0; k < 3; ++k) {
        joints[4 * f + 1 + k] =
            kinematics.body_pose(kinematics.body_index(prefix + names[f] + parts[k])).position_m;
      }
      joints[4 * f + 4] = tip(prefix + "tip_" + std::to_string(f));
    }
    const Pose expected = wrist_pose(joints, side);
    const Pose actual = kinematics.body_pose(kinematics.body_index(prefix + "hand"));
    CHECK(norm(expected.position_m - actual.position_m) < 1e-12);
    // The palm normal of wrist_pose() is found from knuckles; a few degrees are a matter of
    // definition.
    CHECK(angle_between_rad(expected.rotation, actual.rotation) < 0.12);
    CHECK(hand_length_m(joints) == Approx(humanoid.hand_length_m));
  }
  const Vec3 left = tip("left_tip_1");
  const Vec3 right = tip("right_tip_1");
  CHECK(left.x == Approx(right.x).margin(1e-12));
  CHECK(left.y == Approx(-right.y));
  CHECK(left.z == Approx(right.z));
}

TEST_CASE("Jacobians agree with finite differences") {
  const Humanoid humanoid = capsule_humanoid().value();
  Kinematics kinematics = make_kinematics(humanoid).value();
  const int body = kinematics.body_index("right_index_distal");
  const Vec3 in_body{0.0, 0.0, 0.02};
  for (std::uint64_t unit = 0; unit < 3; ++unit) {
    std::vector<double> q = random_posture(humanoid, unit);
    kinematics.set_positions(q);
    const Pose at = kinematics.body_pose(body);
    std::vector<double> position(3 * 63);
    std::vector<double> rotation(3 * 63);
    kinematics.jacobian(body, at * in_body, position, rotation);
    for (std::size_t i = 0; i < 63; ++i) {
      CAPTURE(unit, i);
      constexpr double kStep = 1e-6;
      const double kept = q[i];
      q[i] = kept + kStep;
      kinematics.set_positions(q);
      const Pose moved = kinematics.body_pose(body);
      q[i] = kept;
      const Vec3 d = (1.0 / kStep) * (moved * in_body - at * in_body);
      const Vec3 w =
          (1.0 / kStep) * rotation_vector_from_quat(moved.rotation * conjugate(at.rotation));
      // Forward differences of a function with curvature about 1: error about the step.
      CHECK(norm(d - Vec3{position[i], position[63 + i], position[126 + i]}) < 1e-4);
      CHECK(norm(w - Vec3{rotation[i], rotation[63 + i], rotation[126 + i]}) < 1e-4);
    }
  }
}

TEST_CASE("a scene with a humanoid compiles to a model one can read") {
  const Humanoid humanoid = capsule_humanoid().value();
  const WorldModel world = compile(table_and_box(), humanoid).value();
  CHECK(world.position_count() == 63 + 7);
  CHECK(world.velocity_count() == 63 + 6);
  CHECK(world.actuator_names().size() == 63);
  CHECK(world.body_names().front() == "world");
  CHECK(world.body_names().back() == "box");
  CHECK(world.mjcf().find("<mujoco") == 0);
  CHECK(world.mjcf().find("name=\"box\"") != std::string::npos);
  CHECK(world.mjcf_sha256() == sha256_hex(world.mjcf()));
  for (const VisualGeom& geom : world.visual_geoms()) {
    CHECK(geom.body_index > 0);
    CHECK(static_cast<std::size_t>(geom.body_index) < world.body_names().size());
  }
  CHECK(compile(table_and_box(), humanoid).value().mjcf() == world.mjcf());
  Scene heavier = table_and_box();
  heavier.objects[0].mass_kg.value = 0.5;
  CHECK(compile(heavier, humanoid).value().mjcf_sha256() != world.mjcf_sha256());
}

TEST_CASE("what the engine cannot build is an error that names it") {
  const Humanoid humanoid = capsule_humanoid().value();
  Scene twice = table_and_box();
  twice.objects.push_back(twice.objects[0]);
  const auto named = compile(twice, humanoid);
  REQUIRE_FALSE(named.ok());
  CHECK(named.error().code == ErrorCode::invalid_argument);
  CHECK(named.error().where == "box");

  Scene flat = table_and_box();
  flat.objects[0].shape.size_m.x = 0.0;
  const auto sized = compile(flat, humanoid);
  REQUIRE_FALSE(sized.ok());
  CHECK(sized.error().code == ErrorCode::invalid_argument);
  CHECK_FALSE(sized.error().message.empty());

  const auto slow = compile(table_and_box(), humanoid, {.timestep_s = 0.5});
  REQUIRE_FALSE(slow.ok());
  CHECK(slow.error().where == "timestep_s");
  // After failures the next compile is as good as the first.
  CHECK(compile(table_and_box(), humanoid).ok());
}

TEST_CASE("handles of the engine's own strings are never dereferenced") {
  // Members of spec structs that are handles, on the left of an assignment or behind a star.
  const std::regex writes(
      R"((->|geom\.|actuator\.)(name|target|info|childclass|material|meshname|hfieldname|refsite|slidersite|file|modelname|comment|userdata)\s*(=[^=]|->|\.))");
  const std::regex dereferences(
      R"(\*\s*mjs_get(Name|String)|\*\w+->(target|info|material|userdata)\b)");
  CHECK(std::regex_search(std::string("actuator->target = name;"), writes));
  CHECK(std::regex_search(std::string("*mjs_getName(element)"), dereferences));
  int scanned = 0;
  const std::filesystem::path root = std::filesystem::path(HEARTH_SOURCE_DIR) / "sim";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    const bool builds_specs = source.find("mjSpec") != std::string::npos;
    if (!builds_specs) continue;
    ++scanned;
    CAPTURE(entry.path().string());
    CHECK(entry.path().parent_path().filename() == "engine");
    CHECK_FALSE(std::regex_search(source, writes));
    CHECK_FALSE(std::regex_search(source, dereferences));
  }
  CHECK(scanned >= 1);
}
