// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/rollout.h>
#include <hearth/data/tracks.h>
#include <hearth/io/check_rows.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/check_run.h>
#include <hearth/task/object_path.h>
#include <hearth/truth/check.h>

#include <optional>

namespace hearth {
namespace fs = std::filesystem;

Result<std::vector<CheckRow>> check_run(const fs::path& run, const fs::path& truth_folder) {
  const Result<Truth> truth = read_noun<Truth>(truth_folder / "truth.json");
  if (!truth) return truth.error();
  if (!fs::is_directory(run)) {
    return Error{ErrorCode::not_found, "is not a run folder", run.string()};
  }
  const Result<Tracks> tracks = read_noun<Tracks>(run / "tracks" / "tracks.json");
  const Result<Home> home = read_home(run / "home");
  const Result<Rollout> rollout = read_noun<Rollout>(run / "rollout" / "rollout.json");
  std::optional<ObjectTrack> replayed;
  if (home && rollout) {
    if (Result<ObjectTrack> path = object_path(*rollout, home->task.object_id)) replayed = *path;
  }
  CheckedRun checked;
  if (tracks) checked.tracks = &*tracks;
  if (home) checked.home = &*home;
  if (replayed) checked.replayed_object = &*replayed;
  Result<std::vector<CheckRow>> rows = check(*truth, checked);
  if (!rows) return rows;
  const Result<Done> written = write_file(run / "check.json", text_from_check_rows(*rows));
  if (!written) return written.error();
  return rows;
}

}  // namespace hearth
