// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/rng.h>
#include <hearth/perturb/sample_variants.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace hearth {
namespace {

constexpr int kMaxCount = 1000000;

/// One number per purpose: the stream's name is the purpose.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t unit) : seed_(seed), unit_(unit) {}
  [[nodiscard]] Rng stream(const std::string& purpose) const { return {seed_, unit_, purpose}; }
  [[nodiscard]] double uniform(const std::string& purpose, double low, double high) const {
    return stream(purpose).uniform(low, high);
  }
  [[nodiscard]] double around(const std::string& purpose, double half_width) const {
    return uniform(purpose, -half_width, half_width);
  }
  /// Normal with this sigma, cut at three of them.
  [[nodiscard]] double normal(const std::string& purpose, double sigma) const {
    return sigma * std::clamp(stream(purpose).normal(), -3.0, 3.0);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t unit_;
};

/// A grey with a tint of at most `tint` per channel: things are colourful, walls seldom are.
Vec3 draw_color(Rng& rng, double tint) {
  const double grey = rng.uniform(0.08, 0.9);
  const auto channel = [&] { return std::clamp(grey + rng.uniform(-tint, tint), 0.03, 0.95); };
  const double r = channel();
  const double g = channel();
  const double b = channel();
  return {r, g, b};
}

constexpr double kThingTint = 0.6;
constexpr double kSurfaceTint = 0.2;

Material draw_material(Rng rng, double tint) {
  constexpr Pattern kPatterns[] = {Pattern::plain, Pattern::checker, Pattern::stripes,
                                   Pattern::wood, Pattern::noise};
  Material material;
  material.color_rgb = draw_color(rng, tint);
  material.second_color_rgb = draw_color(rng, tint);
  material.pattern = kPatterns[rng.index(5)];
  material.pattern_size_m = rng.log_uniform(0.02, 0.3);
  material.roughness = rng.uniform(0.4, 1.0);
  return material;
}

/// Factors per axis that keep a round shape round.
Vec3 shape_factors(ShapeKind kind, Vec3 factor) {
  switch (kind) {
    case ShapeKind::box:
      return factor;
    case ShapeKind::sphere:
      return {factor.x, factor.x, factor.x};
    case ShapeKind::cylinder:
    case ShapeKind::capsule:
      return {factor.x, factor.x, factor.z};
  }
  return factor;
}

double mean_intensity(const Scene& scene) {
  if (scene.lights.empty()) {
    return 1.0;
  }
  double sum = 0.0;
  for (const Light& light : scene.lights) sum += light.intensity;
  return sum / static_cast<double>(scene.lights.size());
}

SetLights draw_lights(const Home& home, const VariantRanges& ranges, const Draw& draw) {
  const Support* support = find_support(home.scene, home.task.start_support_id);
  const Vec3 below = support != nullptr ? support->world_from_support.position_m
                                        : home.task.world_from_goal.position_m;
  const double base = mean_intensity(home.scene);
  const auto choices = static_cast<std::uint64_t>(ranges.lights_high - ranges.lights_low + 1);
  const int count = ranges.lights_low + static_cast<int>(draw.stream("light_count").index(choices));
  SetLights edit;
  edit.ambient_light = draw.uniform("ambient_light", 0.2, 0.5);
  for (int i = 0; i < count; ++i) {
    const std::string tag = "light_" + std::to_string(i);
    Light light;
    light.id = tag;
    light.p_in_world_m = below + Vec3{draw.around(tag + "_x", 1.5), draw.around(tag + "_y", 1.5),
                                      draw.uniform(tag + "_z", 1.0, 2.2)};
    light.radius_m = draw.uniform(tag + "_radius", 0.03, 0.2);
    light.intensity =
        base * draw.uniform(tag + "_intensity", ranges.intensity_low, ranges.intensity_high);
    light.color_temperature_k = draw.uniform(tag + "_temperature", ranges.color_temperature_low_k,
                                             ranges.color_temperature_high_k);
    edit.lights.push_back(light);
  }
  return edit;
}

void add_geometry(const Home& home, const SceneObject& object, const VariantRanges& ranges,
                  const Draw& draw, std::vector<Edit>& edits) {
  edits.emplace_back(MoveStart{object.id, draw.around("start_x", ranges.start_m),
                               draw.around("start_y", ranges.start_m),
                               draw.around("start_yaw", ranges.yaw_rad)});
  edits.emplace_back(MoveGoal{draw.around("goal_x", ranges.goal_m),
                              draw.around("goal_y", ranges.goal_m),
                              draw.around("goal_yaw", ranges.yaw_rad)});
  if (find_support(home.scene, home.task.start_support_id) != nullptr) {
    edits.emplace_back(RaiseSupport{home.task.start_support_id,
                                    draw.around("start_support_height", ranges.support_height_m)});
  }
  if (home.task.goal_support_id != home.task.start_support_id &&
      find_support(home.scene, home.task.goal_support_id) != nullptr) {
    edits.emplace_back(RaiseSupport{home.task.goal_support_id,
                                    draw.around("goal_support_height", ranges.support_height_m)});
  }
  const Vec3 factor{draw.uniform("size_x", ranges.size_low, ranges.size_high),
                    draw.uniform("size_y", ranges.size_low, ranges.size_high),
                    draw.uniform("size_z", ranges.size_low, ranges.size_high)};
  edits.emplace_back(ScaleObject{object.id, shape_factors(object.shape.kind, factor)});
  edits.emplace_back(
      ScaleMass{object.id, draw.stream("mass").log_uniform(ranges.mass_low, ranges.mass_high)});
  edits.emplace_back(
      SetFriction{object.id, draw.uniform("friction", ranges.friction_low, ranges.friction_high)});
}

void add_looks(const Home& home, const VariantRanges& ranges, const Draw& draw,
               std::vector<Edit>& edits) {
  const auto look = [&](const std::string& id, const std::string& purpose, double tint) {
    edits.emplace_back(SetMaterial{id, draw_material(draw.stream(purpose), tint)});
  };
  for (const SceneObject& each : home.scene.objects) {
    look(each.id, "material_" + each.id, kThingTint);
  }
  for (const Support& each : home.scene.supports) {
    look(each.id, "material_" + each.id, kSurfaceTint);
  }
  look("wall", "room_wall", kSurfaceTint);
  look("floor", "room_floor", kSurfaceTint);
  edits.emplace_back(draw_lights(home, ranges, draw));
  for (const SceneCamera& camera : home.scene.cameras) {
    const std::string tag = "camera_" + camera.id;
    edits.emplace_back(MoveCamera{
        camera.id,
        {draw.around(tag + "_x", ranges.camera_m), draw.around(tag + "_y", ranges.camera_m),
         draw.around(tag + "_z", ranges.camera_m)},
        {draw.around(tag + "_rx", ranges.camera_rad), draw.around(tag + "_ry", ranges.camera_rad),
         draw.around(tag + "_rz", ranges.camera_rad)}});
  }
}

Error missing_object(const Home& home) {
  return {ErrorCode::not_found,
          "the task's object '" + home.task.object_id + "' is not in the scene", "/task/object_id"};
}

}  // namespace

