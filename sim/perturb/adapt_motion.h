// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Hands and the carried object follow the edits of a scene.

#include <hearth/core/diagnostics.h>
#include <hearth/data/home.h>

namespace hearth {

/// Rewrites hands and the manipulated object's track of `edited`, whose scene and task are final
/// and whose motions are still those of `source`. See apply() for the rule.
void adapt_motion(const Home& source, Home& edited, Diagnostics& diagnostics);

}  // namespace hearth
