// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report_sections.h"
#include "report_text.h"

namespace hearth::report_sections {
namespace {

using report_text::counted;
using report_text::escaped;
using report_text::fixed;
using report_text::name_of;

// What a reader gets from each stage, in the words of the page.
std::string stage_words(const std::string& name) {
  static const std::map<std::string, std::string> known = {
      {"ingest", "reading the clip"},
      {"perceive", "finding hands and camera"},
      {"reconstruct", "building the metric scene"},
      {"retarget", "planning the humanoid's motion"},
      {"replay", "physics replay"},
      {"synthesize", "making variants and the dataset"},
      {"score", "comparing with held-out recordings"},
      {"gap", "comparing with held-out recordings"},
  };
  const auto found = known.find(name);
  return found == known.end() ? "" : found->second;
}

// Diagnostics of one code, as one item.
struct Group {
  Severity severity = Severity::note;
  std::string code{};
  std::vector<const Diagnostic*> entries{};
};

std::vector<Group> grouped(const std::vector<Diagnostic>& diagnostics) {
  std::vector<Group> groups;
  for (const Diagnostic& d : diagnostics) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.code == d.code && g.severity == d.severity;
    });
    if (same == groups.end()) {
      groups.push_back({d.severity, d.code, {&d}});
    } else {
      same->entries.push_back(&d);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.severity > b.severity; });
  return groups;
}

std::string sentence(const Diagnostic& d) {
  std::string out = escaped(d.message);
  if (!d.where.empty()) out += " <span class=\"where\">(" + escaped(d.where) + ")</span>";
  return out;
}

std::string item(const Group& group) {
  constexpr std::size_t kShown = 3;
  std::string out = "<li><span class=\"chip " + name_of(group.severity) + "\">" +
                    name_of(group.severity) + "</span> <span>" + sentence(*group.entries.front());
  for (std::size_t i = 1; i < std::min(kShown, group.entries.size()); ++i) {
    out += "<br>" + sentence(*group.entries[i]);
  }
  if (group.entries.size() > kShown) {
    out += "<details><summary>" +
           counted(static_cast<std::int64_t>(group.entries.size() - kShown), "more entry") +
           " of this kind</summary>";
    for (std::size_t i = kShown; i < group.entries.size(); ++i) {
      out += sentence(*group.entries[i]) + "<br>";
    }
    out += "</details>";
  }
  return out + " <code>" + escaped(group.code) + "</code></span></li>\n";
}

std::string stage_block(const std::string& title, const std::string& status, const std::string& why,
                        const std::vector<Diagnostic>& diagnostics) {
  const std::string tone = status == "failed" ? "bad" : status == "skipped" ? "open" : "plain";
  std::string out = "<section class=\"stage\"><h3>" + escaped(title) + " <span class=\"chip " +
                    tone + "\">" + escaped(status) + "</span></h3>\n";
  if (!why.empty()) out += "<p>" + escaped(why) + ".</p>\n";
  if (diagnostics.empty()) {
    return out + "<p class=\"fine\">Nothing was lost or guessed here.</p></section>\n";
  }
  out += "<ul class=\"diagnostics\">\n";
  for (const Group& group : grouped(diagnostics)) out += item(group);
  return out + "</ul></section>\n";
}

std::string title_of(const std::string& name) {
  const std::string words = stage_words(name);
  return words.empty() ? name : name + ": " + words;
}

// Stages of the summary that left no record: failed or skipped ones.
std::string stages_without_record(const ReportRun& run) {
  std::string out;
  if (!run.summary) return out;
  for (const SummaryStage& stage : run.summary->stages) {
    const bool recorded = std::any_of(run.stages.begin(), run.stages.end(),
                                      [&](const StageRecord& r) { return r.name == stage.name; });
    if (!recorded || stage.status == StageStatus::failed) {
      std::vector<Diagnostic> counted_only;
      for (const auto& [code, count] : stage.diagnostics) {
        counted_only.push_back({Severity::note, code, counted(count, "time"), ""});
      }
      out += stage_block(title_of(stage.name), name_of(stage.status), stage.why, counted_only);
    }
  }
  return out;
}

