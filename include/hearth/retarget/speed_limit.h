// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The exact end of speed violations: a projection per column of a table of positions.

#include <hearth/data/array.h>

#include <span>

namespace hearth {

/// Changes each column so that neighbouring rows differ by at most its max_step.
///
/// The result is the mean of the smallest upper and the largest lower envelope of that slope: it
/// obeys the bound in every pair of rows, stays within the column's own extremes (so within joint
/// limits), is closest in the maximum norm, and leaves columns that obey the bound as they are, bit
/// for bit.
///
/// @param max_step  One per column, >= 0: the speed limit times the row interval.
/// @return the largest change made.
double limit_speed(Table& positions, std::span<const double> max_step);

}  // namespace hearth
