// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// NumPy's .npy format as others write it: any number of dimensions, the common number types.
/// Only for what comes from outside; hearth's own tables are in npy.h.

#include <hearth/core/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// What the numbers were in the file.
enum class NpyKind { real, integer, boolean };

/// An array in C order, read as float64, or as int64 where it held whole numbers.
struct NpyArray {
  NpyKind kind = NpyKind::real;
  std::vector<std::size_t> shape{};      ///< Empty: one number.
  std::vector<double> reals{};           ///< Where kind is real.
  std::vector<std::int64_t> integers{};  ///< Where kind is integer or boolean.
  bool operator==(const NpyArray&) const = default;
};

/// Reads versions 1.0 to 3.0, little-endian or one-byte, in C or Fortran order: f4, f8, i1..i8,
/// u1..u8, b1.
///
/// @return corrupt with a byte offset where header and bytes do not fit, lengths being checked
/// before memory is taken; unsupported, with the remedy, for pickled objects, text, structured or
/// complex values, big-endian numbers, and unsigned values over 2^63 - 1.
[[nodiscard]] Result<NpyArray> npy_array(std::string_view bytes, const std::string& where);

}  // namespace hearth