std::string fact(const std::string& name, const std::string& value) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th><td><code>" + escaped(value) +
         "</code></td></tr>\n";
}

}  // namespace

std::string diagnostics(const ReportRun& run) {
  std::string out;
  for (const StageRecord& stage : run.stages) {
    const bool failed =
        run.summary && std::any_of(run.summary->stages.begin(), run.summary->stages.end(),
                                   [&](const SummaryStage& s) {
                                     return s.name == stage.name && s.status == StageStatus::failed;
                                   });
    if (failed) continue;  // Told below, with the reason.
    // Whether a stage was reused says something about this computer's past, not about the run.
    const std::string status = stage.status == StageStatus::reused ? "ran" : name_of(stage.status);
    out += stage_block(title_of(stage.name), status, stage.why, stage.diagnostics);
  }
  out += stages_without_record(run);
  for (const ReportHeldOut& take : run.held_out) {
    std::vector<Diagnostic> all;
    for (const StageRecord& stage : take.stages) {
      for (Diagnostic d : stage.diagnostics) {
        d.message = stage.name + ": " + d.message;
        all.push_back(d);
      }
    }
    out += stage_block("held-out recording " + take.name,
                       take.home ? "reconstructed" : "not reconstructed", "", all);
  }
  if (run.summary && !run.summary->unknown.empty()) {
    out += "<section class=\"stage\"><h3>What stays unknown</h3><ul>\n";
    for (const auto& [what, why] : run.summary->unknown) {
      out += "<li><code>" + escaped(what) + "</code>: " + escaped(why) + "</li>\n";
    }
    out += "</ul></section>\n";
  }
  return out.empty() ? "<p class=\"missing\">No stage left a record.</p>\n" : out;
}

std::string provenance(const ReportRun& run) {
  std::string rows;
  if (run.episode) rows += fact("clip (sha256)", run.episode->clip_sha256);
  if (run.summary) {
    const Provenance& p = run.summary->provenance;
    for (const auto& [role, hash] : p.inputs_sha256) rows += fact("input " + role, hash);
    if (!p.tool_version.empty()) rows += fact("hearth", p.tool_version);
    if (!p.engine.empty()) rows += fact("physics engine", p.engine);
    rows += fact("seed", std::to_string(p.seed));
    if (!p.options_json.empty()) rows += fact("options", p.options_json);
    if (run.summary->dataset.content_sha256) {
      rows += fact("dataset content (sha256)", *run.summary->dataset.content_sha256);
    }
  }
  if (run.rollout) {
    rows += fact("replay engine", run.rollout->engine);
    rows += fact("replay model (sha256)", run.rollout->model_sha256);
    if (!run.rollout->state_hashes.empty()) {
      rows += fact("replay's last state (sha256)", run.rollout->state_hashes.back());
    }
  }
  for (const StageRecord& stage : run.stages) rows += fact("key of stage " + stage.name, stage.key);
  std::string out = rows.empty() ? "<p class=\"missing\">No provenance was found.</p>\n"
                                 : "<div class=\"scroll\"><table class=\"dense facts\"><tbody>\n" +
                                       rows + "</tbody></table></div>\n";
  if (run.timing_s.empty()) return out;
  out +=
      "<details><summary>How long it took (this machine, this time; no hash covers "
      "it)</summary><table "
      "class=\"dense\"><tbody>\n";
  for (const auto& [stage, seconds] : run.timing_s) {
    out += "<tr><th scope=\"row\">" + escaped(stage) + "</th><td class=\"number\">" +
           fixed(seconds, 1) + " s</td></tr>\n";
  }
  return out + "</tbody></table></details>\n";
}

}  // namespace hearth::report_sections
