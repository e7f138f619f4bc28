// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/nets/net.h>

#include <openvino/openvino.hpp>
#include <openvino/runtime/intel_cpu/properties.hpp>
#include <utility>

namespace hearth {

struct Net::State {
  ov::CompiledModel model;
  ov::InferRequest request;
  ov::Tensor input;
  std::vector<std::size_t> input_shape;
};

Net::Net() = default;
Net::~Net() = default;
Net::Net(Net&&) noexcept = default;
Net& Net::operator=(Net&&) noexcept = default;

namespace {

/// Shared by all networks of the process: it holds plugins, no results.
ov::Core& runtime() {
  static ov::Core core;
  return core;
}

Error unsupported(const std::filesystem::path& path, std::string message) {
  return {ErrorCode::unsupported, std::move(message), path.string()};
}

}  // namespace

const std::vector<std::size_t>& Net::input_shape() const {
  require(state_ != nullptr, "Net is loaded");
  return state_->input_shape;
}

std::size_t Net::output_count() const {
  require(state_ != nullptr, "Net is loaded");
  return state_->model.outputs().size();
}

Result<std::vector<Tensor>> Net::run(std::span<const float> input) {
  require(state_ != nullptr, "Net is loaded");
  require(input.size() == state_->input.get_size(), "input has the size of the network's input");
  try {
    std::copy(input.begin(), input.end(), state_->input.data<float>());
    state_->request.infer();
    std::vector<Tensor> outputs;
    for (std::size_t i = 0; i < output_count(); ++i) {
      const ov::Tensor tensor = state_->request.get_output_tensor(i);
      const float* values = tensor.data<const float>();
      outputs.push_back({tensor.get_shape(), {values, values + tensor.get_size()}});
    }
    return outputs;
  } catch (const std::exception& error) {
    return Error{ErrorCode::infeasible, std::string("the network failed: ") + error.what(), {}};
  }
}

Result<Net> load_net(const std::filesystem::path& path, const std::string& sha256) {
  const Result<std::string> found = sha256_of_file(path);
  if (!found) {
    return found.error();
  }
  if (!sha256.empty() && found.value() != sha256) {
    return Error{ErrorCode::corrupt,
                 "the network file has sha256 " + found.value() + ", wanted " + sha256,
                 path.string()};
  }
  try {
    const std::shared_ptr<ov::Model> model = runtime().read_model(path.string());
    if (model->inputs().size() != 1) {
      return unsupported(path, "the network must have one input");
    }
    if (model->is_dynamic() || model->input().get_element_type() != ov::element::f32) {
      return unsupported(path, "the network must have a fixed input of 32-bit floats");
    }
    for (const auto& output : model->outputs()) {
      if (output.get_element_type() != ov::element::f32) {
        return unsupported(path, "the network must have outputs of 32-bit floats");
      }
    }
    auto state = std::make_unique<Net::State>();
    state->model = runtime().compile_model(
        model, "CPU", ov::hint::inference_precision(ov::element::f32), ov::num_streams(1),
        ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false));
    state->request = state->model.create_infer_request();
    state->input = state->request.get_input_tensor();
    state->input_shape = state->input.get_shape();
    Net net;
    net.state_ = std::move(state);
    return net;
  } catch (const std::exception& error) {
    return Error{ErrorCode::corrupt, std::string("cannot read the network: ") + error.what(),
                 path.string()};
  }
}

}  // namespace hearth
