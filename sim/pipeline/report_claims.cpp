// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "report_sections.h"
#include "report_text.h"

namespace hearth::report_sections {
namespace {

using report_text::escaped;
using report_text::fixed;
using report_text::length;
using report_text::name_of;
using report_text::whole;

double degrees(double rad) { return rad * 180.0 / std::numbers::pi; }

std::string row(const std::string& what, const std::string& value, const std::string& from,
                bool assumed) {
  return "<tr><th scope=\"row\">" + escaped(what) + "</th><td>" + escaped(value) + "</td><td" +
         (assumed ? " class=\"assumed-cell\"" : "") + ">" + escaped(from) + "</td></tr>\n";
}

bool is_assumed(Source source) { return source == Source::prior || source == Source::unknown; }

std::string with_sigma(const Estimate& estimate, const std::string& unit) {
  if (unit == "m") return length(estimate.value) + " \u00b1 " + length(estimate.sigma);
  const std::string suffix = unit.empty() ? "" : " " + unit;
  return fixed(estimate.value, 2) + " \u00b1 " + fixed(estimate.sigma, 2) + suffix;
}

std::string camera_rows(const ReportRun& run) {
  std::string out;
  if (run.episode) {
    const bool refined =
        run.tracks && run.tracks->camera_model.source == IntrinsicsSource::estimated;
    const CameraModel& camera = refined ? run.tracks->camera_model : run.episode->camera;
    const double fov = 2.0 * std::atan(0.5 * camera.width_px / std::max(1e-9, camera.fx_px));
    const bool guess =
        camera.source == IntrinsicsSource::guess || camera.source == IntrinsicsSource::unknown;
    out += row("Lens (intrinsics)",
               fixed(degrees(fov), 0) + "\u00b0 across, focal length " + fixed(camera.fx_px, 0) +
                   " px \u00b1 " + fixed(100.0 * camera.focal_sigma_share, 1) + " %",
               name_of(camera.source), guess);
  }
  if (run.tracks) {
    const auto& path = run.tracks->camera;
    const auto seen = std::count_if(path.begin(), path.end(),
                                    [](const MapCamera& camera) { return camera.observed; });
    out +=
        row("Camera path",
            run.tracks->camera_is_static
                ? "the camera stands still"
                : "pose known in " + whole(seen) + " of " + whole(run.tracks->frames) + " frames",
            run.tracks->source == "truth" ? "taken from ground truth" : "measured in the recording",
            false);
    std::vector<std::uint8_t> hands(static_cast<std::size_t>(std::max(0, run.tracks->frames)), 0);
    for (const HandTrack& track : run.tracks->hands) {
      for (const HandObservation& hand : track.observations) {
        const auto frame = static_cast<std::size_t>(std::max(0, hand.frame));
        if (hand.observed && frame < hands.size()) ++hands[frame];
      }
    }
    const auto one = std::count_if(hands.begin(), hands.end(), [](auto n) { return n > 0; });
    const auto two = std::count_if(hands.begin(), hands.end(), [](auto n) { return n > 1; });
    out += row("Hands", "seen in " + whole(one) + " frames, two hands in " + whole(two),
               "measured in the recording", false);
  }
  return out;
}

std::string scale_row(const Scene& scene) {
  const ScaleEstimate& scale = scene.scale;
  const double low = 100.0 * (scale.low / scale.value - 1.0);
  const double high = 100.0 * (scale.high / scale.value - 1.0);
  std::string from = name_of(scale.source);
  for (std::size_t at = 0; at < scale.cues.size();) {
    const std::size_t end = std::min(scale.cues.find(',', at), scale.cues.size());
    from += (at == 0 ? ", cues: " : ", ") + report_text::words(scale.cues.substr(at, end - at));
    at = end + 1;
  }
  return row(
      "Metric scale",
      "95 % interval " + fixed(low, 0) + " % to +" + fixed(high, 0) + " % (all lengths share it)",
      from, is_assumed(scale.source));
}

std::string size_text(const SceneObject& object) {
  const Vec3 size = object.shape.size_m;
  const Vec3 sigma = object.size_sigma_m;
  return length(size.x) + " \u00d7 " + length(size.y) + " \u00d7 " + length(size.z) + " (\u00b1 " +
         length(sigma.x) + ", " + length(sigma.y) + ", " + length(sigma.z) + ")";
}

std::string scene_rows(const Home& home) {
  std::string out = scale_row(home.scene);
  out += row("Vertical", "\u00b1 " + fixed(degrees(home.scene.up_sigma_rad), 1) + "\u00b0",
             name_of(home.scene.up_source), is_assumed(home.scene.up_source));
  for (const Support& support : home.scene.supports) {
    out += row(support.category.empty() ? support.id : support.category + " height",
               with_sigma(support.height_m, "m") +
                   (support.extent_inferred ? "; its outline was not seen whole" : ""),
               name_of(support.height_m.source), is_assumed(support.height_m.source));
  }
  for (const SceneObject& object : home.scene.objects) {
    if (object.id != home.task.object_id) continue;
    const char* shape = object.shape.kind == ShapeKind::box        ? "box"
                        : object.shape.kind == ShapeKind::cylinder ? "cylinder"
                        : object.shape.kind == ShapeKind::sphere   ? "sphere"
                                                                   : "capsule";
    out += row("Object, as a " + std::string(shape), size_text(object), "measured in the recording",
               false);
    std::string place = "\u00b1 " + length(object.position_sigma_m);
    if (object.shape.kind == ShapeKind::box) {
      place += ", turn \u00b1 " + fixed(degrees(object.yaw_sigma_rad), 0) + "\u00b0";
    }
    out += row("Object's place at the start", place, "measured in the recording", false);
    out += row("Object's mass", with_sigma(object.mass_kg, "kg"), name_of(object.mass_kg.source),
               is_assumed(object.mass_kg.source));
    out += row("Object's friction", with_sigma(object.friction, ""),
               name_of(object.friction.source), is_assumed(object.friction.source));
  }
  for (const HandTrajectory& hand : home.hands) {
    out += row(std::string(hand.side == HandSide::left ? "Left" : "Right") + " hand length",
               with_sigma(hand.hand_length_m, "m"), name_of(hand.hand_length_m.source),
               is_assumed(hand.hand_length_m.source));
  }
  return out;
}

std::string predicate_words(const std::string& name) {
  if (name == "lifted") return "lifted clear of its support";
  if (name == "placed") return "at rest at the goal, hand off";
  if (name == "upright") return "standing as it should";
  return report_text::words(name);
}

// Lifting must have happened once; all else must hold at the end.
bool needed_at_end(const ReportRun& run, const PredicateOutcome& predicate) {
  if (run.home) {
    for (const Predicate& wanted : run.home->task.predicates) {
      if (wanted.name == predicate.name) return wanted.kind != PredicateKind::lifted;
    }
  }
  return predicate.name != "lifted";
}

std::string margin_text(const ReportRun& run, const PredicateOutcome& predicate) {
  bool angle = predicate.name == "upright";
  if (run.home) {
    for (const Predicate& wanted : run.home->task.predicates) {
      if (wanted.name == predicate.name) angle = wanted.kind == PredicateKind::upright;
    }
  }
  if (predicate.margin <= -999.0) return "cannot be computed";
  const std::string sign = predicate.margin >= 0.0 ? "+" : "";
  return sign + (angle ? fixed(degrees(predicate.margin), 1) + "\u00b0" : length(predicate.margin));
}

std::string yes_no(bool yes) {
  return yes ? "<span class=\"chip good\">yes</span>" : "<span class=\"chip bad\">no</span>";
}

}  // namespace

std::string claims(const ReportRun& run) {
  std::string rows = camera_rows(run);
  if (run.home) rows += scene_rows(*run.home);
  std::string out;
  if (!rows.empty()) {
    out =
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">What</th><th "
        "scope=\"col\">Value, "
        "\u00b1 one standard deviation</th><th scope=\"col\">Where it comes "
        "from</th></tr></thead><tbody>\n" +
        rows + "</tbody></table></div>\n";
  }
  if (!run.home) out += missing(run, "home", "There is no reconstructed scene.");
  return out;
}

std::string replay_outcome(const ReportRun& run) {
  if (!run.outcome || !run.rollout) {
    return missing(run, run.rollout ? "outcome" : "rollout", "There is no replay to judge.");
  }
  std::string out =
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">The object is ...</th><th "
      "scope=\"col\">at some time</th><th scope=\"col\">at the end</th><th scope=\"col\">margin "
      "(positive: fulfilled)</th></tr></thead><tbody>\n";
  for (const PredicateOutcome& predicate : run.outcome->predicates) {
    out += "<tr><th scope=\"row\">" + escaped(predicate_words(predicate.name)) + "</th><td>" +
           yes_no(predicate.once) + "</td><td>" +
           (needed_at_end(run, predicate) ? yes_no(predicate.at_end) : "not asked") + "</td><td>" +
           escaped(margin_text(run, predicate)) + "</td></tr>\n";
  }
  out += "</tbody></table></div>\n<p>Object " + escaped(length(run.outcome->object_error_m)) +
         " from its goal at the end. Simulated wrist " +
         escaped(length(run.rollout->wrist_error_m)) +
         " (median) from the planned one. Helping force on the object: " +
         escaped(fixed(run.rollout->assistance_n, 1)) + " N. Deepest contact " +
         escaped(length(run.rollout->max_penetration_m)) + ".</p>\n";
  if (run.motion) {
    out += "<p>The humanoid can follow the planned wrist path to " +
           escaped(length(run.motion->wrist_error_m)) + " (median)";
    if (run.motion->lead_in_s > 0.0) {
      out +=
          "; the motion starts " + escaped(fixed(run.motion->lead_in_s, 2)) + " s before the clip";
    }
    out += ".</p>\n";
  }
  return out;
}

}  // namespace hearth::report_sections
