// SPDX-License-Identifier: Apache-2.0
#include "tests/dataset/sample.h"

#include <hearth/core/rng.h>
#include <hearth/io/files.h>
#include <hearth/video/mp4.h>

#include <algorithm>
#include <catch2/catch.hpp>

namespace hearth {
namespace {

constexpr int kWidth = 64;
constexpr int kHeight = 48;

TableF32 random_table(std::uint64_t unit, const char* stream, std::size_t rows,
                      std::size_t columns) {
  Rng rng(5, unit, stream);
  TableF32 out{rows, columns, {}};
  for (std::size_t i = 0; i < rows * columns; ++i) {
    out.values.push_back(static_cast<float>(rng.uniform(-2.0, 2.0)));
  }
  return out;
}

// Coloured, so that a decoder with the wrong colour matrix is noticed.
ImageRgb8 tinted_image(int grey) {
  ImageRgb8 image{kWidth, kHeight, {}};
  for (int i = 0; i < kWidth * kHeight; ++i) {
    for (const int v : {grey, 40, grey / 2}) image.values.push_back(static_cast<std::uint8_t>(v));
  }
  return image;
}

EpisodeCamera make_camera(const std::filesystem::path& file, int episode, int camera,
                          const SampleOptions& options) {
  EpisodeCamera out;
  out.video_file = file;
  PixelHistogram pixels;
  auto writer = make_mp4_writer(kWidth, kHeight, {.rate_hz = options.rate_hz});
  REQUIRE(writer.ok());
  Mp4Writer video = std::move(writer).value();
  for (int k = 0; k < options.lengths[static_cast<std::size_t>(episode)]; ++k) {
    const ImageRgb8 image = tinted_image(sample_grey(episode, k, camera));
    REQUIRE(video.add(image).ok());
    add(pixels, image);
    if (!options.stills) continue;
    ImageDepth depth{kWidth, kHeight, std::vector<float>(kWidth * kHeight, 0.001F * float(k + 1))};
    ImageMask bodies{kWidth, kHeight, std::vector<std::int32_t>(kWidth * kHeight, episode)};
    REQUIRE(add_depth(out.depth, depth).ok());
    REQUIRE(add_bodies(out.bodies, bodies).ok());
  }
  auto bytes = video.finish();
  REQUIRE(bytes.ok());
  REQUIRE(write_file(file, *bytes).ok());
  if (options.counted_pixels) out.pixels = pixels;
  return out;
}

}  // namespace

int sample_grey(int episode, int frame, int camera) {
  return 40 + (frame * 2 + episode * 23 + camera * 71) % 160;
}

EpisodeSource Sample::source() const {
  return [this](std::int64_t index) -> Result<DatasetEpisode> {
    return episodes.at(static_cast<std::size_t>(index));
  };
}

Sample make_sample(const std::filesystem::path& work, const SampleOptions& options) {
  Sample out;
  out.spec.rate_hz = options.rate_hz;
  out.spec.robot_type = "capsule_humanoid";
  out.spec.state_names = {"elbow", "wrist", "thumb"};
  out.spec.action_names = {"elbow", "wrist"};
  out.spec.provenance_json = R"({"tool_version":"0.1.0"})";
  const char* names[] = {"head", "room", "third"};
  for (int c = 0; c < options.cameras; ++c) {
    out.spec.cameras.push_back({names[c], kWidth, kHeight, options.stills, options.stills});
  }
  for (std::size_t e = 0; e < options.lengths.size(); ++e) {
    const auto rows = static_cast<std::size_t>(options.lengths[e]);
    DatasetEpisode episode;
    episode.state = random_table(e, "state", rows, 3);
    episode.action = random_table(e, "action", rows, 2);
    episode.task = e == 2 ? "stelle die Schüssel ab 碗" : "put the box down";
    episode.success = e != 1;
    episode.seed = 100 + e;
    episode.variant_id = "near/" + std::to_string(e);
    episode.layout_id = "kitchen";
    episode.source_episode = "abc123";
    episode.recipe_json = R"({"edits": [{"MoveStart": {"dx_m": 0.1}}]})";
    episode.quantities = {{"object_mass_kg", 0.2 + 0.1 * static_cast<double>(e)},
                          {"object_scale_x", 1.0}};
    episode.model_xml = "<mujoco model=\"m" + std::to_string(e) + "\"/>";
    episode.replay_state = {rows + 1, 2, std::vector<double>(2 * (rows + 1), 0.25)};
    episode.notes_json = {{"engine", "\"mujoco 4.0.1\""}};
    for (int c = 0; c < options.cameras; ++c) {
      const auto file = work / ("e" + std::to_string(e) + "c" + std::to_string(c) + ".mp4");
      episode.cameras.push_back(make_camera(file, static_cast<int>(e), c, options));
    }
    out.episodes.push_back(std::move(episode));
  }
  return out;
}

DatasetSummary write_sample(const Sample& sample, const std::filesystem::path& folder,
                            const WriteLerobotOptions& options) {
  const auto summary =
      write_lerobot(folder, sample.spec, static_cast<std::int64_t>(sample.episodes.size()),
                    sample.source(), options, {});
  INFO((summary.ok() ? std::string() : to_string(summary.error())));
  REQUIRE(summary.ok());
  return *summary;
}

std::vector<std::string> files_below(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      out.push_back(entry.path().lexically_relative(folder).generic_string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace hearth
