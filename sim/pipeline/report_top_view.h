// SPDX-License-Identifier: Apache-2.0
#pragma once

// The scene from above, as SVG.

#include <string>

#include "report_run.h"

namespace hearth {

/// Returns the drawing; the run has a home. The person faces up in it.
[[nodiscard]] std::string top_view_svg(const ReportRun& run);

}  // namespace hearth
