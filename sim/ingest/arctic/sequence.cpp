// SPDX-License-Identifier: Apache-2.0
#include "sequence.h"

#include <hearth/io/npy_array.h>

#include <cmath>
#include <optional>

#include "sim/ingest/foreign/zip_members.h"

namespace hearth::arctic {
namespace {

constexpr double kMaxPositionM = 20.0;

/// Arrays of one archive; the first failure is kept.
class Arrays {
 public:
  Arrays(std::vector<foreign::ZipMember> members, std::string file)
      : members_(std::move(members)), file_(std::move(file)) {}

  /// Finite reals (whole numbers are turned into reals) of an exact shape, T in the first place.
  std::vector<double> reals(const std::string& name, std::vector<std::size_t> shape) {
    NpyArray array = get(name, shape);
    if (array.kind != NpyKind::real) {
      array.reals.assign(array.integers.begin(), array.integers.end());
    }
    for (std::size_t i = 0; i < array.reals.size(); ++i) {
      if (!std::isfinite(array.reals[i])) {
        fail("value " + std::to_string(i) + " is not finite", name);
      }
    }
    if (error_) return {};
    return std::move(array.reals);
  }
  std::vector<std::int64_t> integers(const std::string& name, std::vector<std::size_t> shape) {
    NpyArray array = get(name, shape);
    if (array.kind == NpyKind::real) fail("must hold whole numbers", name);
    if (error_) return {};
    return std::move(array.integers);
  }
  /// Length of the first dimension of an array.
  std::size_t length(const std::string& name) { return raw(name).shape.empty() ? 0 : last_first_; }

  void fail(std::string message, const std::string& name) {
    if (!error_) {
      error_ = Error{ErrorCode::corrupt, std::move(message), file_ + ":" + name + ".npy"};
    }
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  NpyArray raw(const std::string& name) {
    if (error_) return {};
    const foreign::ZipMember* member = foreign::find_member(members_, name + ".npy");
    if (member == nullptr) {
      fail("there is no such array", name);
      return {};
    }
    const Result<std::string> bytes = foreign::unpack(*member, file_);
    if (!bytes) {
      error_ = bytes.error();
      return {};
    }
    Result<NpyArray> array = npy_array(*bytes, file_ + ":" + member->name);
    if (!array) {
      error_ = array.error();
      return {};
    }
    last_first_ = array->shape.empty() ? 0 : array->shape.front();
    return std::move(array).value();
  }
  NpyArray get(const std::string& name, const std::vector<std::size_t>& shape) {
    NpyArray array = raw(name);
    if (!error_ && array.shape != shape) fail("the array has another shape than the others", name);
    if (error_) return {};
    return array;
  }

  std::vector<foreign::ZipMember> members_;
  std::string file_;
  std::optional<Error> error_{};
  std::size_t last_first_ = 0;
};

Vec3 at3(const std::vector<double>& values, std::size_t i) {
  return {values[3 * i], values[3 * i + 1], values[3 * i + 2]};
}

void check_place(Arrays& arrays, const std::string& name, Vec3 p) {
  if (norm(p) > kMaxPositionM) {
    arrays.fail("a position of " + std::to_string(norm(p)) + " m; millimetres?", name);
  }
}

SequenceHand read_hand(Arrays& arrays, const std::string& side, std::size_t frames) {
  SequenceHand hand;
  const std::vector<double> joints = arrays.reals("joints_" + side, {frames, kHandJoints, 3});
  const std::vector<double> points = arrays.reals("contact_points_" + side, {frames, 50, 3});
  const auto valid = arrays.integers("contact_valid_" + side, {frames, 50});
  const auto parts = arrays.integers("contact_part_" + side, {frames, 50});
  if (arrays.error()) return hand;
  for (std::size_t t = 0; t < frames; ++t) {
    HandJoints posed;
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      posed[j] = at3(joints, t * kHandJoints + static_cast<std::size_t>(kManoOrder[j]));
      check_place(arrays, "joints_" + side, posed[j]);
    }
    hand.joints_in_world_m.push_back(posed);
    std::vector<Touch> touches;
    for (std::size_t k = 0; k < 50; ++k) {
      const std::size_t i = t * 50 + k;
      if (valid[i] == 0) continue;
      if (parts[i] != 1 && parts[i] != 2) {
        arrays.fail("a touched part is 1 (top) or 2 (bottom)", "contact_part_" + side);
      }
      touches.push_back({parts[i] == 1 ? Part::top : Part::bottom, at3(points, i)});
    }
    hand.touches.push_back(std::move(touches));
  }
  return hand;
}

void read_object(Arrays& arrays, Sequence& sequence, std::size_t frames) {
  const std::vector<double> position = arrays.reals("obj_pos", {frames, 3});
  const std::vector<double> rotation = arrays.reals("obj_quat_wxyz", {frames, 4});
  sequence.articulation_rad = arrays.reals("obj_articulation_rad", {frames});
  if (arrays.error()) return;
  for (std::size_t t = 0; t < frames; ++t) {
    const Vec3 p = at3(position, t);
    check_place(arrays, "obj_pos", p);
    const Quat q = {rotation[4 * t], rotation[4 * t + 1], rotation[4 * t + 2], rotation[4 * t + 3]};
    const double length = std::sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
    if (!(std::abs(length - 1.0) <= 1e-3)) {
      arrays.fail(
          "the quaternion of frame " + std::to_string(t) + " has norm " + std::to_string(length),
          "obj_quat_wxyz");
      return;
    }
    sequence.world_from_bottom.push_back({p, normalized(q)});
  }
}

}  // namespace

Pose world_from_part(const Sequence& sequence, Part part, std::size_t frame) {
  const Pose& bottom = sequence.world_from_bottom[frame];
  if (part == Part::bottom) return bottom;
  return bottom *
         Pose{{}, quat_from_axis_angle({0.0, 0.0, -1.0}, sequence.articulation_rad[frame])};
}

Result<Sequence> read_sequence(std::string_view npz, const std::string& file,
                               Diagnostics& diagnostics) {
  if (npz.substr(0, 6) == "\x93NUMPY") {
    return Error{ErrorCode::unsupported,
                 "this is a single .npy, which ARCTIC fills with pickled objects; convert it to "
                 "plain arrays in one .npz as docs/formats/arctic.md lists them",
                 file};
  }
  Result<std::vector<foreign::ZipMember>> members = foreign::zip_members(npz, file);
  if (!members) return members.error();
  Arrays arrays(std::move(members).value(), file);
  Sequence sequence;
  const std::size_t frames = arrays.length("time_s");
  if (!arrays.error() && frames < 2) arrays.fail("a sequence has at least two frames", "time_s");
  const std::vector<double> times = arrays.reals("time_s", {frames});
  if (arrays.error()) return *arrays.error();
  for (std::size_t t = 0; t < frames; ++t) {
    if (!(std::abs(times[t]) < 1e6) || (t > 0 && times[t] <= times[t - 1])) {
      arrays.fail("times must ascend", "time_s");
      return *arrays.error();
    }
    sequence.time_ns.push_back(ns_from_seconds(times[t] - times[0]));
  }
  read_object(arrays, sequence, frames);
  sequence.left = read_hand(arrays, "left", frames);
  sequence.right = read_hand(arrays, "right", frames);
  if (arrays.error()) return *arrays.error();
  diagnostics.add(Severity::note, "contact_is_nearness",
                  "a touch means closer than 1 cm, not pressed", file);
  return sequence;
}

}  // namespace hearth::arctic
