// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numbers>

#include "report_sections.h"
#include "report_text.h"

namespace hearth::report_sections {
namespace {

using report_text::counted;
using report_text::escaped;
using report_text::fixed;
using report_text::reason_title;
using report_text::whole;

double degrees(double rad) { return rad * 180.0 / std::numbers::pi; }
std::string cm(double value_m) { return fixed(100.0 * value_m, 1); }

// One proposal's drawn values, one string per column of the ledger table.
struct Drawn {
  std::string start{};
  std::string goal{};
  std::string height{};
  std::string size{};
  std::string mass{};
  std::string friction{};
  std::string lights{};
  std::string camera{};
  std::string colors{};
};

void add(std::string& cell, const std::string& text) { cell += (cell.empty() ? "" : "; ") + text; }

struct Describe {
  Drawn& out;
  void operator()(const MoveStart& e) const {
    add(out.start, cm(e.dx_m) + ", " + cm(e.dy_m) + "; " + fixed(degrees(e.yaw_rad), 0) + "\u00b0");
  }
  void operator()(const MoveGoal& e) const {
    add(out.goal, cm(e.dx_m) + ", " + cm(e.dy_m) + "; " + fixed(degrees(e.yaw_rad), 0) + "\u00b0");
  }
  void operator()(const RaiseSupport& e) const { add(out.height, e.support_id + " " + cm(e.dz_m)); }
  void operator()(const ScaleObject& e) const {
    add(out.size, fixed(e.factor.x, 2) + ", " + fixed(e.factor.y, 2) + ", " + fixed(e.factor.z, 2));
  }
  void operator()(const ScaleMass& e) const { add(out.mass, fixed(e.factor, 2)); }
  void operator()(const SetFriction& e) const { add(out.friction, fixed(e.friction, 2)); }
  void operator()(const SetMaterial& e) const { add(out.colors, e.target_id); }
  void operator()(const SetLights& e) const {
    std::string text = whole(static_cast<std::int64_t>(e.lights.size())) + ":";
    for (const Light& light : e.lights) {
      text += " " + fixed(light.intensity, 2) + " at " + fixed(light.color_temperature_k, 0) + " K";
    }
    add(out.lights, text);
  }
  void operator()(const MoveCamera& e) const {
    add(out.camera,
        e.camera_id + " " + cm(e.offset_m.x) + ", " + cm(e.offset_m.y) + ", " + cm(e.offset_m.z));
  }
};

std::string reason_bars(const Ledger& ledger) {
  std::map<std::string, std::int64_t> counts;
  std::int64_t accepted = 0;
  for (const LedgerEntry& entry : ledger.entries) {
    if (entry.accepted) ++accepted;
    if (!entry.accepted) ++counts[entry.reason];
  }
  const double all = std::max<double>(1.0, static_cast<double>(ledger.entries.size()));
  const auto bar = [&](const std::string& label, std::int64_t count, const char* css) {
    return "<tr><th scope=\"row\">" + escaped(label) + "</th><td class=\"meter\"><span class=\"" +
           css + "\" style=\"width:" + fixed(100.0 * static_cast<double>(count) / all, 1) +
           "%\"></span></td><td class=\"number\">" + whole(count) + "</td></tr>\n";
  };
  std::string out = "<table class=\"bars\"><caption>What became of " +
                    counted(static_cast<std::int64_t>(ledger.entries.size()), "proposal") +
                    "</caption><tbody>\n";
  out += bar("accepted: the chore succeeded", accepted, "good");
  for (const auto& [reason, count] : counts)
    out += bar("rejected: " + reason_title(reason), count, "bad");
  return out + "</tbody></table>\n";
}

std::string sheet(const Ledger& ledger, const std::map<std::uint64_t, std::string>& pictures) {
  std::string out = "<ul class=\"sheet\">\n";
  for (const LedgerEntry& entry : ledger.entries) {
    const std::string number = std::to_string(entry.variant.index);
    const std::string verdict = entry.accepted ? "accepted" : reason_title(entry.reason);
    const auto picture = pictures.find(entry.variant.index);
    out += "<li class=\"" + std::string(entry.accepted ? "good" : "bad") + "\">";
    if (picture != pictures.end()) {
      out += "<img loading=\"lazy\" alt=\"Variant " + number + ", " + escaped(verdict) +
             "\" src=\"" + picture->second + "\">";
    } else {
      out += "<div class=\"blank\">no picture</div>";
    }
    out += "<p><b>" + number + "</b> " + escaped(verdict) + "</p></li>\n";
  }
  return out + "</ul>\n";
}

std::string cell(const std::string& text) {
  return "<td>" + (text.empty() ? std::string("-") : escaped(text)) + "</td>";
}

std::string ledger_table(const Ledger& ledger) {
  std::string out =
      "<details><summary>Every proposal with its drawn values</summary><div "
      "class=\"scroll\"><table "
      "class=\"dense\"><thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Result</th><th "
      "scope=\"col\">Detail</th><th scope=\"col\">Start: shift in cm; turn</th><th "
      "scope=\"col\">Goal: shift in "
      "cm; turn</th><th scope=\"col\">Support height, cm</th><th scope=\"col\">Size \u00d7</th><th "
      "scope=\"col\">Mass \u00d7</th><th scope=\"col\">Friction</th><th "
      "scope=\"col\">Lights</th><th "
      "scope=\"col\">Cameras, shift in cm</th><th scope=\"col\">New "
      "look</th></tr></thead><tbody>\n";
  for (const LedgerEntry& entry : ledger.entries) {
    Drawn drawn;
    for (const Edit& edit : entry.variant.edits) std::visit(Describe{drawn}, edit);
    out += "<tr><th scope=\"row\">" + std::to_string(entry.variant.index) + "</th><td>" +
           (entry.accepted ? "<span class=\"chip good\">accepted</span>"
                           : "<span class=\"chip bad\">" +
                                 escaped(report_text::words(entry.reason)) + "</span>") +
           "</td>" + cell(entry.detail) + cell(drawn.start) + cell(drawn.goal) +
           cell(drawn.height) + cell(drawn.size) + cell(drawn.mass) + cell(drawn.friction) +
           cell(drawn.lights) + cell(drawn.camera) + cell(drawn.colors) + "</tr>\n";
  }
  return out + "</tbody></table></div></details>\n";
}

}  // namespace

std::string variants(const ReportRun& run,
                     const std::map<std::uint64_t, std::string>& picture_sources) {
  if (!run.ledger) return missing(run, "ledger", "There are no variants.");
  std::string out = reason_bars(*run.ledger);
  out +=
      "<p>Accepted variants show the middle of their rendered replay where it is stored; others "
      "show their home as "
      "drawn, before anything moves.</p>\n";
  out += sheet(*run.ledger, picture_sources);
  if (picture_sources.size() < run.ledger->entries.size()) {
    out += "<p class=\"missing\">" +
           counted(static_cast<std::int64_t>(run.ledger->entries.size() - picture_sources.size()),
                   "proposal") +
           " without a picture: the sheet holds the first 48, and none where the home is missing "
           "or the "
           "recipe cannot be applied.</p>\n";
  }
  out += ledger_table(*run.ledger);
  if (run.summary && run.summary->dataset.path) {
    out += "<p>The dataset lies in <code>" + escaped(*run.summary->dataset.path) +
           "</code>: " + counted(run.summary->dataset.episodes, "episode") + ", " +
           counted(run.summary->dataset.frames, "frame") + ".</p>\n";
  }
  return out;
}

}  // namespace hearth::report_sections
