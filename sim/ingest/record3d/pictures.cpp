// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/mp4.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "record3d_parts.h"

namespace hearth::record3d {
namespace {

constexpr int kRateHz = 30;
constexpr double kTicksPerSecond = static_cast<double>(kRateHz * kMp4TicksPerFrame);

Result<ImageRgb8> decode(const std::string& jpeg, const CameraModel& camera,
                         const std::string& where) {
  cv::Mat picture;
  try {
    const cv::Mat bytes(1, static_cast<int>(jpeg.size()), CV_8UC1, const_cast<char*>(jpeg.data()));
    // Poses and intrinsics are those of the stored picture, whatever its tag says.
    picture = cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (picture.empty()) return Error{ErrorCode::corrupt, "the picture cannot be decoded", where};
    cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  } catch (const cv::Exception&) {
    return Error{ErrorCode::corrupt, "the picture cannot be decoded", where};
  }
  if (picture.cols != camera.width_px || picture.rows != camera.height_px) {
    return Error{ErrorCode::corrupt,
                 "the picture has " + std::to_string(picture.cols) + "x" +
                     std::to_string(picture.rows) + " pixels, the metadata say " +
                     std::to_string(camera.width_px) + "x" + std::to_string(camera.height_px),
                 where};
  }
  ImageRgb8 image{picture.cols, picture.rows, {}};
  image.values.assign(picture.datastart, picture.dataend);
  return image;
}

}  // namespace

Result<PictureClip> make_clip(const PictureSource& pictures, const Metadata& metadata,
                              const std::string& file) {
  std::vector<std::int64_t> ticks;
  for (const TimeNs t : metadata.time_ns) {
    std::int64_t tick = std::llround(seconds_from_ns(t) * kTicksPerSecond);
    if (!ticks.empty()) tick = std::max(tick, ticks.back() + 1);
    ticks.push_back(tick);
  }
  Result<Mp4Writer> writer =
      make_mp4_writer(metadata.camera.width_px, metadata.camera.height_px,
                      {.rate_hz = kRateHz, .crf = 17, .keyframe_interval = 12});
  if (!writer) return writer.error();
  Mp4Writer clip = std::move(writer).value();
  for (std::size_t k = 0; k < ticks.size(); ++k) {
    const Result<std::string> jpeg = pictures(k);
    if (!jpeg) return jpeg.error();
    const Result<ImageRgb8> image =
        decode(*jpeg, metadata.camera, file + ": picture " + std::to_string(k));
    if (!image) return image.error();
    const std::int64_t shown = k + 1 < ticks.size() ? ticks[k + 1] - ticks[k] : kMp4TicksPerFrame;
    if (const Result<Done> added = clip.add(*image, shown); !added) return added.error();
  }
  Result<std::string> bytes = clip.finish();
  if (!bytes) return bytes.error();
  PictureClip out{std::move(bytes).value(), {}};
  for (const std::int64_t tick : ticks) {
    out.time_ns.push_back(std::llround(static_cast<double>(tick) * (1e9 / kTicksPerSecond)));
  }
  return out;
}

}  // namespace hearth::record3d
