// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/core/version.h>
#include <hearth/engine/engine_info.h>
#include <hearth/io/files.h>
#include <hearth/io/nouns.h>
#include <hearth/pipeline/stage_runner.h>

#include <algorithm>
#include <vector>

namespace hearth {
namespace fs = std::filesystem;
namespace {

std::string key_of(const StageRequest& request) {
  Sha256 sha;
  const auto add = [&](const std::string& text) {
    sha.update(std::to_string(text.size()) + ":");
    sha.update(text);
  };
  add(request.name);
  for (const auto& [role, hash] : request.inputs_sha256) {
    add(role);
    add(hash);
  }
  add(request.options_json);
  add(std::to_string(request.seed));
  add(request.build_id);
  add(request.note);
  add(std::string(version()));
  return sha.hex();
}

}  // namespace

Result<StageRecord> run_stage(const StageRequest& request, const fs::path& folder,
                              const std::function<Result<Done>(Diagnostics&)>& work) {
  const fs::path record_file = folder / "stage.json";
  StageRecord record;
  record.name = request.name;
  record.why = request.note;
  record.key = key_of(request);
  if (Result<StageRecord> old = read_noun<StageRecord>(record_file);
      old && old->key == record.key) {
    record = std::move(old).value();
    record.status = StageStatus::reused;
    return record;
  }
  if (Result<Done> made = make_folder(folder); !made) return made.error();
  std::error_code failure;
  fs::remove(record_file, failure);
  if (failure) return error_from_errno(failure.value(), record_file);
  Diagnostics diagnostics;
  if (Result<Done> done = work(diagnostics); !done) return done.error();
  record.diagnostics = diagnostics.entries();
  record.provenance = {request.inputs_sha256, std::string(version()), engine_name(),
                       request.options_json, request.seed};
  if (Result<Done> done = write_noun(record_file, record); !done) return done.error();
  return record;
}

Result<std::string> folder_sha256(const fs::path& folder) {
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    return Error{ErrorCode::not_found, "is not a folder", folder.string()};
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename() != "stage.json") {
      files.push_back(fs::relative(entry.path(), folder));
    }
  }
  std::sort(files.begin(), files.end());
  Sha256 sha;
  for (const fs::path& file : files) {
    const Result<std::string> hash = sha256_of_file(folder / file);
    if (!hash) return hash.error();
    sha.update(file.generic_string() + "\n" + *hash + "\n");
  }
  return sha.hex();
}

}  // namespace hearth
