// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/home.h>
#include <hearth/data/truth.h>

#include "fields_core.h"
#include "nouns_impl.h"

namespace hearth {

template <class A>
void fields(A& a, Home& x) {
  a("clip_sha256", x.clip_sha256), a("scene", x.scene), a("hands", x.hands);
  a("object_tracks", x.object_tracks), a("camera_path", x.camera_path);
  a("contacts", x.contacts), a("task", x.task);
}
template <class A>
void fields(A& a, Truth& x) {
  a("chore", x.chore), a("seed", x.seed), a("frame_time_ns", x.frame_time_ns);
  a("camera_model", x.camera_model), a("home", x.home), a("active_hand", x.active_hand);
  a("left_hand_px", x.left_hand_px), a("right_hand_px", x.right_hand_px);
  a("success", x.success);
}

// home.json: what belongs to no other file of the folder.
struct HomeHead {
  std::string clip_sha256{};
  std::vector<HandSide> hands{};
};
template <class A>
void fields(A& a, HomeHead& x) {
  a("clip_sha256", x.clip_sha256), a("hands", x.hands);
}
static Result<HomeHead> validated(HomeHead head) { return head; }

static std::string hand_file(HandSide side) {
  return side == HandSide::left ? "hand_left.json" : "hand_right.json";
}

}  // namespace hearth

HEARTH_NOUN_NAME(hearth::Scene, "scene")
HEARTH_NOUN_NAME(hearth::HandTrajectory, "hand_trajectory")
HEARTH_NOUN_NAME(hearth::ObjectTracks, "object_tracks")
HEARTH_NOUN_NAME(hearth::CameraPath, "camera_path")
HEARTH_NOUN_NAME(hearth::Contacts, "contacts")
HEARTH_NOUN_NAME(hearth::Task, "task")
HEARTH_NOUN_NAME(hearth::Home, "home")
HEARTH_NOUN_NAME(hearth::HomeHead, "home_folder")
HEARTH_NOUN_NAME(hearth::Truth, "truth")
HEARTH_NOUN(hearth::Scene)
HEARTH_NOUN(hearth::HandTrajectory)
HEARTH_NOUN(hearth::ObjectTracks)
HEARTH_NOUN(hearth::CameraPath)
HEARTH_NOUN(hearth::Contacts)
HEARTH_NOUN(hearth::Task)
HEARTH_NOUN(hearth::Home)
HEARTH_NOUN(hearth::Truth)

namespace hearth {
namespace {

template <class Noun>
bool read_part(const std::filesystem::path& file, Noun& part, std::optional<Error>& error) {
  if (error) return false;
  Result<Noun> read = read_noun<Noun>(file);
  if (!read) error = read.error();
  if (read) part = std::move(read).value();
  return !error;
}

}  // namespace

Result<Done> write_home(const std::filesystem::path& folder, const Home& home) {
  if (Result<Home> checked = validated(home); !checked) return checked.error();
  if (Result<Done> made = make_folder(folder); !made) return made;
  HomeHead head{home.clip_sha256, {}};
  std::vector<Result<Done>> steps;
  for (const HandTrajectory& hand : home.hands) {
    head.hands.push_back(hand.side);
    steps.push_back(write_noun(folder / hand_file(hand.side), hand));
  }
  steps.push_back(write_noun(folder / "scene.json", home.scene));
  steps.push_back(write_noun(folder / "object_tracks.json", home.object_tracks));
  steps.push_back(write_noun(folder / "camera_path.json", home.camera_path));
  steps.push_back(write_noun(folder / "contacts.json", home.contacts));
  steps.push_back(write_noun(folder / "task.json", home.task));
  for (const Result<Done>& step : steps) {
    if (!step) return step;
  }
  // Last, so that a folder with home.json is complete.
  return write_noun(folder / "home.json", head);
}

Result<Home> read_home(const std::filesystem::path& folder) {
  std::optional<Error> error;
  HomeHead head;
  Home home;
  read_part(folder / "home.json", head, error);
  home.clip_sha256 = head.clip_sha256;
  for (const HandSide side : head.hands) {
    home.hands.emplace_back();
    read_part(folder / hand_file(side), home.hands.back(), error);
  }
  read_part(folder / "scene.json", home.scene, error);
  read_part(folder / "object_tracks.json", home.object_tracks, error);
  read_part(folder / "camera_path.json", home.camera_path, error);
  read_part(folder / "contacts.json", home.contacts, error);
  read_part(folder / "task.json", home.task, error);
  if (error) return *error;
  Result<Home> checked = validated(std::move(home));
  if (checked) return checked;
  Error failure = checked.error();
  failure.where = folder.string() + ":" + failure.where;
  return failure;
}

}  // namespace hearth
