// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// What a stage lost or guessed on the way: structured, counted, shown to the user. Never an error.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hearth {

/// How much a diagnostic matters to the reader.
enum class Severity {
  note,     ///< Worth knowing; the result is as good as without it.
  guess,    ///< A value was assumed, not measured.
  warning,  ///< Something was lost or is doubtful.
};

/// One thing that was lost or guessed.
struct Diagnostic {
  Severity severity = Severity::warning;
  std::string code;     ///< Stable snake_case key, for example `focal_length_guessed`.
  std::string message;  ///< One plain sentence with the values in it, no full stop.
  std::string where;    ///< Frame range, file place, object id; may be empty.
  bool operator==(const Diagnostic&) const = default;
};

/// Collects diagnostics in the order in which they were added. Not thread-safe: parallel work uses
/// one per unit and appends them in index order.
class Diagnostics {
 public:
  void add(Severity severity, std::string code, std::string message, std::string where = {});
  void append(const Diagnostics& other);

  [[nodiscard]] const std::vector<Diagnostic>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] bool contains(const std::string& code) const;
  /// Returns how often each code occurs, sorted by code.
  [[nodiscard]] std::map<std::string, std::int64_t> counts() const;

 private:
  std::vector<Diagnostic> entries_;
};

}  // namespace hearth
