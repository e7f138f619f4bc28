// SPDX-License-Identifier: Apache-2.0
#include "sim/film/hand_model.h"

#include <hearth/core/rng.h>

#include <cmath>

namespace hearth::film_internal {
namespace {

// Mean hand of 185 mm (wrist crease to middle tip along the bones), metres.
constexpr std::array<Vec3, 4> kKnuckle = {Vec3{0.000, 0.0230, 0.0890}, Vec3{0.000, 0.0, 0.0910},
                                          Vec3{0.001, -0.0195, 0.0850},
                                          Vec3{0.003, -0.0370, 0.0765}};
constexpr double kPhalanx[4][3] = {{0.0420, 0.0250, 0.0215},
                                   {0.0450, 0.0275, 0.0215},
                                   {0.0415, 0.0260, 0.0215},
                                   {0.0335, 0.0200, 0.0195}};
constexpr Vec3 kThumbBase = {0.010, 0.0240, 0.0190};
constexpr std::array<double, 3> kThumbBone = {0.0440, 0.0340, 0.0285};
constexpr double kMeanLength = 0.0910 + 0.0450 + 0.0275 + 0.0215;

// Skin radii of the mean hand at the 21 joints, metres.
constexpr std::array<double, kHandJoints> kRadius = {0.0205, 0.0170, 0.0120, 0.0100,
                                                     0.0080,  // wrist, thumb
                                                     0.0125, 0.0092, 0.0082, 0.0068,   // index
                                                     0.0128, 0.0094, 0.0083, 0.0069,   // middle
                                                     0.0122, 0.0089, 0.0079, 0.0066,   // ring
                                                     0.0112, 0.0079, 0.0069, 0.0059};  // little

Vec3 mirrored(Vec3 v, HandSide side) { return side == HandSide::left ? Vec3{v.x, -v.y, v.z} : v; }

}  // namespace

AngleVector vector_from_angles(const HandAngles& angles) {
  AngleVector v{};
  for (std::size_t f = 0; f < 4; ++f) {
    const FingerAngles& a = angles.finger[f];
    v[4 * f] = a.mcp;
    v[4 * f + 1] = a.spread;
    v[4 * f + 2] = a.pip;
    v[4 * f + 3] = a.dip;
  }
  v[16] = angles.thumb_abduction;
  v[17] = angles.thumb_opposition;
  v[18] = angles.thumb_mcp;
  v[19] = angles.thumb_ip;
  return v;
}

HandAngles angles_from_vector(const AngleVector& v) {
  HandAngles angles;
  for (std::size_t f = 0; f < 4; ++f) {
    angles.finger[f] = {v[4 * f], v[4 * f + 1], v[4 * f + 2], v[4 * f + 3]};
  }
  angles.thumb_abduction = v[16];
  angles.thumb_opposition = v[17];
  angles.thumb_mcp = v[18];
  angles.thumb_ip = v[19];
  return angles;
}

const AngleVector& angle_low() {
  static const AngleVector low = {-0.25, -0.30, 0.0,   -0.05, -0.25, -0.30, 0.0,
                                  -0.05, -0.25, -0.30, 0.0,   -0.05, -0.25, -0.30,
                                  0.0,   -0.05, 0.15,  0.0,   -0.15, -0.15};
  return low;
}

const AngleVector& angle_high() {
  static const AngleVector high = {1.5,  0.30, 1.75, 1.1,  1.5,  0.30, 1.75, 1.1,  1.5, 0.30,
                                   1.75, 1.1,  1.5,  0.30, 1.75, 1.1,  1.15, 1.85, 0.9, 1.1};
  return high;
}

HandShape draw_hand_shape(std::uint64_t seed) {
  Rng rng(seed, 0, "film_hand_shape");
  HandShape shape;
  shape.length_m = rng.uniform(0.165, 0.205);
  const double width = rng.uniform(0.95, 1.05);
  shape.thickness = rng.uniform(0.94, 1.08) * shape.length_m / kMeanLength;
  const auto jitter = [&rng] { return rng.uniform(0.95, 1.05); };
  for (std::size_t f = 0; f < 4; ++f) {
    const double stretch = jitter();
    shape.knuckle_m[f] = {kKnuckle[f].x, kKnuckle[f].y * width, kKnuckle[f].z * stretch};
    for (std::size_t p = 0; p < 3; ++p) shape.phalanx_m[f][p] = kPhalanx[f][p] * jitter();
  }
  shape.thumb_base_m = kThumbBase;
  for (std::size_t p = 0; p < 3; ++p) shape.thumb_bone_m[p] = kThumbBone[p] * jitter();
  // The chain wrist - middle tip gets exactly the drawn length.
  const auto& middle = shape.phalanx_m[1];
  const double drawn = shape.knuckle_m[1].z + middle[0] + middle[1] + middle[2];
  const double scale = shape.length_m / drawn;
  for (Vec3& k : shape.knuckle_m) k = scale * k;
  for (auto& finger : shape.phalanx_m) {
    for (double& bone : finger) bone *= scale;
  }
  shape.thumb_base_m = scale * shape.thumb_base_m;
  for (double& bone : shape.thumb_bone_m) bone *= scale;
  return shape;
}

HandJoints joints_in_wrist(const HandShape& shape, const HandAngles& angles, HandSide side) {
  HandJoints joints{};
  // Thumb: its plane contains the palm's long axis; flexion swings the bones back toward that axis.
  const double o = angles.thumb_opposition;
  const Vec3 out = {std::sin(o), std::cos(o), 0.0};
  const Vec3 along = {0.0, 0.0, 1.0};
  const std::array<double, 3> tilt = {angles.thumb_abduction,
                                      angles.thumb_abduction - angles.thumb_mcp,
                                      angles.thumb_abduction - angles.thumb_mcp - angles.thumb_ip};
  joints[1] = shape.thumb_base_m;
  for (std::size_t p = 0; p < 3; ++p) {
    const Vec3 direction = std::sin(tilt[p]) * out + std::cos(tilt[p]) * along;
    joints[p + 2] = joints[p + 1] + shape.thumb_bone_m[p] * direction;
  }
  for (std::size_t f = 0; f < 4; ++f) {
    const FingerAngles& a = angles.finger[f];
    const Vec3 straight = {0.0, std::sin(a.spread), std::cos(a.spread)};
    const Vec3 palmar = {1.0, 0.0, 0.0};
    const std::array<double, 3> bend = {a.mcp, a.mcp + a.pip, a.mcp + a.pip + a.dip};
    const std::size_t first = 5 + 4 * f;
    joints[first] = shape.knuckle_m[f];
    for (std::size_t p = 0; p < 3; ++p) {
      const Vec3 direction = std::cos(bend[p]) * straight + std::sin(bend[p]) * palmar;
      joints[first + p + 1] = joints[first + p] + shape.phalanx_m[f][p] * direction;
    }
  }
  for (Vec3& joint : joints) joint = mirrored(joint, side);
  return joints;
}

HandJoints joints_in_frame(const Pose& frame_from_wrist, const HandShape& shape,
                           const HandAngles& angles, HandSide side) {
  HandJoints joints = joints_in_wrist(shape, angles, side);
  for (Vec3& joint : joints) joint = frame_from_wrist * joint;
  return joints;
}

std::array<double, kHandJoints> skin_radii_m(const HandShape& shape) {
  std::array<double, kHandJoints> radii = kRadius;
  for (double& r : radii) r *= shape.thickness;
  return radii;
}

std::vector<RoundCone> skin_cones(const HandJoints& joints, const HandShape& shape) {
  const auto radii = skin_radii_m(shape);
  std::vector<RoundCone> cones;
  cones.reserve(27);
  const auto add = [&](std::size_t a, std::size_t b) {
    cones.push_back({joints[a], joints[b], radii[a], radii[b]});
  };
  for (std::size_t f = 0; f < 5; ++f) {
    for (std::size_t p = 1; p < 4; ++p) add(4 * f + p, 4 * f + p + 1);
  }
  for (const std::size_t knuckle : {5U, 9U, 13U, 17U}) {
    cones.push_back({joints[0], joints[knuckle], 0.85 * radii[0], radii[knuckle]});
  }
  add(5, 9);
  add(9, 13);
  add(13, 17);
  add(0, 1);
  // The web between thumb and index, and the two muscle pads of the palm.
  cones.push_back({joints[1], joints[5], 0.9 * radii[1], 0.8 * radii[5]});
  const Vec3 web = 0.5 * (joints[2] + joints[5]);
  cones.push_back({0.5 * (joints[1] + joints[2]), 0.35 * joints[5] + 0.65 * web, 0.7 * radii[1],
                   0.55 * radii[5]});
  return cones;
}

HandAngles relaxed_angles() {
  HandAngles angles;
  angles.finger[0] = {0.30, 0.06, 0.40, 0.20};
  angles.finger[1] = {0.35, 0.00, 0.45, 0.22};
  angles.finger[2] = {0.40, -0.05, 0.50, 0.25};
  angles.finger[3] = {0.42, -0.14, 0.50, 0.25};
  angles.thumb_abduction = 0.62;
  angles.thumb_opposition = 0.55;
  angles.thumb_mcp = 0.15;
  angles.thumb_ip = 0.20;
  return angles;
}

}  // namespace hearth::film_internal
