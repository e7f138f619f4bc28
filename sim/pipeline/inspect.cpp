// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/nouns.h>
#include <hearth/pipeline/inspect.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "inspect_moments.h"
#include "report_run.h"
#include "report_text.h"

namespace hearth {
namespace fs = std::filesystem;

namespace {

using report_text::counted;
using report_text::fixed;
using report_text::length;
using report_text::name_of;
using report_text::quantity;
using report_text::whole;

constexpr std::size_t kWorst = 5;

std::string degrees(double rad) { return fixed(rad * 180.0 / std::numbers::pi, 1) + " deg"; }

std::string share(std::int64_t part, std::int64_t all) {
  return whole(part) + " of " + whole(all) + " frames";
}

std::string at(TimeNs t) { return fixed(seconds_from_ns(t), 2) + " s"; }

class Lister {
 public:
  explicit Lister(std::vector<Finding>& findings) : findings_(findings) {}

  void clip(const Episode& e) {
    section_ = "clip";
    add("picture", whole(e.width_px) + " x " + whole(e.height_px) + ", " + e.codec);
    add("length", fixed(duration_s(e), 2) + " s, " +
                      counted(static_cast<std::int64_t>(e.frame_time_ns.size()), "frame"));
    add("rate", fixed(e.nominal_rate_hz, 2) + " Hz", e.constant_rate ? "even" : "uneven");
    if (!e.repeated_frames.empty()) {
      add("repeated frames", whole(static_cast<std::int64_t>(e.repeated_frames.size())));
    }
    lens(e.camera);
  }

  // `lens_known`: the camera model is the clip's, listed before.
  void tracks(const Tracks& t, bool lens_known) {
    section_ = "camera";
    if (!lens_known) lens(t.camera_model);
    const auto seen = std::count_if(t.camera.begin(), t.camera.end(),
                                    [](const MapCamera& c) { return c.observed; });
    int chunks = 0;
    for (const MapCamera& c : t.camera) chunks = std::max(chunks, c.chunk + 1);
    add("poses", t.camera_is_static ? "the camera stands still" : share(seen, t.frames),
        chunks > 1 ? counted(chunks, "piece") + " that share no frame" : "", t.source);
    add("still points in the map", whole(static_cast<std::int64_t>(t.map_points.size())));
    if (t.map_scale_m) scale(*t.map_scale_m);
    section_ = "hands";
    if (t.hands.empty()) add("hands", "none");
    for (const HandTrack& hand : t.hands) this->hand(hand, t.frames);
    if (!t.moving_points.empty()) {
      add("points that go with a hand", whole(static_cast<std::int64_t>(t.moving_points.size())));
    }
    for (const ObjectSighting& o : t.objects) {
      add("object " + o.id, share(static_cast<std::int64_t>(o.observations.size()), t.frames), "",
          name_of(o.source));
    }
  }

  void contacts(const Contacts& contacts) {
    section_ = "contacts";
    if (contacts.spans.empty()) add("contacts", "none");
    for (const ContactSpan& s : contacts.spans) {
      add(s.hand_track + " hand takes hold", at(s.onset_ns),
          at(s.onset_low_ns) + " to " + at(s.onset_high_ns) + ", confidence " +
              fixed(s.confidence, 2),
          s.evidence);
      add(s.hand_track + " hand lets go", at(s.release_ns),
          at(s.release_low_ns) + " to " + at(s.release_high_ns), s.evidence);
    }
  }

  void scene(const Scene& scene) {
    section_ = "scene";
    scale(scene.scale);
    add("vertical", "", "sigma " + degrees(scene.up_sigma_rad), name_of(scene.up_source));
    for (const Support& s : scene.supports) {
      add(s.id + " height", length(s.height_m.value), "sigma " + length(s.height_m.sigma),
          name_of(s.height_m.source));
    }
    if (scene.objects.empty()) add("objects", "none");
    for (const SceneObject& o : scene.objects) {
      const Vec3 size = o.shape.size_m;
      const Vec3 sigma = o.size_sigma_m;
      add(o.id + " size", length(size.x) + " x " + length(size.y) + " x " + length(size.z),
          "sigma " + length(sigma.x) + ", " + length(sigma.y) + ", " + length(sigma.z));
      add(o.id + " place", "", "sigma " + length(o.position_sigma_m));
      add(o.id + " mass", quantity(o.mass_kg.value, "kg"),
          "sigma " + quantity(o.mass_kg.sigma, "kg"), name_of(o.mass_kg.source));
      add(o.id + " friction", fixed(o.friction.value, 2), "sigma " + fixed(o.friction.sigma, 2),
          name_of(o.friction.source));
    }
  }

