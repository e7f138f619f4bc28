// SPDX-License-Identifier: Apache-2.0
#include "unit.h"

#include <hearth/core/hash.h>
#include <hearth/core/version.h>
#include <hearth/engine/world_model.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/perturb/apply.h>
#include <hearth/perturb/place_check.h>
#include <hearth/synthesize/attempt.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cameras.h"
#include "still_files.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kUnitVersion = 1;
constexpr std::array<const char*, 2> kCameras = {"head", "room"};

std::string unit_key(const UnitContext& context, const Variant& variant) {
  return sha256_hex(context.shared_key + "\n" + text_from_noun(variant));
}

/// The key of a finished unit, or nothing for a folder that is not one.
std::optional<std::string> stored_key(const fs::path& folder) {
  const Result<std::string> text = read_file(folder / "unit.json");
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("hearth", "") != "unit" ||
      json.value("version", 0) != kUnitVersion || !json.contains("key") ||
      !json["key"].is_string()) {
    return std::nullopt;
  }
  return json["key"].get<std::string>();
}

Result<Done> remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) return error_from_errno(error.value(), folder);
  return Done{};
}

/// A variant that was tried: its home, what became of it, and the pictures if it succeeded.
struct Tried {
  LedgerEntry entry{};
  Rollout rollout{};
  std::string model_xml{};
  std::vector<Footage> footage{};
};

void reject(LedgerEntry& entry, std::string reason, std::string detail) {
  entry.accepted = false;
  entry.episode_index = -1;
  entry.reason = std::move(reason);
  entry.detail = std::move(detail);
}

Tried try_variant(const UnitContext& context, const Variant& variant) {
  Tried tried;
  tried.entry.variant = variant;
  Diagnostics unused;  // what was guessed about a variant shows in its ledger row
  const Result<Home> home = apply(variant, context.home, unused);
  if (!home) {
    reject(tried.entry, "invalid", to_string(home.error()));
    return tried;
  }
  if (const auto problem = place_check(*home)) {
    reject(tried.entry, problem->reason, problem->detail);
    return tried;
  }
  Attempt tried_once = attempt(*home, context.humanoid, unused);
  tried.entry.outcome = tried_once.outcome;
  if (tried_once.replayed && !tried_once.rollout.state_hashes.empty()) {
    tried.entry.final_state_hash = tried_once.rollout.state_hashes.back();
  }
  if (!tried_once.reason.empty()) {
    reject(tried.entry, tried_once.reason, tried_once.detail);
    return tried;
  }
  tried.rollout = std::move(tried_once.rollout);
  const Result<std::vector<FilmCamera>> cameras =
      film_cameras(*home, variant, context.humanoid, tried.rollout, context.options);
  if (!cameras) {
    reject(tried.entry, "not_rendered", to_string(cameras.error()));
    return tried;
  }
  Result<std::vector<Footage>> footage =
      film_rollout(*home, tried.rollout, *cameras, context.options);
  const Result<WorldModel> model = compile(home->scene, context.humanoid);
  if (!footage || !model) {
    reject(tried.entry, "not_rendered", to_string(footage ? model.error() : footage.error()));
    return tried;
  }
  tried.footage = std::move(footage).value();
  tried.model_xml = model->mjcf();
  tried.entry.accepted = true;
  tried.entry.episode_index = 0;
  return tried;
}

Result<Done> write_footage(const fs::path& folder, const std::string& camera,
                           const Footage& footage, const SynthesizeOptions& options) {
  if (auto done = write_file(folder / (camera + ".mp4"), footage.mp4); !done) return done;
  const Json pixels = {{"hearth", "pixel_histogram"},
                       {"version", 1},
                       {"frames", footage.pixels.frames},
                       {"counts", footage.pixels.counts}};
  if (auto done = write_file(folder / (camera + ".statistics.json"), pixels.dump() + "\n"); !done) {
    return done;
  }
  if (options.has_depth) {
    if (auto done = write_stills(folder / (camera + "_depth"), footage.depth); !done) return done;
  }
  if (options.has_bodies) {
    if (auto done = write_stills(folder / (camera + "_bodies"), footage.bodies); !done) return done;
  }
  return Done{};
}

