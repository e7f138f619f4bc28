// SPDX-License-Identifier: Apache-2.0
#include "report_run.h"

#include <hearth/io/files.h>
#include <hearth/io/nouns.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hearth {
namespace fs = std::filesystem;

namespace {

// Each stage's folder, and the stage whose work it holds.
struct StageFolder {
  const char* folder;
  const char* stage;
};
constexpr std::array<StageFolder, 7> kStageFolders = {{{"episode", "ingest"},
                                                       {"tracks", "perceive"},
                                                       {"home", "reconstruct"},
                                                       {"motion", "retarget"},
                                                       {"rollout", "replay"},
                                                       {"set", "synthesize"},
                                                       {"gap", "score"}}};

class Reader {
 public:
  Reader(ReportRun& run, Diagnostics& diagnostics) : run_(run), diagnostics_(diagnostics) {}

  template <class Noun>
  void noun(const std::string& part, const fs::path& file, std::optional<Noun>& out) {
    if (!present(part, file)) return;
    keep(part, read_noun<Noun>(run_.folder / file), out);
  }

  void home(const std::string& part, const fs::path& folder, std::optional<Home>& out) {
    if (!present(part, folder / "home.json")) return;
    keep(part, read_home(run_.folder / folder), out);
  }

  void stage(const fs::path& folder, std::vector<StageRecord>& out) {
    std::optional<StageRecord> record;
    noun("", folder / "stage.json", record);
    if (record) out.push_back(*std::move(record));
  }

 private:
  bool present(const std::string& part, const fs::path& file) {
    std::error_code ignored;
    if (fs::exists(run_.folder / file, ignored)) return true;
    if (!part.empty()) run_.absent[part] = "There is no " + file.generic_string() + ".";
    return false;
  }

  template <class Noun>
  void keep(const std::string& part, Result<Noun> result, std::optional<Noun>& out) {
    if (result) {
      out = std::move(result).value();
      return;
    }
    const std::string text = relative_text(result.error(), run_.folder);
    diagnostics_.add(Severity::warning, "report_part_unreadable", text);
    if (!part.empty()) run_.absent[part] = "It cannot be read: " + text + ".";
  }

  ReportRun& run_;
  Diagnostics& diagnostics_;
};

// Why a stage left nothing, down to the stage where it began: "needs retarget" alone helps nobody.
std::string stage_reason(const Summary& summary, const std::string& name, std::size_t depth) {
  for (const SummaryStage& stage : summary.stages) {
    if (stage.name != name || stage.why.empty()) continue;
    const bool failed = stage.status == StageStatus::failed;
    if (!failed && stage.status != StageStatus::skipped) continue;
    std::string out =
        "The stage " + name + (failed ? " failed: " : " was skipped: ") + stage.why + ".";
    if (stage.why.rfind("needs ", 0) == 0 && depth < summary.stages.size()) {
      const std::string deeper = stage_reason(summary, stage.why.substr(6), depth + 1);
      if (!deeper.empty()) out += " " + deeper;
    }
    return out;
  }
  return {};
}

// A missing file is explained by the stage that should have made it.
void explain_absences(ReportRun& run) {
  const std::map<std::string, std::string> maker = {
      {"episode", "ingest"},    {"tracks", "perceive"}, {"home", "reconstruct"},
      {"motion", "retarget"},   {"rollout", "replay"},  {"outcome", "replay"},
      {"ledger", "synthesize"}, {"gap", "score"}};
  if (!run.summary) return;
  for (auto& [part, why] : run.absent) {
    const auto stage_name = maker.find(part);
    if (stage_name == maker.end()) continue;
    const std::string reason = stage_reason(*run.summary, stage_name->second, 0);
    const auto unknown = run.summary->unknown.find(part);
    if (!reason.empty()) {
      why = reason;
    } else if (unknown != run.summary->unknown.end()) {
      why += " " + unknown->second + ".";
    }
  }
}

// timing.json is one flat object of numbers that nothing depends on: whatever is no such pair is
// passed over.
void read_timing(ReportRun& run) {
  const Result<std::string> text = read_file(run.folder / "timing.json");
  if (!text) return;
  std::size_t open = text->find('"');
  while (open != std::string::npos) {
    const std::size_t close = text->find('"', open + 1);
    if (close == std::string::npos) return;
    std::size_t at = close + 1;
    while (at < text->size() && ((*text)[at] == ':' || (*text)[at] == ' ')) ++at;
    double seconds = 0.0;
    const auto read = std::from_chars(text->data() + at, text->data() + text->size(), seconds);
    if (read.ec == std::errc{}) {
      run.timing_s.emplace_back(text->substr(open + 1, close - open - 1), seconds);
    }
    open = text->find('"', close + 1);
  }
}

void read_held_out(ReportRun& run, Reader& reader) {
  std::error_code ignored;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(run.folder / "held_out", ignored)) {
    if (entry.is_directory(ignored)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);  // Numbers in their own order.
  });
  for (const std::string& name : names) {
    const fs::path folder = fs::path("held_out") / name;
    ReportHeldOut& take = run.held_out.emplace_back();
    take.name = name;
    reader.noun("", folder / "episode" / "episode.json", take.episode);
    reader.home("", folder / "home", take.home);
    for (const char* part : {"episode", "tracks", "home"}) reader.stage(folder / part, take.stages);
  }
}

}  // namespace

std::string relative_text(const Error& error, const fs::path& folder) {
  std::string text = to_string(error);
  const std::string prefix = folder.string();
  for (std::size_t at = text.find(prefix); !prefix.empty() && at != std::string::npos;
       at = text.find(prefix, at)) {
    const std::size_t end = at + prefix.size();
    text.erase(at, prefix.size() + (end < text.size() && text[end] == '/' ? 1 : 0));
  }
  return text;
}

ReportRun read_report_run(const fs::path& folder, Diagnostics& diagnostics) {
  ReportRun run;
  run.folder = folder;
  Reader reader(run, diagnostics);
  reader.noun("summary", "summary.json", run.summary);
  for (const StageFolder& stage : kStageFolders) reader.stage(stage.folder, run.stages);
  reader.noun("episode", "episode/episode.json", run.episode);
  reader.noun("tracks", "tracks/tracks.json", run.tracks);
  reader.home("home", "home", run.home);
  reader.noun("motion", "motion/motion.json", run.motion);
  reader.noun("rollout", "rollout/rollout.json", run.rollout);
  reader.noun("outcome", "rollout/outcome.json", run.outcome);
  reader.noun("ledger", "set/ledger.json", run.ledger);
  reader.noun("gap", "gap/gap_report.json", run.gap);
  read_held_out(run, reader);
  read_timing(run);
  explain_absences(run);
  return run;
}

}  // namespace hearth
