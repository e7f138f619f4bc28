// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Field lists shared by reports and run records.

#include <hearth/core/diagnostics.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/provenance.h>
#include <hearth/data/stage_record.h>

#include "archive.h"

namespace hearth {

template <>
struct EnumNames<Verdict> {
  static constexpr std::array names{"GAP", "EQUIVALENT", "INCONCLUSIVE"};
};
template <>
struct EnumNames<Severity> {
  static constexpr std::array names{"note", "guess", "warning"};
};
template <>
struct EnumNames<StageStatus> {
  static constexpr std::array names{"ran", "reused", "failed", "skipped"};
};

template <class A>
void fields(A& a, Provenance& x) {
  a("inputs_sha256", x.inputs_sha256), a("tool_version", x.tool_version);
  a("engine", x.engine), a("options_json", x.options_json), a("seed", x.seed);
}

}  // namespace hearth
