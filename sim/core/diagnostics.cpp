// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/diagnostics.h>

#include <algorithm>
#include <utility>

namespace hearth {

void Diagnostics::add(Severity severity, std::string code, std::string message, std::string where) {
  entries_.push_back({severity, std::move(code), std::move(message), std::move(where)});
}

void Diagnostics::append(const Diagnostics& other) {
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
}

bool Diagnostics::contains(const std::string& code) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Diagnostic& entry) { return entry.code == code; });
}

std::map<std::string, std::int64_t> Diagnostics::counts() const {
  std::map<std::string, std::int64_t> result;
  for (const Diagnostic& entry : entries_) ++result[entry.code];
  return result;
}

}  // namespace hearth
