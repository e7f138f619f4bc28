// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A small filmed world for the tracker: a table, a wall, a hand that carries a card. Textured
/// planes, warped into each frame; no network would take this hand for real.

#include <hearth/core/rng.h>
#include <hearth/data/episode.h>
#include <hearth/data/image.h>
#include <hearth/data/tracks.h>

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace hearth::test {

struct CameraClipOptions {
  int frames = 90;
  double sway_m = 0.05;
  double turn_rad = 0.06;
  double noise_grey = 2.0;
  bool with_hand = true;
  std::uint64_t seed = 1;
};

/// World: Z up, table at 0, camera about .55 m above it and looking down at it.
struct CameraClip {
  CameraClipOptions options{};
  Episode episode{};
  std::vector<Pose> world_from_camera{};
  std::vector<Vec3> card_in_world_m{};  ///< Centre of the card per frame.
  std::vector<HandTrack> hands{};
  std::array<cv::Mat, 3> textures{};  ///< Table, wall, card.
  int carry_from = 0;                 ///< The card moves in frames (carry_from, carry_to).
  int carry_to = 0;
};

inline cv::Mat noise_texture(const cv::Size& size, std::uint64_t seed, double low, double high) {
  cv::Mat sum = cv::Mat::zeros(size, CV_32F);
  Rng rng(seed, 0, "texture");
  for (const int cell : {6, 14, 40}) {
    cv::Mat coarse(size.height / cell + 2, size.width / cell + 2, CV_32F);
    for (int y = 0; y < coarse.rows; ++y) {
      for (int x = 0; x < coarse.cols; ++x)
        coarse.at<float>(y, x) = static_cast<float>(rng.uniform());
    }
    cv::Mat fine;
    cv::resize(coarse, fine, size, 0, 0, cv::INTER_CUBIC);
    sum += fine / 3.0F;
  }
  cv::Mat grey;
  sum.convertTo(grey, CV_8U, high - low, low);
  return grey;
}

constexpr double kCardHalfM = 0.05;

inline CameraClip make_camera_clip(const CameraClipOptions& o) {
  CameraClip clip;
  clip.options = o;
  Episode& e = clip.episode;
  e.clip_file = "clip.mp4";
  e.width_px = 480;
  e.height_px = 360;
  e.nominal_rate_hz = 30.0;
  e.camera = {CameraModelKind::brown_conrady, 480, 360, 400.0, 402.0, 241.0, 178.0};
  e.camera.source = IntrinsicsSource::truth;
  const Quat down = quat_from_axes({1, 0, 0}, {0, -std::sin(0.75), -std::cos(0.75)},
                                   {0, std::cos(0.75), -std::sin(0.75)});
  Rng rng(o.seed, 0, "clip");
  const double phase = rng.uniform(0.0, 6.28);
  clip.carry_from = o.frames / 3;
  clip.carry_to = 2 * o.frames / 3;
  HandTrack hand;
  hand.id = "right";
  for (int i = 0; i < o.frames; ++i) {
    const double t = i / 30.0;
    e.frame_time_ns.push_back(static_cast<TimeNs>(i) * 33333333);
    const Vec3 sway{o.sway_m * std::sin(1.7 * t + phase), o.sway_m * std::sin(2.3 * t),
                    0.6 * o.sway_m * std::sin(1.1 * t + 1.0 + phase)};
    const Vec3 turn{o.turn_rad * std::sin(1.3 * t), o.turn_rad * std::sin(1.9 * t + phase),
                    0.5 * o.turn_rad * std::sin(2.1 * t)};
    clip.world_from_camera.push_back(
        {Vec3{0, -0.45, 0.55} + sway, normalized(down * quat_from_rotation_vector(turn))});
    const double u = std::clamp(
        (i - clip.carry_from) / static_cast<double>(clip.carry_to - clip.carry_from), 0.0, 1.0);
    const double s = u * u * (3.0 - 2.0 * u);
    clip.card_in_world_m.push_back({-0.12 + 0.26 * s, 0.02 + 0.05 * s, 0.01 + 0.3 * u * (1 - u)});
    // The hand comes, carries, leaves.
    const double away = i < clip.carry_from
                            ? (clip.carry_from - i) * 0.008
                            : (i > clip.carry_to ? (i - clip.carry_to) * 0.008 : 0.0);
    if (!o.with_hand) continue;
    HandObservation seen;
    seen.frame = i;
    seen.time_ns = e.frame_time_ns.back();
    seen.presence = 1.0;
    seen.observed = true;
    const Pose camera_from_world = inverse(clip.world_from_camera.back());
    const Vec3 root = clip.card_in_world_m.back() + Vec3{0.13 + away, -0.02, 0.03};
    for (std::size_t j = 0; j < kHandJoints; ++j) {
      const int finger = j == 0 ? 0 : static_cast<int>(j - 1) / 4;
      const int joint = j == 0 ? -1 : static_cast<int>(j - 1) % 4;
      const Vec3 local{-0.03 - 0.022 * joint, 0.018 * (finger - 2), 0.0};
      const Vec3 p = camera_from_world * (root + (j == 0 ? Vec3{0.06, 0, 0} : local));
      seen.joints_in_camera_m[j] = p;
      seen.joints_px[j] = project(e.camera, p).value_or(Vec2{-100, -100});
    }
    hand.observations.push_back(seen);
  }
  if (o.with_hand) clip.hands.push_back(hand);
  clip.textures = {noise_texture({900, 700}, o.seed * 7 + 1, 40, 230),
                   noise_texture({900, 500}, o.seed * 7 + 2, 60, 220),
                   noise_texture({120, 120}, o.seed * 7 + 3, 20, 250)};
  return clip;
}

/// Warps a texture whose corner lies at `origin`, with sides `u` and `v`, into the picture.
inline void draw_plane(const CameraClip& clip, int frame, const cv::Mat& texture, Vec3 origin,
                       Vec3 u, Vec3 v, cv::Mat& picture) {
  const Pose camera_from_world = inverse(clip.world_from_camera[static_cast<std::size_t>(frame)]);
  const CameraModel& c = clip.episode.camera;
  const Vec3 o = camera_from_world * origin;
  const Vec3 a = (1.0 / texture.cols) * (camera_from_world.rotation * u);
  const Vec3 b = (1.0 / texture.rows) * (camera_from_world.rotation * v);
  const cv::Mat k = (cv::Mat_<double>(3, 3) << c.fx_px, 0, c.cx_px, 0, c.fy_px, c.cy_px, 0, 0, 1);
  const cv::Mat plane = (cv::Mat_<double>(3, 3) << a.x, b.x, o.x, a.y, b.y, o.y, a.z, b.z, o.z);
  cv::Mat warped, covered;
  cv::warpPerspective(texture, warped, k * plane, picture.size(), cv::INTER_LINEAR);
  cv::warpPerspective(cv::Mat(texture.size(), CV_8U, cv::Scalar(255)), covered, k * plane,
                      picture.size(), cv::INTER_NEAREST);
  warped.copyTo(picture, covered);
}

inline ImageRgb8 picture_of(const CameraClip& clip, int frame) {
  const auto at = static_cast<std::size_t>(frame);
  cv::Mat grey(clip.episode.height_px, clip.episode.width_px, CV_8U, cv::Scalar(90));
  draw_plane(clip, frame, clip.textures[1], {-1.0, 0.75, 0.8}, {2.0, 0, 0}, {0, 0, -0.95}, grey);
  draw_plane(clip, frame, clip.textures[0], {-0.9, 0.75, 0}, {1.8, 0, 0}, {0, -1.4, 0}, grey);
  const Vec3 corner = clip.card_in_world_m[at] + Vec3{-kCardHalfM, kCardHalfM, 0};
  draw_plane(clip, frame, clip.textures[2], corner, {2 * kCardHalfM, 0, 0}, {0, -2 * kCardHalfM, 0},
             grey);
  if (!clip.hands.empty()) {
    const HandObservation& hand = clip.hands[0].observations[at];
    const auto pixel = [&hand](std::size_t j) {
      return cv::Point(static_cast<int>(hand.joints_px[j].x),
                       static_cast<int>(hand.joints_px[j].y));
    };
    for (std::size_t b = 0; b < kHandBones; ++b) {
      cv::line(grey, pixel(static_cast<std::size_t>(kBoneParent[b])), pixel(b + 1), cv::Scalar(170),
               9);
    }
    const cv::Point wrist = pixel(0);
    cv::line(grey, wrist, wrist + (wrist - pixel(9)) * 6, cv::Scalar(165), 34);
  }
  Rng noise(clip.options.seed, static_cast<std::uint64_t>(frame), "noise");
  ImageRgb8 picture{clip.episode.width_px, clip.episode.height_px, {}};
  picture.values.reserve(static_cast<std::size_t>(grey.rows * grey.cols) * 3);
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) {
      // The sum of four uniforms is near enough to normal and four times cheaper.
      const std::uint32_t bits = noise.next_u32();
      const double sum =
          (bits & 255U) + ((bits >> 8U) & 255U) + ((bits >> 16U) & 255U) + (bits >> 24U) - 510.0;
      const double value = grey.at<unsigned char>(y, x) + clip.options.noise_grey * sum / 147.8;
      const auto byte = static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
      picture.values.insert(picture.values.end(), 3, byte);
    }
  }
  return picture;
}

}  // namespace hearth::test
