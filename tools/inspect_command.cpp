// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/enum_names.h>
#include <hearth/pipeline/inspect.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "terminal.h"

namespace hearth {
namespace {

void print_text(const Inspection& inspection) {
  std::size_t widest = 0;
  for (const Finding& f : inspection.findings) widest = std::max(widest, f.what.size());
  std::string section;
  for (const Finding& f : inspection.findings) {
    if (f.section != section) std::cout << f.section << "\n";
    section = f.section;
    std::cout << "  " << f.what << std::string(widest - f.what.size() + 2, ' ') << f.value;
    if (!f.certainty.empty()) std::cout << (f.value.empty() ? "" : "; ") << f.certainty;
    if (!f.source.empty()) std::cout << "  [" << f.source << "]";
    std::cout << "\n";
  }
  if (!inspection.worst.empty()) std::cout << "worst moments\n";
  for (const Moment& m : inspection.worst) {
    std::cout << "  " << seconds_from_ns(m.from_ns) << " s to " << seconds_from_ns(m.to_ns)
              << " s: " << m.what << "\n";
  }
  if (!inspection.notes.empty()) std::cout << "said by the stages\n";
  for (const Diagnostic& d : inspection.notes) {
    std::cout << "  " << name_of(d.severity) << " [" << d.code << "] " << d.message << "\n";
  }
}

void print_json(const Inspection& inspection) {
  nlohmann::ordered_json out;
  out["findings"] = nlohmann::ordered_json::array();
  for (const Finding& f : inspection.findings) {
    out["findings"].push_back({{"section", f.section},
                               {"what", f.what},
                               {"value", f.value},
                               {"certainty", f.certainty},
                               {"source", f.source}});
  }
  out["worst"] = nlohmann::ordered_json::array();
  for (const Moment& m : inspection.worst) {
    out["worst"].push_back(
        {{"from_ns", m.from_ns}, {"to_ns", m.to_ns}, {"what", m.what}, {"badness_s", m.badness_s}});
  }
  out["notes"] = nlohmann::ordered_json::array();
  for (const Diagnostic& d : inspection.notes) {
    out["notes"].push_back(
        {{"severity", name_of(d.severity)}, {"code", d.code}, {"message", d.message}});
  }
  std::cout << out.dump(1) << "\n";
}

}  // namespace

void add_inspect_command(CLI::App& app, Terminal& terminal) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "inspect", "what a folder holds, how certain it is, and its worst moments");
  command->add_option("DIR", *folder, "folder that run or one of its stages wrote")->required();
  add_common_options(*command, terminal);
  command->callback([folder, &terminal] {
    Diagnostics diagnostics;
    const Result<Inspection> inspection = inspect(*folder, diagnostics);
    if (!inspection) return fail(terminal, inspection.error());
    print_diagnostics(diagnostics.entries());
    if (terminal.json) return print_json(*inspection);
    print_text(*inspection);
  });
}

}  // namespace hearth
