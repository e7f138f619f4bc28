// SPDX-License-Identifier: Apache-2.0
#include "sim/reconstruct/patch.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hearth::recon {
namespace {

constexpr int kMaxSize = 200;

bool sample(const ImageRgb8& image, Vec2 px, float* rgb) {
  const double x0 = std::floor(px.x);
  const double y0 = std::floor(px.y);
  if (x0 < 0 || y0 < 0 || x0 + 1 >= image.width_px || y0 + 1 >= image.height_px) return false;
  const double u = px.x - x0;
  const double v = px.y - y0;
  const auto row = static_cast<std::size_t>(image.width_px) * 3;
  const std::size_t at = static_cast<std::size_t>(y0) * row + static_cast<std::size_t>(x0) * 3;
  for (std::size_t c = 0; c < 3; ++c) {
    const double a = (1 - u) * image.values[at + c] + u * image.values[at + 3 + c];
    const double b = (1 - u) * image.values[at + row + c] + u * image.values[at + row + 3 + c];
    rgb[c] = static_cast<float>(((1 - v) * a + v * b) / 255.0);
  }
  return true;
}

Patch empty_patch(int size) {
  Patch patch;
  patch.rgb = cv::Mat::zeros(size, size, CV_32FC3);
  patch.there = cv::Mat::zeros(size, size, CV_8U);
  return patch;
}

cv::Point to_point(Vec2 p) {
  return {static_cast<int>(std::lround(std::clamp(p.x, -4000.0, 4000.0))),
          static_cast<int>(std::lround(std::clamp(p.y, -4000.0, 4000.0)))};
}

}  // namespace

std::optional<Vec2> PatchCamera::pixel(Vec3 p_in_level) const {
  const Vec3 p = inverse(level_from_camera) * p_in_level;
  if (!(p.z > 1e-9)) return std::nullopt;
  return Vec2{(p.x / p.z - left) / step, (p.y / p.z - top) / step};
}

PatchCamera patch_around(const Pose& level_from_camera, const CameraModel& model,
                         Vec3 place_in_level, double extent) {
  PatchCamera patch;
  patch.level_from_camera = level_from_camera;
  const Vec3 p = inverse(level_from_camera) * place_in_level;
  const double wide = extent / std::max(p.z, 1e-6);
  const double native = 1.0 / model.fx_px;
  patch.size = std::clamp(static_cast<int>(std::ceil(wide / native)), 48, kMaxSize);
  patch.step = wide / patch.size;
  patch.left = p.x / p.z - 0.5 * wide;
  patch.top = p.y / p.z - 0.5 * wide;
  return patch;
}

Patch own_patch(const PatchCamera& camera, const CameraModel& model, const ImageRgb8& image) {
  Patch patch = empty_patch(camera.size);
  for (int y = 0; y < camera.size; ++y) {
    for (int x = 0; x < camera.size; ++x) {
      const auto px = project(model, camera.ray(x, y));
      if (px && sample(image, *px, patch.rgb.ptr<float>(y) + 3 * x)) {
        patch.there.at<std::uint8_t>(y, x) = 255;
      }
    }
  }
  cv::cvtColor(patch.rgb, patch.lab, cv::COLOR_RGB2Lab);
  return patch;
}

Patch warped_patch(const PatchCamera& camera, const CameraModel& model, const ImageRgb8& image,
                   const Pose& level_from_other, Vec3 normal, double offset) {
  Patch patch = empty_patch(camera.size);
  const Pose other_from_level = inverse(level_from_other);
  const Vec3 eye = camera.level_from_camera.position_m;
  for (int y = 0; y < camera.size; ++y) {
    for (int x = 0; x < camera.size; ++x) {
      const Vec3 ray = camera.level_from_camera.rotation * camera.ray(x, y);
      const double slope = dot(normal, ray);
      if (std::abs(slope) < 1e-9) continue;
      const double t = (offset - dot(normal, eye)) / slope;
      if (t <= 0.0) continue;
      const auto px = project(model, other_from_level * (eye + t * ray));
      if (px && sample(image, *px, patch.rgb.ptr<float>(y) + 3 * x)) {
        patch.there.at<std::uint8_t>(y, x) = 255;
      }
    }
  }
  cv::cvtColor(patch.rgb, patch.lab, cv::COLOR_RGB2Lab);
  return patch;
}

void mark_hands(const Tracks& tracks, int frame, const PatchCamera& patch,
                const Pose& level_from_frame, bool same_frame, double scale_m, cv::Mat& mask) {
  for (const HandTrack& track : tracks.hands) {
    const HandObservation* o = nullptr;
    int late = 0;
    // A hand that was missed is still about where it was.
    for (; late <= 4 && o == nullptr; ++late) {
      o = observation_at(track, frame - late);
      if (o == nullptr) o = observation_at(track, frame + late);
    }
    if (o == nullptr) continue;
    const double grow_m = 0.007 + 0.006 * late;
    const auto place = [&](Vec3 p_in_camera_m) {
      // Through the hand's own depth where the patch is another frame's view.
      const Vec3 p = same_frame ? p_in_camera_m : (1.0 / scale_m) * p_in_camera_m;
      if (same_frame) {
        return Vec2{(p.x / p.z - patch.left) / patch.step, (p.y / p.z - patch.top) / patch.step};
      }
      return patch.pixel(level_from_frame * p).value_or(Vec2{-4000, -4000});
    };
    HandJoints joints{};
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const double depth = std::max(o->joints_in_camera_m[j].z, 0.05);
      joints[j] = depth * ray_in_camera(tracks.camera_model, o->joints_px[j]);
    }
    const double depth = std::max(joints[9].z, 0.05);
    const auto thick = [&](double radius_m) {
      return std::max(
          1, static_cast<int>(std::lround(2.0 * (radius_m + grow_m) / depth / patch.step)));
    };
    for (std::size_t b = 0; b < kHandBones; ++b) {
      cv::line(mask, to_point(place(joints[static_cast<std::size_t>(kBoneParent[b])])),
               to_point(place(joints[b + 1])), cv::Scalar(255), thick(b % 4 == 0 ? 0.014 : 0.010));
    }
    std::vector<cv::Point> palm;
    for (const std::size_t j : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{9},
                                std::size_t{13}, std::size_t{17}}) {
      palm.push_back(to_point(place(joints[j])));
    }
    std::vector<cv::Point> hull;
    cv::convexHull(palm, hull);
    cv::fillConvexPoly(mask, hull, cv::Scalar(255));
    const Vec3 back = normalized(joints[0] - joints[9]);
    Vec3 elbow = joints[0] + 0.4 * back;
    elbow.z = std::max(elbow.z, 0.15);
    cv::line(mask, to_point(place(joints[0])), to_point(place(elbow)), cv::Scalar(255),
             thick(0.05));
  }
}

}  // namespace hearth::recon