Result<VariantRanges> variant_ranges(const std::string& preset) {
  if (preset == "near") {
    return VariantRanges{};
  }
  return Error{ErrorCode::invalid_argument, "unknown preset '" + preset + "', known: near",
               "preset"};
}

Result<std::vector<Variant>> sample_variants(const Home& home,
                                             const SampleVariantsOptions& options) {
  const Result<VariantRanges> ranges = variant_ranges(options.preset);
  if (!ranges) {
    return ranges.error();
  }
  if (options.count < 0 || options.count > kMaxCount) {
    return Error{ErrorCode::invalid_argument,
                 "must lie in 0 .. 1000000, is " + std::to_string(options.count), "count"};
  }
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  if (object == nullptr) {
    return missing_object(home);
  }
  std::vector<Variant> variants(static_cast<std::size_t>(options.count));
  for (std::size_t i = 0; i < variants.size(); ++i) {
    variants[i].seed = options.seed;
    variants[i].index = i;
    variants[i].preset = options.preset;
    const Draw draw(options.seed, i);
    add_geometry(home, *object, *ranges, draw, variants[i].edits);
    add_looks(home, *ranges, draw, variants[i].edits);
  }
  return variants;
}

Result<Variant> draw_uncertainty(const Home& home, std::uint64_t seed, std::uint64_t draw_index) {
  const SceneObject* object = find_object(home.scene, home.task.object_id);
  if (object == nullptr) {
    return missing_object(home);
  }
  const Draw draw(seed, draw_index);
  Variant variant;
  variant.seed = seed;
  variant.index = draw_index;
  variant.preset = "uncertainty";
  variant.edits.emplace_back(MoveStart{object->id,
                                       draw.normal("uncertain_start_x", object->position_sigma_m),
                                       draw.normal("uncertain_start_y", object->position_sigma_m),
                                       draw.normal("uncertain_start_yaw", object->yaw_sigma_rad)});
  variant.edits.emplace_back(MoveGoal{draw.normal("uncertain_goal_x", home.task.goal_sigma_m),
                                      draw.normal("uncertain_goal_y", home.task.goal_sigma_m),
                                      draw.normal("uncertain_goal_yaw", object->yaw_sigma_rad)});
  for (const Support& support : home.scene.supports) {
    // A support cannot sink below a tenth of its height, whatever the sigma says.
    const double dz_m = draw.normal("uncertain_height_" + support.id, support.height_m.sigma);
    variant.edits.emplace_back(
        RaiseSupport{support.id, std::max(dz_m, -0.9 * support.height_m.value)});
  }
  const Vec3 size = object->shape.size_m;
  const auto factor = [&](const std::string& axis, double sigma_m, double size_m) {
    return std::clamp(1.0 + draw.normal("uncertain_size_" + axis, sigma_m) / size_m, 0.5, 2.0);
  };
  variant.edits.emplace_back(ScaleObject{
      object->id,
      shape_factors(object->shape.kind, {factor("x", object->size_sigma_m.x, size.x),
                                         factor("y", object->size_sigma_m.y, size.y),
                                         factor("z", object->size_sigma_m.z, size.z)})});
  return variant;
}

}  // namespace hearth