  void outcome(const Outcome& outcome) {
    section_ = "replay";
    for (const PredicateOutcome& p : outcome.predicates) {
      add(p.name,
          std::string("once ") + (p.once ? "yes" : "no") + ", at the end " +
              (p.at_end ? "yes" : "no"),
          "margin " + fixed(p.margin, 3));
    }
  }

 private:
  void add(const std::string& what, const std::string& value, const std::string& certainty = {},
           const std::string& source = {}) {
    findings_.push_back({section_, what, value, certainty, source});
  }

  void lens(const CameraModel& camera) {
    add("focal length", fixed(camera.fx_px, 0) + " px",
        "sigma " + fixed(100.0 * camera.focal_sigma_share, 1) + " %", name_of(camera.source));
  }

  void scale(const ScaleEstimate& s) {
    add("metres per map unit", fixed(s.value, 3),
        "95 %: " + fixed(s.low, 3) + " to " + fixed(s.high, 3),
        s.cues.empty() ? name_of(s.source) : s.cues);
  }

  void hand(const HandTrack& hand, int frames) {
    const auto seen = std::count_if(hand.observations.begin(), hand.observations.end(),
                                    [](const HandObservation& o) { return o.observed; });
    std::vector<double> sigma;
    for (const HandObservation& o : hand.observations) sigma.push_back(o.depth_sigma_m);
    std::sort(sigma.begin(), sigma.end());
    add(hand.id + (hand.wearer ? " hand" : " hand of somebody else"),
        "seen in " + share(seen, frames),
        "side " + fixed(100.0 * hand.side_confidence, 0) + " % sure, distance sigma " +
            (sigma.empty() ? std::string("-") : length(sigma[sigma.size() / 2])) +
            " at a hand length of " + length(hand.hand_length_m),
        name_of(hand.source));
  }

  std::vector<Finding>& findings_;
  std::string section_{};
};

// A run folder, or one stage's folder alone.
ReportRun read_folder(const fs::path& folder, Diagnostics& diagnostics) {
  std::error_code ignored;
  if (fs::exists(folder / "summary.json", ignored) || fs::exists(folder / "episode", ignored) ||
      fs::exists(folder / "tracks", ignored)) {
    return read_report_run(folder, diagnostics);
  }
  ReportRun run;
  run.folder = folder;
  const auto keep = [&](auto result, auto& out) {
    if (result) {
      out = std::move(result).value();
    } else {
      diagnostics.add(Severity::warning, "report_part_unreadable",
                      relative_text(result.error(), folder));
    }
  };
  if (fs::exists(folder / "episode.json", ignored)) {
    keep(read_noun<Episode>(folder / "episode.json"), run.episode);
  }
  if (fs::exists(folder / "tracks.json", ignored)) {
    keep(read_noun<Tracks>(folder / "tracks.json"), run.tracks);
  }
  if (fs::exists(folder / "home.json", ignored)) keep(read_home(folder), run.home);
  std::optional<StageRecord> record;
  if (fs::exists(folder / "stage.json", ignored)) {
    keep(read_noun<StageRecord>(folder / "stage.json"), record);
  }
  if (record) run.stages.push_back(*std::move(record));
  return run;
}

}  // namespace

Result<Inspection> inspect(const fs::path& folder, Diagnostics& diagnostics) {
  const ReportRun run = read_folder(folder, diagnostics);
  if (!run.episode && !run.tracks && !run.home && run.stages.empty()) {
    return Error{ErrorCode::not_found,
                 "holds nothing that ingest, import, perceive, reconstruct or run wrote",
                 folder.string()};
  }
  Inspection inspection;
  Lister list(inspection.findings);
  if (run.episode) list.clip(*run.episode);
  if (run.tracks) {
    list.tracks(*run.tracks, run.episode && run.episode->camera == run.tracks->camera_model);
  }
  if (run.home) {
    list.contacts(run.home->contacts);
    list.scene(run.home->scene);
  }
  if (run.outcome) list.outcome(*run.outcome);
  if (run.tracks) {
    inspection.worst = worst_moments(*run.tracks, run.home ? &run.home->contacts : nullptr, kWorst);
  }
  for (const StageRecord& stage : run.stages) {
    inspection.notes.insert(inspection.notes.end(), stage.diagnostics.begin(),
                            stage.diagnostics.end());
  }
  return inspection;
}

}  // namespace hearth
