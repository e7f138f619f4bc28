// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A number with its uncertainty and where it came from. Measured and assumed never look alike.

#include <hearth/core/result.h>

#include <string>

namespace hearth {

/// Where a value came from.
enum class Source {
  unknown,   ///< Not known: the value means nothing.
  measured,  ///< Inferred from the recording.
  prior,     ///< Assumed from what is usual.
  user,      ///< Given by the user.
  drawn,     ///< Drawn by a variant or a film.
  truth,     ///< Taken from ground truth (diagnosis only).
  imported,  ///< Given by another method or device (hearth import).
};

/// value +- sigma (one standard deviation), in the unit that the field's name carries.
struct Estimate {
  double value = 0.0;
  double sigma = 0.0;
  Source source = Source::unknown;
  bool operator==(const Estimate&) const = default;
};

/// A multiplicative scale with its 95 % interval: metres per unit of an unscaled map.
struct ScaleEstimate {
  double value = 1.0;
  double low = 1.0;
  double high = 1.0;
  Source source = Source::unknown;
  std::string cues{};  ///< Which cues were used, for example "hand_length,support_height".
  bool operator==(const ScaleEstimate&) const = default;
};

}  // namespace hearth
