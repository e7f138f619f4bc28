// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/world_model.h>
#include <hearth/physics/settle.h>

#include <cmath>

#include "sim/engine/mujoco_handle.h"
#include "sim/physics/simulate.h"

namespace hearth {

Result<std::vector<SettledObject>> settle(const Scene& scene, const SettleOptions& options) {
  if (!(options.duration_s >= 0.1 && options.duration_s <= 10.0)) {
    return Error{ErrorCode::invalid_argument, "must be in [0.1, 10] s", "duration_s"};
  }
  const CompileOptions compile_options{};
  const Result<WorldModel> world = compile(scene, Humanoid{}, compile_options);
  if (!world) return world.error();
  const mjModel& model = *world->handle().model;
  const engine::DataPtr data = engine::make_data(model);
  const auto steps = std::lround(options.duration_s / compile_options.timestep_s);
  const Result<Done> ran = engine::guarded(
      [&] {
        for (long k = 0; k < steps; ++k) mj_step(&model, data.get());
        mj_kinematics(&model, data.get());
      },
      "settle");
  std::vector<SettledObject> out;
  for (const SceneObject& object : scene.objects) {
    if (!object.movable) continue;
    const int body = body_of(*world, object.id);
    const mjtNum* p = data->xpos + 3 * body;
    const mjtNum* q = data->xquat + 4 * body;
    const mjtNum* v = data->qvel + model.body_dofadr[body];
    SettledObject settled;
    settled.object_id = object.id;
    settled.world_from_object = {{p[0], p[1], p[2]}, {q[0], q[1], q[2], q[3]}};
    const Vec3 moved = settled.world_from_object.position_m - object.world_from_object.position_m;
    settled.moved_m = std::hypot(moved.x, moved.y);
    settled.dropped_m = -moved.z;
    settled.turned_rad =
        angle_between_rad(settled.world_from_object.rotation, object.world_from_object.rotation);
    settled.final_speed_m_s = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (!ran || !is_finite(settled.world_from_object)) {
      return Error{ErrorCode::infeasible, "unstable: the scene does not come to rest", object.id};
    }
    out.push_back(settled);
  }
  return out;
}

}  // namespace hearth
