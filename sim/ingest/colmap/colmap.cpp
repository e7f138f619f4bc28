// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/colmap.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "colmap_model.h"
#include "sim/ingest/foreign/origin.h"
#include "sim/ingest/foreign/path_tracks.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth {
namespace fs = std::filesystem;
namespace colmap {
namespace {

// Numbers, names and parameter counts as COLMAP assigns them.
constexpr std::array<ModelKind, 11> kKinds{{{0, "SIMPLE_PINHOLE", 3},
                                            {1, "PINHOLE", 4},
                                            {2, "SIMPLE_RADIAL", 4},
                                            {3, "RADIAL", 5},
                                            {4, "OPENCV", 8},
                                            {5, "OPENCV_FISHEYE", 8},
                                            {6, "FULL_OPENCV", 12},
                                            {7, "FOV", 5},
                                            {8, "SIMPLE_RADIAL_FISHEYE", 4},
                                            {9, "RADIAL_FISHEYE", 5},
                                            {10, "THIN_PRISM_FISHEYE", 12}}};
// Bundle adjustment refines the focal length; what is left is about this.
constexpr double kFocalSigmaShare = 0.02;

}  // namespace

const ModelKind* kind_by_name(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const ModelKind& kind) { return name == kind.name; });
  return found == kKinds.end() ? nullptr : &*found;
}

const ModelKind* kind_by_id(int id) {
  const bool known = id >= 0 && static_cast<std::size_t>(id) < kKinds.size();
  return known ? &kKinds[static_cast<std::size_t>(id)] : nullptr;
}

Result<CameraModel> camera_from(const ModelKind& kind, std::uint64_t width, std::uint64_t height,
                                const std::vector<double>& p) {
  if (width == 0 || height == 0 || width > 65535 || height > 65535) {
    return Error{ErrorCode::corrupt, "the camera's size must lie in 1..65535", "camera"};
  }
  CameraModel camera;
  camera.width_px = static_cast<int>(width);
  camera.height_px = static_cast<int>(height);
  camera.source = IntrinsicsSource::file;
  camera.focal_sigma_share = kFocalSigmaShare;
  const bool one_focal =
      kind.id == 0 || kind.id == 2 || kind.id == 3 || kind.id == 8 || kind.id == 9;
  const std::size_t c = one_focal ? 1 : 2;
  camera.fx_px = p[0];
  camera.fy_px = one_focal ? p[0] : p[1];
  camera.cx_px = p[c] - 0.5;
  camera.cy_px = p[c + 1] - 0.5;
  const double* k = p.data() + c + 2;
  switch (kind.id) {
    case 0:
    case 1:
      break;
    case 2:
    case 3:
      camera.kind = CameraModelKind::brown_conrady;
      camera.k1 = k[0];
      if (kind.id == 3) camera.k2 = k[1];
      break;
    case 4:
      camera.kind = CameraModelKind::brown_conrady;
      camera.k1 = k[0], camera.k2 = k[1], camera.p1 = k[2], camera.p2 = k[3];
      break;
    case 5:
      camera.kind = CameraModelKind::kannala_brandt;
      camera.k1 = k[0], camera.k2 = k[1], camera.k3 = k[2], camera.k4 = k[3];
      break;
    case 8:
    case 9:
      camera.kind = CameraModelKind::kannala_brandt;
      camera.k1 = k[0];
      if (kind.id == 9) camera.k2 = k[1];
      break;
    default:
      return Error{ErrorCode::unsupported,
                   std::string("hearth has no camera model ") + kind.name +
                       "; run COLMAP's image_undistorter, or reconstruct with OPENCV",
                   "camera"};
  }
  return validated(camera);
}

}  // namespace colmap

