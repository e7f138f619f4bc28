// SPDX-License-Identifier: Apache-2.0
#include <hearth/pipeline/report.h>

#include <filesystem>
#include <iostream>

#include "terminal.h"

namespace hearth {

void add_report_command(CLI::App& app, Terminal& terminal) {
  auto run = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("report", "write report.html of a run again");
  command->add_option("RUN", *run, "folder that run wrote")->required();
  add_common_options(*command, terminal);
  command->callback([run, &terminal] {
    Diagnostics diagnostics;
    const Result<Done> done = write_report(*run, diagnostics);
    if (!done) return fail(terminal, done.error());
    print_diagnostics(diagnostics.entries());
    std::cout << (std::filesystem::path(*run) / "report.html").string() << "\n";
  });
}

}  // namespace hearth