Result<Done> write_unit(const fs::path& folder, const Tried& tried, const std::string& key,
                        const SynthesizeOptions& options) {
  if (auto done = make_folder(folder); !done) return done;
  if (tried.entry.accepted) {
    if (auto done = write_noun(folder / "rollout.json", tried.rollout); !done) return done;
    if (auto done = write_file(folder / "model.xml", tried.model_xml); !done) return done;
    for (std::size_t i = 0; i < tried.footage.size(); ++i) {
      if (auto done = write_footage(folder, kCameras[i], tried.footage[i], options); !done) {
        return done;
      }
    }
  }
  if (auto done = write_noun(folder / "entry.json", tried.entry); !done) return done;
  const Json unit = {{"hearth", "unit"}, {"version", kUnitVersion}, {"key", key}};
  return write_file(folder / "unit.json", unit.dump() + "\n");
}

Result<PixelHistogram> read_pixels(const fs::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return text.error();
  PixelHistogram histogram;
  try {
    const Json json = Json::parse(*text);
    histogram.frames = json.at("frames").get<std::int64_t>();
    histogram.counts = json.at("counts").get<decltype(histogram.counts)>();
  } catch (const Json::exception& exception) {
    return Error{ErrorCode::corrupt, exception.what(), file.string()};
  }
  return histogram;
}

Result<EpisodeCamera> read_camera(const fs::path& folder, const std::string& name, std::size_t rows,
                                  const SynthesizeOptions& options) {
  EpisodeCamera camera;
  camera.video_file = folder / (name + ".mp4");
  Result<PixelHistogram> pixels = read_pixels(folder / (name + ".statistics.json"));
  if (!pixels) return pixels.error();
  camera.pixels = std::move(pixels).value();
  if (options.has_depth) {
    Result<StillTrack> stills = read_stills(folder / (name + "_depth"), rows);
    if (!stills) return stills.error();
    camera.depth = std::move(stills).value();
  }
  if (options.has_bodies) {
    Result<StillTrack> stills = read_stills(folder / (name + "_bodies"), rows);
    if (!stills) return stills.error();
    camera.bodies = std::move(stills).value();
  }
  return camera;
}

/// Joint positions of the humanoid in rows 0 .. steps - 1; they come first in qpos.
TableF32 joint_state(const Rollout& rollout) {
  TableF32 state;
  state.rows = rollout.action.rows;
  state.columns = rollout.action.columns;
  state.values.reserve(state.rows * state.columns);
  for (std::size_t row = 0; row < state.rows; ++row) {
    for (std::size_t column = 0; column < state.columns; ++column) {
      state.values.push_back(
          static_cast<float>(rollout.qpos.values[row * rollout.qpos.columns + column]));
    }
  }
  return state;
}

Table replay_state(const Rollout& rollout) {
  Table table;
  table.rows = rollout.qpos.rows;
  table.columns = rollout.qpos.columns + rollout.qvel.columns;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto append = [&](const Table& from) {
      const auto first = from.values.begin() + static_cast<std::ptrdiff_t>(row * from.columns);
      table.values.insert(table.values.end(), first,
                          first + static_cast<std::ptrdiff_t>(from.columns));
    };
    append(rollout.qpos);
    append(rollout.qvel);
  }
  return table;
}

/// What the variant's object is like, for filters in the dataset.
Result<std::map<std::string, double>> quantities_of(const UnitContext& context,
                                                    const Variant& variant) {
  Diagnostics unused;
  const Result<Home> home = apply(variant, context.home, unused);
  if (!home) return home.error();
  const SceneObject* object = find_object(home->scene, home->task.object_id);
  const Support* support = find_support(home->scene, home->task.start_support_id);
  if (object == nullptr) {
    return Error{ErrorCode::not_found, "the task's object is not in the scene", "task/object_id"};
  }
  const Vec3 start = object->world_from_object.position_m;
  const Vec3 goal = home->task.world_from_goal.position_m;
  return std::map<std::string, double>{
      {"goal_x_m", goal.x},
      {"goal_y_m", goal.y},
      {"object_friction", object->friction.value},
      {"object_mass_kg", object->mass_kg.value},
      {"object_size_x_m", object->shape.size_m.x},
      {"object_size_y_m", object->shape.size_m.y},
      {"object_size_z_m", object->shape.size_m.z},
      {"start_x_m", start.x},
      {"start_y_m", start.y},
      {"support_height_m", support != nullptr ? support->height_m.value : 0.0}};
}

}  // namespace

