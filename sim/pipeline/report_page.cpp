// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/files.h>
#include <hearth/pipeline/report.h>

#include <utility>

#include "inspect_moments.h"
#include "report_media.h"
#include "report_sections.h"
#include "report_text.h"
#include "report_timeline.h"
#include "report_top_view.h"

namespace hearth {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kWorstMoments = 5;

using report_text::escaped;
using report_text::fixed;

constexpr std::size_t kInlineBytes = 6U << 20U;  // Larger media lie beside the page.

std::string data_uri(const std::string& mime, const std::string& bytes) {
  return "data:" + mime + ";base64," + report_text::base64(bytes);
}

// The source of a video element: inside the page, or RUN/report/<name>.
Result<std::string> video_source(const ReportRun& run, const std::string& name,
                                 const std::string& mp4) {
  if (mp4.size() <= kInlineBytes) return data_uri("video/mp4", mp4);
  const fs::path folder = run.folder / "report";
  if (Result<Done> made = make_folder(folder); !made) return made.error();
  if (Result<Done> written = write_file(folder / name, mp4); !written) return written.error();
  return "report/" + name;
}

struct Figure {
  std::string name{};  ///< File name without ending.
  std::string caption{};
  bool footage = false;
};

Result<std::string> figure(const ReportRun& run, const Figure& what, const ReportVideo& video) {
  const Result<std::string> source = video_source(run, what.name + ".mp4", video.mp4);
  if (!source) return source.error();
  std::string out = "<figure><video data-film muted playsinline preload=\"auto\" width=\"" +
                    std::to_string(video.width_px) + "\" height=\"" +
                    std::to_string(video.height_px) + "\" aria-label=\"" + escaped(what.caption) +
                    "\" src=\"" + *source + "\"></video>";
  if (what.footage) out += "<span class=\"mark\">unscreened footage</span>";
  return out + "<figcaption>" + escaped(what.caption) + "</figcaption></figure>\n";
}

// The moment at which the films stand at first: the hand has just taken the object.
double first_moment_s(const ReportRun& run) {
  if (!run.home || run.home->contacts.spans.empty()) return 0.0;
  return clock_of(run).lead_in_s + seconds_from_ns(run.home->contacts.spans.front().move_start_ns);
}

std::string controls(const ReportRun& run) {
  return "<div class=\"controls\"><button id=\"play\" type=\"button\" data-lead-in=\"" +
         fixed(clock_of(run).lead_in_s, 4) + "\" data-first=\"" + fixed(first_moment_s(run), 3) +
         "\">Play</button><label for=\"bar\" class=\"fine\">Time</label>"
         "<input id=\"bar\" type=\"range\" min=\"0\" max=\"1\" step=\"0.01\" value=\"0\">"
         "<output id=\"clock\"></output><label class=\"fine\">Speed <select id=\"speed\"><option "
         "value=\"1\">1</option><option value=\"0.5\">1/2</option><option "
         "value=\"0.25\">1/4</option></select></label></div>\n";
}

std::string colour_key() {
  const auto entry = [](const char* css, const char* words) {
    return "<li><i style=\"background:" + std::string(css) + "\"></i>" + words + "</li>";
  };
  return "<ul class=\"key\">" + entry("#409cff", "left hand") + entry("#ff8a1e", "right hand") +
         "<li>dashed hand, pale bar: interpolated, not seen</li>" +
         entry("#ffec46", "fingertips while holding") + entry("#46e15a", "object") +
         entry("#eb78eb", "its goal") + entry("#50e1eb", "support outline (dashed: assumed)") +
         "<li>square top left: camera pose known (green), bridged (yellow), missing "
         "(red)</li></ul>\n";
}

// A film, or a paragraph that says why there is none.
void add_film(const ReportRun& run, const Figure& what, const Result<ReportVideo>& video,
              std::string& films, std::string& notes, Diagnostics& diagnostics) {
  Result<std::string> html = video ? figure(run, what, *video) : Result<std::string>(video.error());
  if (html) {
    films += *html;
    return;
  }
  const std::string text = relative_text(html.error(), run.folder);
  diagnostics.add(Severity::warning, "report_part_unreadable", what.name + ": " + text);
  notes += "<p class=\"missing\">" + escaped(what.caption) + ": cannot be shown, " + escaped(text) +
           ".</p>\n";
}

std::string films(const ReportRun& run, Diagnostics& diagnostics) {
  std::string films;
  std::string notes;
  if (run.episode) {
    add_film(run, {"clip", "The recording, with what the run claims drawn on it", true},
             overlay_video(run), films, notes, diagnostics);
  } else {
    notes += report_sections::missing(run, "episode", "There is no recording to show.");
  }
  if (run.home && run.rollout) {
    add_film(run,
             {"replay_head",
              "The physics replay, from where the camera was (head and trunk left out)", false},
             replay_video(run, ReplayView::head), films, notes, diagnostics);
    add_film(run, {"replay_side", "The physics replay, from the side", false},
             replay_video(run, ReplayView::side), films, notes, diagnostics);
  } else {
    notes +=
        report_sections::missing(run, run.home ? "rollout" : "home", "There is no replay to show.");
  }
  if (films.empty()) return notes;
  return "<div class=\"films\">\n" + films + "</div>\n" + controls(run) + "<div class=\"scroll\">" +
         timeline_svg(run) + "</div>\n" + colour_key() + notes;
}

// The stretches that are known worst; a click shows them.
std::string worst(const ReportRun& run) {
  if (!run.tracks) return {};
  const auto moments =
      worst_moments(*run.tracks, run.home ? &run.home->contacts : nullptr, kWorstMoments);
  if (moments.empty())
    return "<p>No moment stands out: camera and hands were seen throughout.</p>\n";
  std::string out = "<h3>Look here first</h3>\n<ol class=\"moments\">\n";
  for (const Moment& m : moments) {
    const std::string from = fixed(seconds_from_ns(m.from_ns), 2);
    out += "<li><button type=\"button\" data-seek=\"" + from + "\">" + from + " to " +
           fixed(seconds_from_ns(m.to_ns), 2) + " s</button> " + escaped(m.what) + "</li>\n";
  }
  return out + "</ol>\n";
}

std::string from_above(const ReportRun& run) {
  if (!run.home) return report_sections::missing(run, "home", "There is no scene to draw.");
  return "<div class=\"above\">" + top_view_svg(run) +
         "<ul class=\"key\"><li>wrist paths: colour is time (left hand dotted)</li><li>grey "
         "ellipses: "
         "two standard deviations</li><li><i style=\"background:var(--object)\"></i>object at the "
         "start</li>"
         "<li><i style=\"background:var(--goal)\"></i>goal</li><li><i "
         "style=\"background:var(--replay)\"></i>object in the replay</li><li>dashed outline: "
         "assumed, not seen whole</li></ul></div>\n";
}

std::string variant_section(const ReportRun& run, Diagnostics& diagnostics) {
  std::map<std::uint64_t, std::string> sources;
  for (const auto& [index, png] : variant_pictures(run, diagnostics)) {
    sources[index] = data_uri("image/png", png);
  }
  return report_sections::variants(run, sources);
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  return "<section id=\"" + id + "\"><h2>" + escaped(title) + "</h2>\n" + body + "</section>\n";
}

std::string lead(const ReportRun& run) {
  std::string out = "<h1>From a chore clip to robot data: what happened</h1>\n<p class=\"lead\">";
  if (run.episode) {
    out += "A clip of " + fixed(duration_s(*run.episode), 1) + " s, " +
           report_text::counted(static_cast<std::int64_t>(run.episode->frame_time_ns.size()),
                                "frame") +
           ", " + std::to_string(run.episode->width_px) + "\u00d7" +
           std::to_string(run.episode->height_px) + ". ";
  }
  if (run.home && !run.home->task.prompt.empty()) {
    out += "The chore: \u201c" + escaped(run.home->task.prompt) + "\u201d. ";
  }
  return out + "What is measured, what is assumed and what failed is said below.</p>\n";
}

std::string page(const ReportRun& run, Diagnostics& diagnostics) {
  using namespace report_sections;
  std::string body = lead(run) + banners(run) + verdict_cards(run);
  body +=
      section("see", "Recording and replay, side by side", films(run, diagnostics) + worst(run));
  body += section("outcome", "Did the replay do the chore?", replay_outcome(run));
  body += section("above", "The scene from above", from_above(run));
  body += section("claims", "What the run claims, and where each number comes from", claims(run));
  body += section("variants", "Changed homes", variant_section(run, diagnostics));
  body += section("gap", "Simulation against recordings it has not seen", gap(run));
  body += section("lost", "What was lost or guessed, stage by stage",
                  report_sections::diagnostics(run));
  body += section("provenance", "Where it comes from", provenance(run));
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
         "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
         "media-src "
         "data: 'self' file:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<meta "
         "name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" "
         "href=\"data:,\">\n<title>hearth report</title>\n<style>" +
         style_sheet() + "</style>\n</head>\n<body>\n<main>\n" + body + "</main>\n<script>" +
         script() + "</script>\n</body>\n</html>\n";
}

}  // namespace

Result<Done> write_report(const fs::path& run_folder, Diagnostics& diagnostics) {
  std::error_code ignored;
  if (!fs::is_directory(run_folder, ignored)) {
    return Error{ErrorCode::not_found, "there is no such run folder", run_folder.string()};
  }
  const ReportRun run = read_report_run(run_folder, diagnostics);
  return write_file(run_folder / "report.html", page(run, diagnostics));
}

}  // namespace hearth
