// SPDX-License-Identifier: Apache-2.0
#include "summarize.h"

#include <hearth/core/version.h>
#include <hearth/data/episode.h>
#include <hearth/data/home.h>
#include <hearth/data/ledger.h>
#include <hearth/data/tracks.h>
#include <hearth/dataset/lerobot.h>
#include <hearth/engine/engine_info.h>
#include <hearth/io/nouns.h>

#include <algorithm>
#include <set>

namespace hearth {
namespace fs = std::filesystem;
namespace {

// Why a stage left nothing, in the words of its record.
std::string reason(const std::vector<SummaryStage>& stages, const std::string& name) {
  for (const SummaryStage& stage : stages) {
    if (stage.name == name && !stage.why.empty()) return name + ": " + stage.why;
  }
  return name + " left nothing";
}

void add_tracks(const fs::path& out, const std::string& why, Summary& summary) {
  const Result<Tracks> tracks = read_noun<Tracks>(out / "tracks" / "tracks.json");
  if (!tracks) {
    summary.unknown["camera.static"] = why;
    return;
  }
  std::set<int> one;
  std::set<int> two;
  for (const HandTrack& hand : tracks->hands) {
    for (const HandObservation& o : hand.observations) {
      if (o.observed && !one.insert(o.frame).second) two.insert(o.frame);
    }
  }
  summary.hands.frames_with_hand = static_cast<std::int64_t>(one.size());
  summary.hands.frames_with_two = static_cast<std::int64_t>(two.size());
  summary.camera.is_static = tracks->camera_is_static;
  summary.camera.registered =
      std::count_if(tracks->camera.begin(), tracks->camera.end(),
                    [](const MapCamera& camera) { return camera.observed; });
  if (tracks->camera_model.source == IntrinsicsSource::estimated) {
    summary.camera.intrinsics_source = IntrinsicsSource::estimated;
  }
}

void add_home(const fs::path& out, const std::string& why, Summary& summary) {
  const auto unknown = [&](const char* field, const std::string& reason_text) {
    summary.unknown[field] = reason_text;
  };
  const Result<Home> home = read_home(out / "home");
  const bool scaled = home && home->scene.scale.source != Source::unknown;
  if (scaled) {
    summary.camera.scale_source = home->scene.scale.cues;
    summary.camera.scale_low = home->scene.scale.low;
    summary.camera.scale_high = home->scene.scale.high;
  } else {
    for (const char* field : {"camera.scale_source", "camera.scale_low", "camera.scale_high"}) {
      unknown(field, home ? "no cue of metric scale was found" : why);
    }
  }
  if (!home) {
    unknown("scene.object_size_m", why);
    unknown("scene.support_height_m", why);
    return;
  }
  summary.scene.supports = static_cast<std::int64_t>(home->scene.supports.size());
  summary.scene.objects = static_cast<std::int64_t>(home->scene.objects.size());
  const SceneObject* object = find_object(home->scene, home->task.object_id);
  if (object != nullptr) summary.scene.object_size_m = object->shape.size_m;
  if (object == nullptr) unknown("scene.object_size_m", "no manipulated object was established");
  const Support* support = find_support(home->scene, home->task.start_support_id);
  if (support == nullptr && !home->scene.supports.empty()) support = &home->scene.supports.front();
  if (support != nullptr && support->height_m.source != Source::unknown) {
    summary.scene.support_height_m = support->height_m.value;
  } else {
    unknown("scene.support_height_m", "no support was established");
  }
}

void add_replay(const fs::path& out, const std::string& why, Summary& summary) {
  const Result<Rollout> rollout = read_noun<Rollout>(out / "rollout" / "rollout.json");
  const Result<Outcome> outcome = read_noun<Outcome>(out / "rollout" / "outcome.json");
  if (!rollout || !outcome) {
    for (const char* field : {"replay.humanoid", "replay.assistance_n", "replay.wrist_error_m",
                              "replay.object_error_m"}) {
      summary.unknown[field] = why;
    }
    return;
  }
  summary.replay.humanoid = rollout->humanoid;
  summary.replay.assistance_n = rollout->assistance_n;
  summary.replay.wrist_error_m = rollout->wrist_error_m;
  summary.replay.object_error_m = outcome->object_error_m;
  summary.replay.success_once = outcome->success_once;
  summary.replay.success_at_end = outcome->success_at_end;
  for (const PredicateOutcome& p : outcome->predicates) {
    summary.replay.predicates[p.name] = {p.once, p.at_end, p.margin};
  }
}

void add_variants(const fs::path& out, const std::string& why, Summary& summary) {
  const Result<Ledger> ledger = read_noun<Ledger>(out / "set" / "ledger.json");
  for (std::size_t i = 0; ledger && i < ledger->entries.size(); ++i) {
    const LedgerEntry& entry = ledger->entries[i];
    ++summary.variants.proposed;
    if (entry.accepted) ++summary.variants.accepted;
    if (!entry.accepted) ++summary.variants.rejected[entry.reason];
  }
  const fs::path dataset = out / "set" / "dataset";
  const Result<DatasetSummary> checked = verify_lerobot(dataset);
  if (!checked) {
    summary.unknown["dataset.path"] = why;
    summary.unknown["dataset.content_sha256"] = why;
    return;
  }
  summary.dataset = {"set/dataset", checked->episodes, checked->frames, checked->content_sha256};
}

void add_gap(const fs::path& out, const std::string& why, Summary& summary) {
  const Result<GapReport> report = read_noun<GapReport>(out / "gap" / "gap_report.json");
  if (!report) {
    summary.unknown["gap"] = why;
    return;
  }
  SummaryGap gap{report->verdict, report->held_out, {}};
  for (const Score& s : report->scores) {
    gap.estimands.push_back({s.name, s.value, s.low, s.high, s.unit, s.n, s.verdict});
  }
  summary.gap = std::move(gap);
}

}  // namespace

bool done(const std::vector<SummaryStage>& stages, const std::string& name) {
  return std::any_of(stages.begin(), stages.end(), [&](const SummaryStage& stage) {
    return stage.name == name &&
           (stage.status == StageStatus::ran || stage.status == StageStatus::reused);
  });
}

Summary summarize(const fs::path& out, const std::vector<SummaryStage>& stages,
                  const RunOptions& options) {
  Summary summary;
  summary.stages = stages;
  summary.variants.preset = options.variants.preset;
  summary.provenance.tool_version = version();
  summary.provenance.engine = engine_name();
  summary.provenance.seed = options.variants.seed;
  if (const Result<Episode> episode = read_noun<Episode>(out / "episode" / "episode.json")) {
    summary.clip = {episode->clip_sha256, static_cast<std::int64_t>(episode->frame_time_ns.size()),
                    duration_s(*episode)};
    summary.camera.intrinsics_source = episode->camera.source;
    summary.provenance.inputs_sha256["clip"] = episode->clip_sha256;
  } else {
    summary.unknown["camera.intrinsics_source"] = reason(stages, "ingest");
  }
  // A stage that did not end well may have left parts of an earlier run: they are not this run's.
  const fs::path nothing = out / "nothing";
  const auto from = [&](const std::string& name) { return done(stages, name) ? out : nothing; };
  add_tracks(from("perceive"), reason(stages, "perceive"), summary);
  add_home(from("reconstruct"), reason(stages, "reconstruct"), summary);
  add_replay(from("replay"), reason(stages, "replay"), summary);
  // A synthesize that accepted nothing failed, yet its ledger tells why.
  const bool tried = std::any_of(stages.begin(), stages.end(), [](const SummaryStage& stage) {
    return stage.name == "synthesize" && stage.status != StageStatus::skipped;
  });
  add_variants(tried ? out : nothing, reason(stages, "synthesize"), summary);
  add_gap(from("score"), reason(stages, "score"), summary);
  return summary;
}

}  // namespace hearth
