// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Loads a network file and runs it on one thread, in 32-bit floats.

#include <hearth/core/result.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hearth {

/// One tensor of floats, row-major in the layout of the network file.
struct Tensor {
  std::vector<std::size_t> shape{};
  std::vector<float> values{};
};

/// A network with one float input. Not thread-safe: parallel work holds one Net per slot. Outputs
/// are equal, bit for bit, for any number of Nets that run at once on one machine; across machines
/// they differ in the last digits.
class Net {
 public:
  Net();
  ~Net();
  Net(Net&&) noexcept;
  Net& operator=(Net&&) noexcept;

  [[nodiscard]] const std::vector<std::size_t>& input_shape() const;
  [[nodiscard]] std::size_t output_count() const;

  /// Runs the network. Precondition: input holds as many values as input_shape() says.
  /// @return its outputs in the order of the file, or infeasible if the run time fails.
  [[nodiscard]] Result<std::vector<Tensor>> run(std::span<const float> input);

 private:
  friend Result<Net> load_net(const std::filesystem::path&, const std::string&);
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a .tflite or .onnx network with one input and fixed shapes.
///
/// @param sha256  The hash that the file must have, 64 lower-case digits; empty = any.
/// @return not_found without the file, corrupt if its hash differs or it cannot be parsed,
/// unsupported for several inputs, another type than f32 or a shape that is not fixed.
[[nodiscard]] Result<Net> load_net(const std::filesystem::path& path,
                                   const std::string& sha256 = {});

}  // namespace hearth
