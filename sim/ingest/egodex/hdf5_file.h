// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The part of HDF5 that readers here need: dense numbers and text attributes. Not thread-safe, as
/// the library below it.

#include <hearth/core/result.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hearth::egodex {

/// Numbers of one dataset, C order.
struct Dense {
  std::vector<std::size_t> shape{};
  std::vector<double> values{};
};

/// An open file, closed on every way out. The library's own printing is off while it works.
class Hdf5File {
 public:
  ~Hdf5File();
  Hdf5File(Hdf5File&& other) noexcept;
  Hdf5File& operator=(Hdf5File&&) = delete;

  [[nodiscard]] bool has(const std::string& path) const;
  /// @return corrupt where it is absent, holds no numbers, more than 3 dimensions or more than
  /// `max_values`, or cannot be read.
  [[nodiscard]] Result<Dense> dense(const std::string& path, std::size_t max_values) const;
  /// A text attribute of the root; nothing where it is absent or no text.
  [[nodiscard]] std::optional<std::string> text_attribute(const std::string& name) const;

 private:
  friend Result<Hdf5File> open_hdf5(const std::filesystem::path&);
  Hdf5File(std::int64_t id, std::string name) : id_(id), name_(std::move(name)) {}
  std::int64_t id_ = -1;
  std::string name_;
};

/// @return not_found; corrupt where it is no HDF5 file or was cut off.
[[nodiscard]] Result<Hdf5File> open_hdf5(const std::filesystem::path& file);

}  // namespace hearth::egodex
