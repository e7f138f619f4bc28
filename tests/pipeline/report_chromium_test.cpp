// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/files.h>
#include <hearth/pipeline/report.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/pipeline/report_world.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

// The attribute of the first element with this id, or nothing.
std::string attribute_of(const std::string& html, const std::string& id, const std::string& name) {
  const std::size_t at = html.find("id=\"" + id + "\"");
  if (at == std::string::npos) return {};
  const std::size_t start = html.rfind('<', at);
  const std::string tag = html.substr(start, html.find('>', start) - start);
  const std::size_t value = tag.find(" " + name + "=\"");
  if (value == std::string::npos) return {};
  const std::size_t from = value + name.size() + 3;
  return tag.substr(from, tag.find('"', from) - from);
}

}  // namespace

TEST_CASE("a browser opens the report without a complaint and knows its films' length") {
  if (std::system("command -v chromium > /dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: chromium is not installed (Debian package chromium)\n";
    return;
  }
  TemporaryFolder folder;
  const std::filesystem::path run = folder.path() / "run";
  test::make_run_folder(run, {});
  Diagnostics diagnostics;
  REQUIRE(write_report(run, diagnostics));
  const std::string dom = (folder.path() / "dom.html").string();
  const std::string log = (folder.path() / "log.txt").string();
  const std::string command =
      "timeout 240 chromium --headless --no-sandbox --disable-gpu --disable-background-networking"
      " --disable-dev-shm-usage --no-first-run --user-data-dir=" +
      (folder.path() / "profile").string() +
      " --enable-logging=stderr --virtual-time-budget=5000 --dump-dom file://" +
      (run / "report.html").string() + " > " + dom + " 2> " + log;
  const int status = std::system(command.c_str());
  const std::string messages = *read_file(log);
  INFO(messages);
  REQUIRE(status == 0);
  CHECK(messages.find("CONSOLE") == std::string::npos);
  const std::string page = *read_file(dom);
  CHECK(page.find("</html>") != std::string::npos);
  // The script sets the slider to the longest film, so the films were decoded: 24 frames at 5 Hz.
  const double length_s = std::atof(attribute_of(page, "bar", "max").c_str());
  CHECK(length_s == Approx(4.8).margin(0.25));
}
