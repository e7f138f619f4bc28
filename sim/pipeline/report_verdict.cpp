// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "report_sections.h"
#include "report_text.h"

namespace hearth::report_sections {
namespace {

using report_text::counted;
using report_text::escaped;
using report_text::fixed;
using report_text::length;
using report_text::whole;

struct Card {
  std::string question{};
  std::string answer{};
  std::string words{};
  std::string tone{};  // good, bad, open
};

std::string html(const Card& card) {
  return "<div class=\"card " + card.tone + "\"><h2>" + escaped(card.question) +
         "</h2><p class=\"answer\">" + escaped(card.answer) + "</p><p>" + escaped(card.words) +
         "</p></div>\n";
}

std::string why_absent(const ReportRun& run, const std::string& part) {
  const auto found = run.absent.find(part);
  return found == run.absent.end() ? "" : found->second;
}

// Predicates that do not hold at the end (lifting counts once), as a sentence.
std::string failed_predicates(const Outcome& outcome) {
  std::string out;
  for (const PredicateOutcome& predicate : outcome.predicates) {
    const bool lifted = predicate.name == "lifted";
    if (lifted ? predicate.once : predicate.at_end) continue;
    out += (out.empty() ? "" : ", ") + report_text::words(predicate.name);
  }
  return out;
}

Card replay_card(const ReportRun& run) {
  Card card{"Does it work in simulation?", "not reached", "", "open"};
  if (!run.outcome || !run.rollout) {
    card.words = "No replay was made. " + why_absent(run, run.rollout ? "outcome" : "rollout");
    return card;
  }
  const Outcome& outcome = *run.outcome;
  const bool helped = run.rollout->assistance_n > 0.0;
  const std::string off = "The object ended " + length(outcome.object_error_m) + " from its goal";
  if (outcome.success_at_end && !helped) {
    card.answer = "Yes";
    card.tone = "good";
    card.words =
        "A simulated humanoid repeated the chore with finger friction alone and no help. " + off +
        ".";
  } else if (outcome.success_at_end) {
    card.answer = "Only with help";
    card.tone = "bad";
    card.words = "The object was helped along with up to " + fixed(run.rollout->assistance_n, 1) +
                 " N, so this does not count as a success.";
  } else {
    card.answer = "No";
    card.tone = "bad";
    card.words = (outcome.success_once ? "It was done for a moment but not at the end. " : "") +
                 std::string("Not fulfilled: ") + failed_predicates(outcome) + ". " + off + ".";
  }
  return card;
}

Card variants_card(const ReportRun& run) {
  Card card{"Does it work in changed homes?", "not reached", "", "open"};
  if (!run.ledger) {
    card.words = "No variants were made. " + why_absent(run, "ledger");
    return card;
  }
  const auto& entries = run.ledger->entries;
  const auto accepted = std::count_if(entries.begin(), entries.end(),
                                      [](const LedgerEntry& entry) { return entry.accepted; });
  const auto proposed = static_cast<std::int64_t>(entries.size());
  card.answer = whole(accepted) + " of " + whole(proposed);
  card.tone = accepted == 0 ? "bad" : 2 * accepted >= proposed ? "good" : "open";
  card.words = counted(proposed, "changed home") + (proposed == 1 ? " was" : " were") +
               " drawn (object, place, height, mass, friction, light, camera); " + whole(accepted) +
               " succeeded in simulation and became training data";
  if (run.summary && run.summary->dataset.episodes > 0) {
    card.words += " (" + counted(run.summary->dataset.frames, "frame") + ")";
  }
  card.words += ". The rest is listed with its reason.";
  return card;
}

Card gap_card(const ReportRun& run) {
  Card card{"Does simulation match recordings it has not seen?", "not asked", "", "open"};
  if (!run.gap) {
    card.words = "No gap report was made. " + why_absent(run, "gap");
    return card;
  }
  const std::string takes = counted(run.gap->held_out, "held-out recording");
  switch (run.gap->verdict) {
    case Verdict::gap:
      card.answer = "No: GAP";
      card.tone = "bad";
      card.words = "Against " + takes +
                   " the simulation differs by more than what was called important beforehand.";
      break;
    case Verdict::equivalent:
      card.answer = "Yes: EQUIVALENT";
      card.tone = "good";
      card.words =
          "Against " + takes + " the difference stays within the margins that were set beforehand.";
      break;
    case Verdict::inconclusive:
      card.answer = "Cannot say: INCONCLUSIVE";
      card.words =
          "Against " + takes + " the evidence decides neither way; below it says what would.";
      break;
  }
  return card;
}

bool mentions_truth(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("truth") != std::string::npos;
}

std::string banner(const std::string& css, const std::string& title, const std::string& text) {
  return "<div class=\"banner " + css + "\" role=\"note\"><strong>" + escaped(title) +
         "</strong> " + escaped(text) + "</div>\n";
}

}  // namespace

std::string verdict_cards(const ReportRun& run) {
  return "<div class=\"cards\">\n" + html(replay_card(run)) + html(variants_card(run)) +
         html(gap_card(run)) + "</div>\n";
}

std::string banners(const ReportRun& run) {
  std::string out;
  if (run.episode) {
    out += banner("footage", "Unscreened footage.",
                  "This page shows pictures of the recording as they are. Nobody has checked them "
                  "for faces, screens or documents: look before you share it.");
  }
  std::set<std::string> told;
  const auto tell_truth = [&](const std::string& stage, const std::string& why) {
    if (mentions_truth(why) && told.insert(stage).second) {
      out += banner("truth", "Ground truth was used in stage " + stage + ".",
                    "This is a diagnosis, not a result: " + why + ".");
    }
  };
  for (const StageRecord& stage : run.stages) tell_truth(stage.name, stage.why);
  if (run.summary) {
    for (const SummaryStage& stage : run.summary->stages) {
      if (stage.status == StageStatus::ran || stage.status == StageStatus::reused) {
        tell_truth(stage.name, stage.why);
      }
    }
  }
  if (told.empty() && run.tracks && run.tracks->source == "truth") {
    tell_truth("perceive", "the tracks were made from a film's ground truth, not from pixels");
  }
  if (run.summary) {
    for (const SummaryStage& stage : run.summary->stages) {
      if (stage.status == StageStatus::failed) {
        out += banner("failed", "The stage " + stage.name + " failed.", stage.why + ".");
      }
    }
  }
  return out;
}

std::string missing(const ReportRun& run, const std::string& part, const std::string& what) {
  const std::string why = why_absent(run, part);
  return "<p class=\"missing\">" + escaped(what) + " " +
         escaped(why.empty() ? "The run does not say why." : why) + "</p>\n";
}

}  // namespace hearth::report_sections