namespace {

using colmap::Image;
using colmap::Model;

// A map without a scale has no metres: one per cent of the way from the first camera to the
// farthest.
constexpr double kPositionSigmaShare = 0.01;

using ReadPart = Result<Done> (*)(std::string_view, const std::string&, Model&);

/// Reads one of the three files in the form that is there.
Result<std::string> read_part(const fs::path& folder, const char* stem, ReadPart text,
                              ReadPart binary, Model& model) {
  std::error_code ignored;
  const fs::path as_text = folder / (std::string(stem) + ".txt");
  const bool is_text = fs::is_regular_file(as_text, ignored);
  const fs::path file = is_text ? as_text : folder / (std::string(stem) + ".bin");
  Result<std::string> bytes = read_file(file);
  if (!bytes) return bytes;
  const Result<Done> read = (is_text ? text : binary)(*bytes, file.string(), model);
  if (!read) return read.error();
  return bytes;
}

/// The last run of digits before the extension.
std::optional<std::int64_t> number_in(const std::string& name) {
  const std::string stem = fs::path(name).stem().string();
  std::size_t end = stem.size();
  while (end > 0 && (stem[end - 1] < '0' || stem[end - 1] > '9')) --end;
  std::size_t begin = end;
  while (begin > 0 && stem[begin - 1] >= '0' && stem[begin - 1] <= '9') --begin;
  const auto number = foreign::whole_number(std::string_view(stem).substr(begin, end - begin));
  return number && *number <= 1'000'000'000 ? number : std::nullopt;
}

struct Numbered {
  std::int64_t number = 0;
  Pose map_from_camera{};
};

Result<std::vector<Numbered>> numbered(const std::vector<Image>& images, const std::string& where) {
  std::vector<Numbered> out;
  for (const Image& image : images) {
    const std::optional<std::int64_t> number = number_in(image.name);
    if (!number) {
      return Error{ErrorCode::unsupported,
                   "image '" + image.name +
                       "' has no number in its name, which would be its frame; rename the pictures",
                   where};
    }
    Pose pose = inverse(image.camera_from_map);
    pose.rotation = normalized(pose.rotation);
    out.push_back({*number, pose});
  }
  std::sort(out.begin(), out.end(),
            [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].number == out[i - 1].number) {
      return Error{ErrorCode::unsupported,
                   "two images have the number " + std::to_string(out[i].number) +
                       " in their names; hearth reads pictures of one clip",
                   where};
    }
  }
  if (out.empty()) return Error{ErrorCode::corrupt, "holds no image", where};
  return out;
}

/// The number that the first frame has.
Result<std::int64_t> first_number(const std::vector<Numbered>& images, const ImportOptions& options,
                                  const std::string& where, Diagnostics& diagnostics) {
  if (!options.episode) return images.front().number;
  const auto frames = static_cast<std::int64_t>(options.episode->frame_time_ns.size());
  const std::int64_t last = images.back().number;
  if (last > frames) {
    return Error{ErrorCode::invalid_argument,
                 "image number " + std::to_string(last) + " is beyond the " +
                     std::to_string(frames) + " frames of the episode",
                 where};
  }
  if (images.front().number == 0) {
    if (last < frames) return 0;
    return Error{ErrorCode::invalid_argument,
                 "image numbers run from 0 to " + std::to_string(last) + ", the episode has " +
                     std::to_string(frames) + " frames",
                 where};
  }
  if (last < frames) {
    diagnostics.add(Severity::guess, "frame_numbers_guessed",
                    "neither image 0 nor image " + std::to_string(frames) +
                        " is in the model: image 1 is taken for the first frame",
                    where);
  }
  return 1;
}

/// The one camera of all images.
Result<CameraModel> shared_camera(const Model& model, const std::string& where) {
  std::optional<CameraModel> shared;
  for (const Image& image : model.images) {
    const auto found =
        std::find_if(model.cameras.begin(), model.cameras.end(),
                     [&](const colmap::Camera& camera) { return camera.id == image.camera_id; });
    if (found == model.cameras.end()) {
      return Error{ErrorCode::corrupt,
                   "image '" + image.name + "' has camera " + std::to_string(image.camera_id) +
                       ", which does not exist",
                   where};
    }
    if (shared && *shared != found->model) {
      return Error{
          ErrorCode::unsupported,
          "the images have several cameras; reconstruct with --ImageReader.single_camera 1", where};
    }
    shared = found->model;
  }
  if (!shared) return Error{ErrorCode::corrupt, "holds no image", where};
  return *shared;
}

