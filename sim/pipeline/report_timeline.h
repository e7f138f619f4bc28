// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was seen when, as a strip under the films.

#include <string>

#include "report_media.h"

namespace hearth {

/// Returns an SVG whose x axis is the films' clock, with a line of class "now" for the script.
[[nodiscard]] std::string timeline_svg(const ReportRun& run);

}  // namespace hearth
