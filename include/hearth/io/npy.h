// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// NumPy's .npy format, version 1.0, little-endian, C order, float64 and float32, two dimensions
/// (numpy.lib.format).

#include <hearth/core/result.h>
#include <hearth/data/array.h>

#include <string>
#include <string_view>

namespace hearth {

[[nodiscard]] std::string npy_from_table(const Table& table);
[[nodiscard]] std::string npy_from_table(const TableF32& table);

/// @return corrupt with a byte offset for anything that is not exactly such a file; lengths are
/// checked against the bytes present before memory is taken.
[[nodiscard]] Result<Table> table_from_npy(std::string_view bytes, const std::string& where);
[[nodiscard]] Result<TableF32> table_f32_from_npy(std::string_view bytes, const std::string& where);

}  // namespace hearth