std::string shared_key(const Home& home, const Humanoid& humanoid,
                       const SynthesizeOptions& options) {
  const Json shown = {
      {"unit_version", kUnitVersion},   {"version", std::string(version())},
      {"build_id", options.build_id},   {"width_px", options.width_px},
      {"height_px", options.height_px}, {"samples_per_pixel", options.samples_per_pixel},
      {"has_depth", options.has_depth}, {"has_bodies", options.has_bodies}};
  Sha256 hash;
  hash.update(shown.dump());
  hash.update(home.clip_sha256);
  hash.update(text_from_noun(home.scene));
  for (const HandTrajectory& hand : home.hands) hash.update(text_from_noun(hand));
  hash.update(text_from_noun(home.object_tracks));
  hash.update(text_from_noun(home.camera_path));
  hash.update(text_from_noun(home.contacts));
  hash.update(text_from_noun(home.task));
  hash.update(text_from_noun(humanoid));
  return hash.hex();
}

fs::path unit_folder(const UnitContext& context, std::uint64_t index) {
  char name[32];
  std::snprintf(name, sizeof name, "%06llu", static_cast<unsigned long long>(index));
  return context.units / name;
}

Result<Unit> make_unit(const UnitContext& context, const Variant& variant) {
  const fs::path folder = unit_folder(context, variant.index);
  const std::string key = unit_key(context, variant);
  Unit unit;
  const std::optional<std::string> found = stored_key(folder);
  if (found == key) {
    Result<LedgerEntry> entry = read_noun<LedgerEntry>(folder / "entry.json");
    if (entry) {
      unit.entry = std::move(entry).value();
      unit.reused = true;
      return unit;
    }
  }
  unit.replaced = found.has_value();
  fs::path partial = folder;
  partial += ".partial";
  if (auto done = remove_folder(partial); !done) return done.error();
  const Tried tried = try_variant(context, variant);
  if (auto done = write_unit(partial, tried, key, context.options); !done) {
    (void)remove_folder(partial);
    return done.error();
  }
  if (auto done = remove_folder(folder); !done) return done.error();
  std::error_code error;
  fs::rename(partial, folder, error);
  if (error) return error_from_errno(error.value(), folder);
  unit.entry = tried.entry;
  return unit;
}

Result<DatasetEpisode> read_episode(const UnitContext& context, const LedgerEntry& entry) {
  const fs::path folder = unit_folder(context, entry.variant.index);
  const Result<Rollout> rollout = read_noun<Rollout>(folder / "rollout.json");
  if (!rollout) return rollout.error();
  Result<std::string> model = read_file(folder / "model.xml");
  if (!model) return model.error();
  Result<std::map<std::string, double>> quantities = quantities_of(context, entry.variant);
  if (!quantities) return quantities.error();
  DatasetEpisode episode;
  episode.state = joint_state(*rollout);
  episode.action = rollout->action;
  episode.task = context.home.task.prompt;
  episode.success = entry.outcome.success_at_end;
  episode.seed = entry.variant.seed;
  episode.variant_id = folder.filename().string();
  episode.layout_id = "clip_" + context.home.clip_sha256.substr(0, 12);
  episode.source_episode = context.home.clip_sha256;
  episode.recipe_json = text_from_noun(entry.variant);
  episode.quantities = std::move(quantities).value();
  for (const char* name : kCameras) {
    Result<EpisodeCamera> camera = read_camera(folder, name, rollout->action.rows, context.options);
    if (!camera) return camera.error();
    episode.cameras.push_back(std::move(camera).value());
  }
  episode.model_xml = std::move(model).value();
  episode.replay_state = replay_state(*rollout);
  episode.notes_json["outcome"] = text_from_noun(entry.outcome);
  episode.notes_json["model_sha256"] = Json(rollout->model_sha256).dump();
  episode.notes_json["state_sha256"] = Json(rollout->state_hashes).dump();
  return episode;
}

}  // namespace hearth
