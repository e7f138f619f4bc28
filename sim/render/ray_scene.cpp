// SPDX-License-Identifier: Apache-2.0
#include "sim/render/ray_scene.h"

#include <embree3/rtcore.h>

#include <array>
#include <cmath>
#include <limits>

namespace hearth {
namespace {

// Embree's rays are floats; ours are doubles. They travel beside Embree's context and are found by
// the ray's id.
struct Query {
  RTCIntersectContext embree{};  // must be first: callbacks get its address
  const Ray* rays = nullptr;
  Hit* hits = nullptr;
};

float above(double v) {
  return std::nextafter(static_cast<float>(v), std::numeric_limits<float>::infinity());
}
float below(double v) {
  return std::nextafter(static_cast<float>(v), -std::numeric_limits<float>::infinity());
}

// Not below a distance t >= 0, within a few units in the last place; cheaper than nextafter.
float reach(double t) { return static_cast<float>(t) * (1.0F + 2.5e-7F) + 1e-30F; }

void bounds_callback(const RTCBoundsFunctionArguments* args) {
  const auto& primitives = *static_cast<const std::vector<Primitive>*>(args->geometryUserPtr);
  const Bounds b = bounds(primitives[args->primID]);
  // Embree walks in float from a rounded origin: a margin far above that rounding, far below a
  // pixel.
  const double margin = 2e-5;
  args->bounds_o->lower_x = below(b.low.x - margin);
  args->bounds_o->lower_y = below(b.low.y - margin);
  args->bounds_o->lower_z = below(b.low.z - margin);
  args->bounds_o->upper_x = above(b.high.x + margin);
  args->bounds_o->upper_y = above(b.high.y + margin);
  args->bounds_o->upper_z = above(b.high.z + margin);
}

void closest_callback(const RTCIntersectFunctionNArguments* args) {
  const auto& primitives = *static_cast<const std::vector<Primitive>*>(args->geometryUserPtr);
  const auto* query = reinterpret_cast<const Query*>(args->context);
  RTCRayN* rays = RTCRayHitN_RayN(args->rayhit, args->N);
  RTCHitN* hits = RTCRayHitN_HitN(args->rayhit, args->N);
  const int index = static_cast<int>(args->primID);
  for (unsigned int i = 0; i < args->N; ++i) {
    if (args->valid[i] == 0) continue;
    const unsigned int id = RTCRayN_id(rays, args->N, i);
    const double t = entry(primitives[args->primID], query->rays[id]);
    if (t < 0.0) continue;
    Hit& best = query->hits[id];
    const bool nearer = best.primitive < 0 || t < best.t || (t == best.t && index < best.primitive);
    if (!nearer) continue;
    best = {index, t};
    RTCRayN_tfar(rays, args->N, i) = reach(t);
    RTCHitN_geomID(hits, args->N, i) = args->geomID;
    RTCHitN_primID(hits, args->N, i) = args->primID;
  }
}

void blocked_callback(const RTCOccludedFunctionNArguments* args) {
  const auto& primitives = *static_cast<const std::vector<Primitive>*>(args->geometryUserPtr);
  const auto* query = reinterpret_cast<const Query*>(args->context);
  for (unsigned int i = 0; i < args->N; ++i) {
    if (args->valid[i] == 0) continue;
    const unsigned int id = RTCRayN_id(args->ray, args->N, i);
    if (entry(primitives[args->primID], query->rays[id]) < 0.0) continue;
    RTCRayN_tfar(args->ray, args->N, i) = -std::numeric_limits<float>::infinity();
  }
}

void fill(RTCRay4& out, const Ray& ray, std::size_t i) {
  out.org_x[i] = static_cast<float>(ray.origin.x);
  out.org_y[i] = static_cast<float>(ray.origin.y);
  out.org_z[i] = static_cast<float>(ray.origin.z);
  out.dir_x[i] = static_cast<float>(ray.direction.x);
  out.dir_y[i] = static_cast<float>(ray.direction.y);
  out.dir_z[i] = static_cast<float>(ray.direction.z);
  out.tnear[i] = static_cast<float>(ray.t_near);
  out.tfar[i] = reach(ray.t_far);
  out.time[i] = 0.0F;
  out.mask[i] = 0xffffffffU;
  out.id[i] = static_cast<unsigned int>(i);
  out.flags[i] = 0;
}

RTCRay single(const Ray& ray, std::size_t id) {
  RTCRay out{};
  out.org_x = static_cast<float>(ray.origin.x);
  out.org_y = static_cast<float>(ray.origin.y);
  out.org_z = static_cast<float>(ray.origin.z);
  out.dir_x = static_cast<float>(ray.direction.x);
  out.dir_y = static_cast<float>(ray.direction.y);
  out.dir_z = static_cast<float>(ray.direction.z);
  out.tnear = static_cast<float>(ray.t_near);
  out.tfar = reach(ray.t_far);
  out.mask = 0xffffffffU;
  out.id = static_cast<unsigned int>(id);
  return out;
}

}  // namespace

struct RayScene::Handles {
  RTCDevice device = nullptr;
  RTCScene scene = nullptr;
  RTCGeometry geometry = nullptr;

