// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <hearth/core/version.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/perturb/sample_variants.h>
#include <hearth/synthesize/synthesize.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cameras.h"
#include "unit.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kStopped = "stopped before all variants were tried; finished ones are kept";

Result<Done> check_options(const SynthesizeOptions& options) {
  const auto bad = [](const char* where, const char* message) {
    return Error{ErrorCode::invalid_argument, message, where};
  };
  if (options.count < 0 || options.count > 1000000) return bad("count", "must lie in 0 .. 1000000");
  const auto bad_side = [](int side) { return side < 16 || side > 4096 || side % 2 != 0; };
  if (bad_side(options.width_px)) return bad("width_px", "must be even and lie in 16 .. 4096");
  if (bad_side(options.height_px)) return bad("height_px", "must be even and lie in 16 .. 4096");
  if (options.samples_per_pixel < 1 || options.samples_per_pixel > 16) {
    return bad("samples_per_pixel", "must lie in 1 .. 16");
  }
  return Done{};
}

/// Tries all variants; a slot stays empty only when the work stopped early.
class UnitWork {
 public:
  UnitWork(const UnitContext& context, const std::vector<Variant>& variants,
           const Progress& progress)
      : context_(context), variants_(variants), progress_(progress), slots_(variants.size()) {}

  Result<std::vector<Unit>> run(int jobs) {
    parallel_for(variants_.size(), jobs, [this](std::size_t i) {
      if (stopped_) return;
      slots_[i] = make_unit(context_, variants_[i]);
      // A disk that refuses one unit refuses the next: end soon, keep what is there.
      if (!slots_[i]->ok() || !tell()) stopped_ = true;
    });
    std::vector<Unit> units;
    for (std::optional<Result<Unit>>& slot : slots_) {
      if (slot && !slot->ok()) return slot->error();
    }
    for (std::optional<Result<Unit>>& slot : slots_) {
      if (!slot || asked_to_stop_) return Error{ErrorCode::try_again, kStopped, "synthesize"};
      units.push_back(std::move(*slot).value());
    }
    return units;
  }

 private:
  bool tell() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool go_on =
        report(progress_, "variants", ++done_, static_cast<std::int64_t>(variants_.size()));
    asked_to_stop_ = asked_to_stop_ || !go_on;
    return go_on;
  }

  const UnitContext& context_;
  const std::vector<Variant>& variants_;
  const Progress& progress_;
  std::vector<std::optional<Result<Unit>>> slots_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::int64_t done_ = 0;
  bool asked_to_stop_ = false;
};

DatasetSpec dataset_spec(const UnitContext& context, const Rollout& first,
                         const SynthesizeOptions& options) {
  DatasetSpec spec;
  spec.encoding = encoding_of(first);
  spec.rate_hz = spec.encoding.rate_hz;
  spec.robot_type = context.humanoid.name;
  spec.state_names = first.actuator_names;
  spec.action_names = first.actuator_names;
  for (const char* name : {"head", "room"}) {
    spec.cameras.push_back(
        {name, options.width_px, options.height_px, options.has_depth, options.has_bodies});
  }
  spec.description =
      "Simulated demonstrations of one household chore. A recorded clip was reconstructed, its "
      "scene varied, and each variant replayed in physics by friction alone; only replays that "
      "did the chore are in here. State: joint positions of the humanoid. Action: the servo "
      "targets that were played.";
  const Json provenance = {{"clip_sha256", context.home.clip_sha256},
                           {"engine", first.engine},
                           {"hearth", std::string(version())},
                           {"physics_steps_per_action", first.substeps},
                           {"preset", options.preset},
                           {"proposals", options.count},
                           {"seed", options.seed}};
  spec.provenance_json = provenance.dump();
  return spec;
}

Result<DatasetSummary> write_dataset(const UnitContext& context, const Ledger& ledger,
                                     const fs::path& folder, const Progress& progress) {
  std::vector<const LedgerEntry*> accepted;
  for (const LedgerEntry& entry : ledger.entries) {
    if (entry.accepted) accepted.push_back(&entry);
  }
  if (accepted.empty()) {
    std::error_code error;
    fs::remove_all(folder, error);  // of an earlier, luckier run
    if (error) return error_from_errno(error.value(), folder);
    return DatasetSummary{};
  }
  const Result<Rollout> first =
      read_noun<Rollout>(unit_folder(context, accepted.front()->variant.index) / "rollout.json");
  if (!first) return first.error();
  const DatasetSpec spec = dataset_spec(context, *first, context.options);
  const auto source = [&](std::int64_t index) {
    return read_episode(context, *accepted[static_cast<std::size_t>(index)]);
  };
  WriteLerobotOptions write;
  write.replace = true;
  return write_lerobot(folder, spec, static_cast<std::int64_t>(accepted.size()), source, write,
                       progress);
}

Ledger ledger_of(const std::vector<Unit>& units, SynthesizeResult& result,
                 Diagnostics& diagnostics) {
  Ledger ledger;
  std::int64_t episode = 0;
  for (const Unit& unit : units) {
    LedgerEntry entry = unit.entry;
    if (entry.accepted) entry.episode_index = episode++;
    if (unit.reused) ++result.reused_units;
    if (unit.replaced) {
      diagnostics.add(Severity::note, "unit_remade",
                      "a unit made with other inputs, options or program was replaced",
                      std::to_string(entry.variant.index));
    }
    ledger.entries.push_back(std::move(entry));
  }
  if (episode == 0 && !units.empty()) {
    diagnostics.add(Severity::warning, "none_accepted",
                    "none of " + std::to_string(units.size()) + " variants did the chore", {});
  }
  return ledger;
}

}  // namespace

Result<SynthesizeResult> synthesize(const Home& home, const Humanoid& humanoid,
                                    const SynthesizeOptions& options, const fs::path& folder,
                                    const Progress& progress, Diagnostics& diagnostics) {
  if (const auto checked = check_options(options); !checked) return checked.error();
  const Home source = with_room_camera(home);
  const Result<std::vector<Variant>> variants = sample_variants(
      source,
      {.count = static_cast<int>(options.count), .seed = options.seed, .preset = options.preset});
  if (!variants) return variants.error();
  const UnitContext context{source, humanoid, options, folder / "units",
                            shared_key(source, humanoid, options)};
  if (auto made = make_folder(context.units); !made) return made.error();

  Result<std::vector<Unit>> units = UnitWork(context, *variants, progress).run(options.jobs);
  if (!units) return units.error();
  SynthesizeResult result;
  result.ledger = ledger_of(*units, result, diagnostics);
  if (auto done = write_noun(folder / "ledger.json", result.ledger); !done) return done.error();
  Result<DatasetSummary> dataset =
      write_dataset(context, result.ledger, folder / "dataset", progress);
  if (!dataset) return dataset.error();
  result.dataset = std::move(dataset).value();
  return result;
}

}  // namespace hearth
