// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Collects the first violated rule of a noun, with the JSON pointer of its place.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>

#include <cmath>
#include <string>
#include <vector>

namespace hearth {

/// Remembers the first failure only; later rules cost nothing but their evaluation.
class Check {
 public:
  void that(bool holds, const std::string& where, const std::string& message) {
    if (!holds && !failed_) error_ = {ErrorCode::invalid_argument, message, where};
    failed_ = failed_ || !holds;
  }
  void finite(double value, const std::string& where) {
    that(std::isfinite(value), where, "must be finite");
  }
  void positive(double value, const std::string& where) {
    that(std::isfinite(value) && value > 0.0, where,
         "must be finite and positive, is " + std::to_string(value));
  }
  void not_below_zero(double value, const std::string& where) {
    that(std::isfinite(value) && value >= 0.0, where,
         "must be finite and not below zero, is " + std::to_string(value));
  }
  void finite(Vec3 v, const std::string& where) { that(is_finite(v), where, "must be finite"); }
  void pose(const Pose& p, const std::string& where) {
    that(is_finite(p), where, "must be finite");
    that(is_unit(p.rotation), where + "/rotation", "must be a unit quaternion");
  }
  void share(double value, const std::string& where) {
    that(value >= 0.0 && value <= 1.0, where, "must lie in 0..1");
  }
  void named(const std::string& text, const std::string& where) {
    that(!text.empty(), where, "must not be empty");
  }
  void ascending(const std::vector<TimeNs>& times, const std::string& where) {
    for (std::size_t i = 1; i < times.size(); ++i) {
      that(times[i] > times[i - 1], where + "/" + std::to_string(i), "times must ascend");
    }
  }
  template <class Inner>
  void nested(const Result<Inner>& result, const std::string& where) {
    if (result.ok()) return;
    that(false, where + result.error().where, result.error().message);
  }

  /// The noun if every rule held, else the first failure.
  template <class Noun>
  [[nodiscard]] Result<Noun> result(Noun noun) const {
    if (failed_) return error_;
    return noun;
  }

 private:
  bool failed_ = false;
  Error error_;
};

[[nodiscard]] inline std::string at(const std::string& list, std::size_t index) {
  return "/" + list + "/" + std::to_string(index);
}

}  // namespace hearth
