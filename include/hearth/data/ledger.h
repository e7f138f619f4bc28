// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One line per proposal: what was drawn, what became of it. Nothing is dropped in silence.

#include <hearth/core/result.h>
#include <hearth/data/rollout.h>
#include <hearth/data/variant.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

struct LedgerEntry {
  Variant variant{};
  bool accepted = false;
  std::string reason{};  ///< Empty when accepted; else overlap, off_support, unreachable, unstable,
                         ///< not_lifted, not_placed, tipped ...
  std::string detail{};  ///< One sentence with the numbers.
  Outcome outcome{};     ///< Default where the replay was not reached.
  std::int64_t episode_index = -1;  ///< In the dataset; -1 when rejected.
  std::string final_state_hash{};
  bool operator==(const LedgerEntry&) const = default;
};

struct Ledger {
  std::vector<LedgerEntry> entries{};  ///< By variant index.
  bool operator==(const Ledger&) const = default;
};

[[nodiscard]] Result<Ledger> validated(Ledger ledger);

}  // namespace hearth
