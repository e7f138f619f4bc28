// SPDX-License-Identifier: Apache-2.0
#include "tests/pipeline/report_world.h"

#include <hearth/data/episode.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/ledger.h>
#include <hearth/data/motion.h>
#include <hearth/data/summary.h>
#include <hearth/data/tracks.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/perturb/sample_variants.h>
#include <hearth/video/mp4.h>

#include <map>
#include <stdexcept>

#include "sim/pipeline/draw_replay.h"
#include "tests/support/make_home.h"

namespace hearth::test {
namespace {

namespace fs = std::filesystem;

constexpr int kRateHz = 5;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return std::move(result).value();
}

StageRecord record(const std::string& name, std::vector<Diagnostic> diagnostics,
                   const std::string& why = {}) {
  StageRecord out;
  out.name = name;
  out.why = why;
  out.key = std::string(64, 'c');
  out.diagnostics = std::move(diagnostics);
  out.provenance.tool_version = "0.1.0";
  return out;
}

CameraModel small_camera(int width_px) {
  CameraModel camera;
  camera.width_px = width_px;
  camera.height_px = width_px * 3 / 4;
  camera.fx_px = camera.fy_px = 0.8 * width_px;
  camera.cx_px = 0.5 * (camera.width_px - 1);
  camera.cy_px = 0.5 * (camera.height_px - 1);
  camera.source = IntrinsicsSource::guess;
  camera.focal_sigma_share = 0.2;
  return camera;
}

Episode make_clip(const fs::path& folder, const Home& home, int width_px) {
  must(make_folder(folder));
  Episode episode;
  episode.clip_file = "clip.mp4";
  episode.clip_sha256 = std::string(64, 'a');
  episode.container = "mov,mp4,m4a,3gp,3g2,mj2";
  episode.codec = "h264";
  episode.camera = small_camera(width_px);
  episode.width_px = episode.camera.width_px;
  episode.height_px = episode.camera.height_px;
  episode.nominal_rate_hz = kRateHz;
  episode.streams = {{0, "video", "h264"}};
  // Drawing takes most of a test's time, and every run folder shows the same home.
  static std::map<int, std::string> clips;
  std::string& bytes = clips[width_px];
  Mp4Writer writer =
      must(make_mp4_writer(episode.width_px, episode.height_px, {.rate_hz = kRateHz}));
  const ObjectTrack& track = home.object_tracks.tracks.at(0);
  const TimeNs end_ns = track.samples.back().time_ns;
  for (int frame = 0; frame * (1'000'000'000LL / kRateHz) <= end_ns; ++frame) {
    const TimeNs time_ns = frame * (1'000'000'000LL / kRateHz);
    episode.frame_time_ns.push_back(time_ns);
    if (!bytes.empty()) continue;
    Home now = home;
    now.scene.objects.at(0).world_from_object = pose_at(track, time_ns);
    must(writer.add(must(paint_scene(now, head_camera(home, episode.camera, time_ns)))));
  }
  if (bytes.empty()) bytes = must(writer.finish());
  must(write_file(folder / episode.clip_file, bytes));
  must(write_noun(folder / "episode.json", episode));
  must(
      write_noun(folder / "stage.json",
                 record("ingest", {{Severity::guess, "focal_length_guessed",
                                    "the clip does not say its focal length; a field of view of 64 "
                                    "degrees was assumed",
                                    "camera"}})));
  return episode;
}

Tracks make_tracks(const Episode& episode, const Home& home) {
  Tracks tracks;
  tracks.source = "perceive";
  tracks.frame_time_ns = episode.frame_time_ns;
  tracks.frames = static_cast<int>(episode.frame_time_ns.size());
  tracks.camera_model = episode.camera;
  for (const HandTrajectory& hand : home.hands) {
    HandTrack track;
    track.id = hand.side == HandSide::left ? "left" : "right";
    track.side = hand.side;
    track.side_confidence = 0.9;
    track.hand_length_m = 0.185;
    track.bone_length_m = population_bone_lengths_m(0.185);
    for (int frame = 0; frame < tracks.frames; ++frame) {
      const TimeNs time_ns = episode.frame_time_ns[static_cast<std::size_t>(frame)];
      HandSample sample;
      if (!sample_at(hand, time_ns, sample)) continue;
      const Pose camera_from_world =
          inverse(head_camera(home, episode.camera, time_ns).world_from_camera);
      HandObservation seen;
      seen.frame = frame;
      seen.time_ns = time_ns;
      seen.presence = 0.9;
      seen.observed = frame % 9 != 4;
      seen.sigma_px = 2.0;
      bool visible = true;
      for (std::size_t j = 0; j < kHandJoints; ++j) {
        seen.joints_in_camera_m[j] = camera_from_world * sample.joints_in_world_m[j];
        const std::optional<Vec2> pixel = project(episode.camera, seen.joints_in_camera_m[j]);
        visible = visible && pixel.has_value();
        seen.joints_px[j] = pixel.value_or(Vec2{});
      }
      if (visible) track.observations.push_back(seen);
    }
    tracks.hands.push_back(track);
  }
  for (int frame = 0; frame < tracks.frames; ++frame) {
    const TimeNs time_ns = episode.frame_time_ns[static_cast<std::size_t>(frame)];
    MapCamera camera;
    camera.frame = frame;
    camera.time_ns = time_ns;
    camera.map_from_camera = head_camera(home, episode.camera, time_ns).world_from_camera;
    camera.observed = frame % 7 != 0;
    tracks.camera.push_back(camera);
  }
  return tracks;
}

void fill_pose(Table& table, std::size_t row, std::size_t body, const Pose& pose) {
  double* at = &table.values[row * table.columns + 7 * body];
  const Vec3 p = pose.position_m;
  const Quat q = pose.rotation;
  const double values[7] = {p.x, p.y, p.z, q.w, q.x, q.y, q.z};
  std::copy(values, values + 7, at);
}

// A replay that follows the recording: a block for the hand and the object itself.
Rollout make_rollout(const Home& home) {
  Rollout rollout;
  rollout.engine = "none";
  rollout.humanoid = "block";
  rollout.model_sha256 = std::string(64, 'd');
  rollout.control_rate_hz = kRateHz;
  rollout.substeps = 1;
  rollout.actuator_names = {"hand"};
  rollout.object_id = home.task.object_id;
  rollout.body_names = {"hand", rollout.object_id};
  const ObjectTrack& track = home.object_tracks.tracks.at(0);
  const auto rows =
      static_cast<std::size_t>(seconds_from_ns(track.samples.back().time_ns) * kRateHz) + 1;
  rollout.action = {rows - 1, 1, std::vector<float>(rows - 1, 0.0F)};
  rollout.qpos = {rows, 1, std::vector<double>(rows, 0.0)};
  rollout.qvel = rollout.qpos;
  rollout.body_pose = {rows, 14, std::vector<double>(rows * 14, 0.0)};
  rollout.state_hashes.assign(rows, std::string(64, 'e'));
  rollout.hand_touches_object.assign(rows, 0);
  const ContactSpan& contact = home.contacts.spans.at(0);
  for (std::size_t row = 0; row < rows; ++row) {
    const TimeNs time_ns = static_cast<TimeNs>(row) * (1'000'000'000LL / kRateHz);
    HandSample sample;
    Pose hand;
    for (const HandTrajectory& trajectory : home.hands) {
      if (trajectory.side == contact.side && sample_at(trajectory, time_ns, sample)) {
        hand = sample.world_from_wrist;
      }
    }
    fill_pose(rollout.body_pose, row, 0, hand);
    fill_pose(rollout.body_pose, row, 1, pose_at(track, time_ns));
    rollout.hand_touches_object[row] =
        time_ns >= contact.onset_ns && time_ns <= contact.release_ns ? 1 : 0;
  }
  const SceneObject& object = home.scene.objects.at(0);
  rollout.visual_geoms = {{0, {ShapeKind::box, {0.03, 0.08, 0.16}}, {{0, 0, 0.08}, {}}, {}},
                          {1, object.shape, {}, object.material}};
  return rollout;
}

void make_replay(const fs::path& folder, const Home& home) {
  must(make_folder(folder / "motion"));
  must(make_folder(folder / "rollout"));
  Motion motion;
  motion.humanoid = "block";
  motion.rate_hz = kRateHz;
  motion.joint_names = {"hand"};
  motion.position = {1, 1, {0.0}};
  motion.wrist_error_m = 0.012;
  must(write_noun(folder / "motion" / "motion.json", motion));
  must(write_noun(folder / "motion" / "stage.json", record("retarget", {})));
  must(write_noun(folder / "rollout" / "rollout.json", make_rollout(home)));
  Outcome outcome;
  outcome.predicates = {
      {"lifted", true, false, 0.08}, {"placed", true, true, 0.02}, {"upright", true, true, 0.2}};
  outcome.success_once = outcome.success_at_end = true;
  outcome.object_error_m = 0.013;
  must(write_noun(folder / "rollout" / "outcome.json", outcome));
  must(write_noun(folder / "rollout" / "stage.json", record("replay", {})));
}

void make_set(const fs::path& folder, const Home& home) {
  must(make_folder(folder));
  const std::vector<Variant> proposals =
      must(sample_variants(home, {.count = 8, .seed = 5, .preset = "near"}));
  Ledger ledger;
  const std::array reasons{"", "", "overlap", "", "not_placed", "", "", "not_lifted"};
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    LedgerEntry entry;
    entry.variant = proposals[i];
    entry.reason = reasons[i];
    entry.accepted = entry.reason.empty();
    entry.detail = entry.accepted ? "" : "the object ended 0.21 m from its goal <check>";
    entry.episode_index = entry.accepted ? static_cast<std::int64_t>(i) : -1;
    ledger.entries.push_back(entry);
  }
  must(write_noun(folder / "ledger.json", ledger));
  must(write_noun(folder / "stage.json", record("synthesize", {})));
}

Score score(const std::string& name, const std::string& unit, double value, double low, double high,
            double delta, Verdict verdict) {
  Score out;
  out.name = name;
  out.estimand = "mean over takes of " + name;
  out.unit = unit;
  out.value = value;
  out.low = low;
  out.high = high;
  out.delta = delta;
  out.noise_floor = 0.3 * delta;
  out.n = 3;
  out.verdict = verdict;
  if (verdict == Verdict::inconclusive) out.needed = "about 9 further takes";
  return out;
}

void make_gap(const fs::path& folder) {
  must(make_folder(folder));
  GapReport report;
  report.verdict = Verdict::inconclusive;
  report.held_out = 3;
  report.scores = {
      score("success", "share", -0.07, -0.31, 0.2, 0.1, Verdict::inconclusive),
      score("object_path", "m", 0.022, 0.012, 0.027, 0.03, Verdict::equivalent),
      score("wrist_path", "m", 0.11, 0.08, 0.15, 0.05, Verdict::gap),
  };
  Score unknown;
  unknown.name = "contact_onset";
  unknown.estimand = "mean over takes of the difference of onset times";
  unknown.unit = "s";
  unknown.delta = 0.1;
  unknown.needed = "a recording measured twice";
  report.scores.push_back(unknown);
  TakeScore take;
  take.clip_sha256 = std::string(64, 'b');
  take.object_path_m = 0.02;
  take.note = "first of five draws";
  report.takes = {take};
  report.frozen_settings = {"friction of the object: 0.80"};
  must(write_noun(folder / "gap_report.json", report));
  must(write_noun(folder / "stage.json", record("score", {})));
}

Summary make_summary(const RunParts& parts) {
  Summary summary;
  summary.clip = {std::string(64, 'a'), 50, 5.0};
  summary.stages = {{"ingest", StageStatus::ran, "", {{"focal_length_guessed", 1}}}};
  if (!parts.home) {
    summary.stages.push_back({"reconstruct",
                              StageStatus::failed,
                              "no support plane could be found below the hands",
                              {}});
  }
  if (!parts.replay) {
    summary.stages.push_back({"replay", StageStatus::skipped, "needs retarget", {}});
    summary.stages.push_back(
        {"retarget", StageStatus::failed, "the object is too wide for the hand", {}});
  }
  for (const char* field :
       {"camera.static", "camera.intrinsics_source", "camera.scale_source", "camera.scale_low",
        "camera.scale_high", "scene.object_size_m", "scene.support_height_m", "replay.humanoid",
        "replay.assistance_n", "replay.wrist_error_m", "replay.object_error_m", "dataset.path",
        "dataset.content_sha256", "gap"}) {
    summary.unknown[field] = "this run was made by a test";
  }
  summary.provenance.tool_version = "0.1.0";
  summary.provenance.seed = 7;
  return summary;
}

}  // namespace

void make_run_folder(const fs::path& folder, const RunParts& parts) {
  must(make_folder(folder));
  Home home = make_place_home(3);
  home.clip_sha256 = std::string(64, 'a');
  home.scene.scale = {1.0, 0.85, 1.18, Source::prior, "hand_length"};
  home.scene.objects.at(0).position_sigma_m = 0.012;
  home.scene.objects.at(0).material = {
      {0.7, 0.15, 0.1}, {0.9, 0.8, 0.7}, Pattern::stripes, 0.03, 0.6};
  home.scene.lights = {{"lamp", {0.2, 0.3, 2.2}, 0.15, 1.0, 3500.0}};
  home.task.goal_sigma_m = 0.015;
  for (HandTrajectory& hand : home.hands) {
    for (HandSpan& span : hand.spans) {
      for (HandSample& sample : span.samples) {
        sample.wrist_covariance_m2 = {{{4e-4, 1e-4, 0}, {1e-4, 1e-4, 0}, {0, 0, 1e-4}}};
      }
    }
  }
  Episode episode;
  if (parts.clip) episode = make_clip(folder / "episode", home, parts.clip_width_px);
  if (parts.clip && parts.tracks) {
    must(make_folder(folder / "tracks"));
    must(write_noun(folder / "tracks" / "tracks.json", make_tracks(episode, home)));
    const std::string why =
        parts.truth_substituted ? "tracks of the film's truth stand in for perceive" : "";
    std::vector<Diagnostic> lost(
        5, {Severity::warning, "hand_bridged", "a hole of 1 frame was filled", "right hand"});
    lost.push_back({Severity::note, "camera_moved", "the head turned by 4 degrees & back", ""});
    must(write_noun(folder / "tracks" / "stage.json", record("perceive", lost, why)));
  }
  if (parts.home) {
    must(write_home(folder / "home", home));
    must(write_noun(
        folder / "home" / "stage.json",
        record("reconstruct", {{Severity::guess, "scale_from_prior",
                                "nobody gave the hand's length; 185 mm was assumed", ""}})));
  }
  if (parts.replay) make_replay(folder, home);
  if (parts.set) make_set(folder / "set", home);
  if (parts.gap) make_gap(folder / "gap");
  must(write_noun(folder / "summary.json", make_summary(parts)));
  must(write_file(folder / "timing.json", "{\"ingest\":0.4,\"perceive\": 31.25}\n"));
}

}  // namespace hearth::test
