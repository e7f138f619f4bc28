// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/check_rows.h>
#include <hearth/pipeline/check_run.h>

#include <cstdio>
#include <iostream>

#include "terminal.h"

namespace hearth {
namespace {

std::string number(const std::optional<double>& value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", *value);
  return text;
}

void print_rows(const std::vector<CheckRow>& rows) {
  std::printf("%-12s %-42s %-6s %5s %9s %9s %9s\n", "stage", "quantity", "unit", "n", "median",
              "p95", "baseline");
  for (const CheckRow& row : rows) {
    std::printf("%-12s %-42s %-6s %5lld %9s %9s %9s\n", row.stage.c_str(), row.quantity.c_str(),
                row.unit.c_str(), static_cast<long long>(row.n), number(row.median).c_str(),
                number(row.p95).c_str(), number(row.baseline_median).c_str());
  }
}

}  // namespace

void add_check_command(CLI::App& app, Terminal& terminal) {
  struct Arguments {
    std::string run;
    std::string truth;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("check", "compare every stage of a run with a filmed take's truth");
  command->add_option("RUN", arguments->run, "folder that run wrote")->required();
  command->add_option("--truth", arguments->truth, "truth folder of the take")->required();
  add_common_options(*command, terminal);
  command->callback([arguments, &terminal] {
    const Result<std::vector<CheckRow>> rows = check_run(arguments->run, arguments->truth);
    if (!rows) return fail(terminal, rows.error());
    if (terminal.json) std::cout << text_from_check_rows(*rows);
    if (!terminal.json) print_rows(*rows);
  });
}

}  // namespace hearth