  ~Handles() {
    if (geometry != nullptr) rtcReleaseGeometry(geometry);
    if (scene != nullptr) rtcReleaseScene(scene);
    if (device != nullptr) rtcReleaseDevice(device);
  }
};

RayScene::RayScene() : handles_(std::make_unique<Handles>()) {}
RayScene::~RayScene() = default;

std::unique_ptr<RayScene> RayScene::make() {
  std::unique_ptr<RayScene> out(new RayScene);
  Handles& h = *out->handles_;
  // One instruction set, so that every x86-64 walks the same tree; one thread, since callers are
  // many.
  h.device = rtcNewDevice("isa=sse2,threads=1,user_threads=1,set_affinity=0");
  if (h.device == nullptr) return nullptr;
  h.scene = rtcNewScene(h.device);
  h.geometry = rtcNewGeometry(h.device, RTC_GEOMETRY_TYPE_USER);
  if (h.scene == nullptr || h.geometry == nullptr) return nullptr;
  rtcSetSceneFlags(h.scene, RTC_SCENE_FLAG_ROBUST);
  rtcSetGeometryUserData(h.geometry, &out->primitives_);
  rtcSetGeometryBoundsFunction(h.geometry, bounds_callback, nullptr);
  rtcSetGeometryIntersectFunction(h.geometry, closest_callback);
  rtcSetGeometryOccludedFunction(h.geometry, blocked_callback);
  rtcAttachGeometry(h.scene, h.geometry);
  if (rtcGetDeviceError(h.device) != RTC_ERROR_NONE) return nullptr;
  return out;
}

void RayScene::place(std::vector<Primitive> primitives) {
  primitives_ = std::move(primitives);
  rtcSetGeometryUserPrimitiveCount(handles_->geometry,
                                   static_cast<unsigned int>(primitives_.size()));
  rtcCommitGeometry(handles_->geometry);
  rtcCommitScene(handles_->scene);
}

void RayScene::closest(std::span<const Ray> rays, std::span<Hit> hits, bool packet) const {
  Query query;
  rtcInitIntersectContext(&query.embree);
  query.rays = rays.data();
  query.hits = hits.data();
  for (Hit& hit : hits) hit = {};
  if (packet) {
    alignas(16) RTCRayHit4 bundle{};
    alignas(16) std::array<int, kPacket> valid{};
    for (std::size_t i = 0; i < kPacket; ++i) {
      valid[i] = i < rays.size() ? -1 : 0;
      fill(bundle.ray, rays[i < rays.size() ? i : 0], i);
      bundle.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
    }
    rtcIntersect4(valid.data(), handles_->scene, &query.embree, &bundle);
    return;
  }
  for (std::size_t i = 0; i < rays.size(); ++i) {
    RTCRayHit one{};
    one.ray = single(rays[i], i);
    one.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    rtcIntersect1(handles_->scene, &query.embree, &one);
  }
}

void RayScene::blocked(std::span<const Ray> rays, std::span<bool> blocked, bool packet) const {
  Query query;
  rtcInitIntersectContext(&query.embree);
  query.rays = rays.data();
  if (packet) {
    alignas(16) RTCRay4 bundle{};
    alignas(16) std::array<int, kPacket> valid{};
    for (std::size_t i = 0; i < kPacket; ++i) {
      valid[i] = i < rays.size() ? -1 : 0;
      fill(bundle, rays[i < rays.size() ? i : 0], i);
    }
    rtcOccluded4(valid.data(), handles_->scene, &query.embree, &bundle);
    for (std::size_t i = 0; i < rays.size(); ++i) blocked[i] = bundle.tfar[i] < 0.0F;
    return;
  }
  for (std::size_t i = 0; i < rays.size(); ++i) {
    RTCRay one = single(rays[i], i);
    rtcOccluded1(handles_->scene, &query.embree, &one);
    blocked[i] = one.tfar < 0.0F;
  }
}

}  // namespace hearth
