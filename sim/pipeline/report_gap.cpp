// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "report_sections.h"
#include "report_text.h"

namespace hearth::report_sections {
namespace {

using report_text::counted;
using report_text::escaped;
using report_text::fixed;
using report_text::name_of;
using report_text::quantity;

constexpr double kWidthPx = 560.0;
constexpr double kHeightPx = 62.0;
constexpr double kAxisY = 34.0;

struct Axis {
  double low = 0.0;
  double high = 1.0;
  [[nodiscard]] double x(double value) const {
    return 12.0 + (std::clamp(value, low, high) - low) / (high - low) * (kWidthPx - 24.0);
  }
};

// From zero for distances; symmetric where something lies below zero.
Axis axis_of(const Score& score) {
  double reach = std::max(score.delta, score.noise_floor.value_or(0.0));
  double lowest = 0.0;
  for (const std::optional<double>& v : {score.value, score.low, score.high}) {
    if (!v) continue;
    reach = std::max(reach, std::abs(*v));
    lowest = std::min(lowest, *v);
  }
  if (!(reach > 0.0)) reach = 1.0;
  return {lowest < 0.0 ? -1.12 * reach : 0.0, 1.12 * reach};
}

std::string vertical(const Axis& axis, double value, double y0, double y1, const std::string& css) {
  if (value < axis.low || value > axis.high) return {};
  const std::string x = fixed(axis.x(value), 1);
  return "<line x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" + fixed(y0, 0) + "\" y2=\"" +
         fixed(y1, 0) + "\" class=\"" + css + "\"/>";
}

std::string label(const Axis& axis, double value, const std::string& text) {
  const double x = axis.x(value);
  const char* anchor = x < 60.0 ? "start" : x > kWidthPx - 60.0 ? "end" : "middle";
  return "<text x=\"" + fixed(x, 1) + "\" y=\"" + fixed(kHeightPx - 4, 0) + "\" text-anchor=\"" +
         anchor + "\" class=\"small\">" + escaped(text) + "</text>";
}

std::string plot(const Score& score) {
  const Axis axis = axis_of(score);
  const double band = axis.x(std::max(axis.low, -score.delta));
  std::string out = "<svg class=\"gap\" role=\"img\" viewBox=\"0 0 " + fixed(kWidthPx, 0) + " " +
                    fixed(kHeightPx, 0) + "\" aria-label=\"" +
                    escaped(report_text::estimand_title(score.name)) + "\">";
  out += "<rect x=\"" + fixed(band, 1) + "\" y=\"12\" width=\"" +
         fixed(axis.x(score.delta) - band, 1) + "\" height=\"30\" class=\"band\"/>";
  out +=
      "<line x1=\"12\" x2=\"" + fixed(kWidthPx - 12, 0) + "\" y1=\"42\" y2=\"42\" class=\"axis\"/>";
  out += vertical(axis, 0.0, 10, 46, "axis");
  if (score.noise_floor) {
    out += vertical(axis, *score.noise_floor, 10, 44, "floor");
    if (axis.low < 0.0) out += vertical(axis, -*score.noise_floor, 10, 44, "floor");
  }
  if (score.low && score.high) {
    out += "<line x1=\"" + fixed(axis.x(*score.low), 1) + "\" x2=\"" +
           fixed(axis.x(*score.high), 1) + "\" y1=\"" + fixed(kAxisY - 7, 0) + "\" y2=\"" +
           fixed(kAxisY - 7, 0) + "\" class=\"interval\"/>";
  }
  if (score.value) {
    out += "<circle cx=\"" + fixed(axis.x(*score.value), 1) + "\" cy=\"" + fixed(kAxisY - 7, 0) +
           "\" r=\"5\" class=\"dot\"/>";
  }
  out += label(axis, 0.0, "0") + label(axis, score.delta, quantity(score.delta, score.unit));
  return out + "</svg>\n";
}

std::string tone(Verdict verdict) {
  return verdict == Verdict::gap ? "bad" : verdict == Verdict::equivalent ? "good" : "open";
}

std::string in_words(const Score& score) {
  std::string out = score.value ? "Measured " + quantity(*score.value, score.unit) : "Not measured";
  if (score.low && score.high) {
    out += ", 95 % interval " + quantity(*score.low, score.unit) + " to " +
           quantity(*score.high, score.unit);
  }
  out += ", from " + counted(score.n, "recording") + ". Differences below " +
         quantity(score.delta, score.unit) + " were called unimportant beforehand. ";
  if (score.noise_floor && *score.noise_floor == 0.0) return out;  // In the interval already.
  out += score.noise_floor ? "Measuring the same recording twice differs by " +
                                 quantity(*score.noise_floor, score.unit) + "."
                           : "How far two measurements of one recording differ is not known, so no "
                             "verdict is possible.";
  return out;
}

std::string score_block(const Score& score) {
  std::string out = "<section class=\"score\"><h3>" +
                    escaped(report_text::estimand_title(score.name)) + " <span class=\"chip " +
                    tone(score.verdict) + "\">" + name_of(score.verdict) + "</span></h3>\n";
  out += plot(score) + "<p>" + escaped(in_words(score)) + "</p>\n";
  if (!score.estimand.empty()) out += "<p class=\"fine\">" + escaped(score.estimand) + "</p>\n";
  if (!score.needed.empty())
    out += "<p><b>What would decide it:</b> " + escaped(score.needed) + "</p>\n";
  return out + "</section>\n";
}

std::string optional_cell(const std::optional<double>& value, const std::string& unit) {
  return "<td>" + (value ? escaped(quantity(*value, unit)) : std::string("-")) + "</td>";
}

std::string take_table(const ReportRun& run) {
  std::string out =
      "<details><summary>Each held-out recording and each draw of its uncertainty</summary><div "
      "class=\"scroll\"><table class=\"dense\"><thead><tr><th scope=\"col\">Recording</th><th "
      "scope=\"col\">Draw</th><th "
      "scope=\"col\">Recorded success</th><th scope=\"col\">Simulated success</th><th "
      "scope=\"col\">Object "
      "path</th><th scope=\"col\">Wrist path</th><th scope=\"col\">Take</th><th scope=\"col\">Let "
      "go</th><th "
      "scope=\"col\">Duration</th><th scope=\"col\">Note</th></tr></thead><tbody>\n";
  for (const TakeScore& take : run.gap->takes) {
    out += "<tr><td><code>" + escaped(take.clip_sha256.substr(0, 10)) + "</code></td><td>" +
           report_text::whole(take.draw) + "</td><td>" + (take.real_success ? "yes" : "no") +
           "</td><td>" + (take.sim_success ? "yes" : "no") + "</td>" +
           optional_cell(take.object_path_m, "m") + optional_cell(take.wrist_path_m, "m") +
           optional_cell(take.contact_onset_s, "s") + optional_cell(take.contact_release_s, "s") +
           optional_cell(take.duration_s, "s") + "<td>" + escaped(take.note) + "</td></tr>\n";
  }
  return out + "</tbody></table></div></details>\n";
}

}  // namespace

std::string gap(const ReportRun& run) {
  if (!run.gap) return missing(run, "gap", "Simulation was not compared with other recordings.");
  std::string out =
      "<p>Each held-out recording was reconstructed by itself; its own twin was simulated with "
      "settings frozen from the home above, several times within its uncertainty. The shaded band "
      "is what "
      "was called unimportant beforehand, the dot the measured difference with its 95 % interval, "
      "the "
      "dashed line how far two measurements of one recording differ.</p>\n";
  for (const Score& score : run.gap->scores) out += score_block(score);
  out += take_table(run);
  if (!run.gap->frozen_settings.empty()) {
    out += "<details><summary>What the twins took over unchanged</summary><ul>\n";
    for (const std::string& setting : run.gap->frozen_settings) {
      out += "<li>" + escaped(setting) + "</li>\n";
    }
    out += "</ul></details>\n";
  }
  return out;
}

}  // namespace hearth::report_sections