Result<Tracks> tracks_from(const Model& model, const std::vector<Numbered>& images,
                           const ImportOptions& options, const std::string& where,
                           Diagnostics& diagnostics) {
  const Result<std::int64_t> first = first_number(images, options, where, diagnostics);
  if (!first) return first.error();
  Tracks tracks;
  tracks.source = "colmap";
  if (options.episode) {
    tracks.frame_time_ns = options.episode->frame_time_ns;
  } else {
    if (!options.rate_hz || !(*options.rate_hz >= 1e-3 && *options.rate_hz <= 1e6)) {
      return Error{
          ErrorCode::invalid_argument,
          "the model has no times; give the frame rate of the pictures (0.001..1e6) or the "
          "episode that they belong to",
          "rate_hz"};
    }
    constexpr std::int64_t kMostFrames = 10'000'000;
    const std::int64_t count = images.back().number - *first + 1;
    if (count > kMostFrames) {
      return Error{ErrorCode::unsupported, "the image numbers span over 10,000,000 frames", where};
    }
    for (std::int64_t i = 0; i < count; ++i) {
      tracks.frame_time_ns.push_back(ns_from_seconds(static_cast<double>(i) / *options.rate_hz));
    }
  }
  tracks.frames = static_cast<int>(tracks.frame_time_ns.size());
  double extent = 0.0;
  for (const Numbered& image : images) {
    extent = std::max(
        extent, norm(image.map_from_camera.position_m - images.front().map_from_camera.position_m));
  }
  const bool metric = options.metric.value_or(false);
  for (const Numbered& image : images) {
    MapCamera camera;
    camera.frame = static_cast<int>(image.number - *first);
    camera.time_ns = tracks.frame_time_ns[static_cast<std::size_t>(camera.frame)];
    camera.map_from_camera = image.map_from_camera;
    camera.observed = true;
    camera.position_sigma = metric ? options.position_sigma_m : kPositionSigmaShare * extent;
    camera.rotation_sigma_rad = options.rotation_sigma_rad;
    tracks.camera.push_back(camera);
  }
  tracks.map_points = model.points;
  foreign::set_map_facts(false, std::nullopt, options, tracks);
  return tracks;
}

/// The user's camera, else the model's where its size is the clip's, else the clip's.
void choose_camera(const CameraModel& own, const ImportOptions& options, Tracks& tracks,
                   Diagnostics& diagnostics) {
  tracks.camera_model = options.camera.value_or(own);
  if (options.camera || !options.episode) return;
  const Episode& episode = *options.episode;
  if (own.width_px == episode.width_px && own.height_px == episode.height_px) return;
  tracks.camera_model = episode.camera;
  diagnostics.add(Severity::warning, "camera_ignored",
                  "the model's camera is for " + std::to_string(own.width_px) + "x" +
                      std::to_string(own.height_px) + " pixels, the clip has " +
                      std::to_string(episode.width_px) + "x" + std::to_string(episode.height_px) +
                      ": the clip's own camera stays");
}

}  // namespace

Result<Imported> import_colmap(const fs::path& path, const ImportOptions& options,
                               Diagnostics& diagnostics) {
  Model model;
  const auto cameras =
      read_part(path, "cameras", colmap::read_cameras_text, colmap::read_cameras_binary, model);
  if (!cameras) return cameras.error();
  const auto images =
      read_part(path, "images", colmap::read_images_text, colmap::read_images_binary, model);
  if (!images) return images.error();
  const auto points =
      read_part(path, "points3D", colmap::read_points_text, colmap::read_points_binary, model);
  if (!points) return points.error();
  const Result<CameraModel> camera = shared_camera(model, path.string());
  if (!camera) return camera.error();
  const Result<std::vector<Numbered>> poses = numbered(model.images, path.string());
  if (!poses) return poses.error();
  Diagnostics found;
  Result<Tracks> tracks = tracks_from(model, *poses, options, path.string(), found);
  if (!tracks) return tracks.error();
  Tracks all = std::move(tracks).value();
  choose_camera(*camera, options, all, found);
  all.origins = {foreign::origin_of("camera", "colmap", path / "images", *images)};
  Result<Tracks> checked = validated(std::move(all));
  if (!checked) return Error{ErrorCode::corrupt, to_string(checked.error()), path.string()};
  Imported imported;
  imported.tracks = std::move(checked).value();
  found.add(Severity::guess, "camera_sigma_assumed",
            "the model has no uncertainty: every pose is taken as good to " +
                std::to_string(imported.tracks->camera.front().position_sigma) + " map units and " +
                std::to_string(options.rotation_sigma_rad) + " rad",
            path.string());
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
