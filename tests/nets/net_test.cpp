// SPDX-License-Identifier: Apache-2.0
#include <hearth/nets/net.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <numeric>

#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

const std::filesystem::path kFolder = HEARTH_MODEL_DIR;

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(i % 251) / 250.0F;
  }
  return values;
}

}  // namespace

TEST_CASE("a network file is refused where it is missing, damaged or not the pinned one") {
  const TemporaryFolder folder;
  CHECK(load_net(folder.path() / "none.tflite").error().code == ErrorCode::not_found);
  const auto file = folder.path() / "bad.tflite";
  std::ofstream(file) << "not a network";
  const Error bad = load_net(file).error();
  CHECK(bad.code == ErrorCode::corrupt);
  CHECK(bad.where == file.string());
  const Error other =
      load_net(kFolder / "palm_detection_full.tflite", std::string(64, '0')).error();
  CHECK(other.code == ErrorCode::corrupt);
  CHECK(other.message.find("1b14e942") != std::string::npos);
}

TEST_CASE("the pinned networks have the tensors that hearth reads, and repeat bit for bit") {
  Net palm = load_net(kFolder / "palm_detection_full.tflite").value();
  CHECK(palm.input_shape() == std::vector<std::size_t>{1, 192, 192, 3});
  const std::vector<float> input = ramp(std::size_t{192} * 192 * 3);
  const std::vector<Tensor> first = palm.run(input).value();
  REQUIRE(first.size() == 2);
  CHECK(first[0].values.size() == std::size_t{2016} * 18);
  CHECK(first[1].values.size() == 2016);
  Net second = load_net(kFolder / "palm_detection_full.tflite").value();
  CHECK(second.run(input).value()[0].values == first[0].values);
  CHECK(palm.run(input).value()[1].values == first[1].values);

  Net landmark = load_net(kFolder / "hand_landmark_full.tflite").value();
  CHECK(landmark.input_shape() == std::vector<std::size_t>{1, 224, 224, 3});
  const std::vector<Tensor> out = landmark.run(ramp(std::size_t{224} * 224 * 3)).value();
  REQUIRE(out.size() == 4);
  CHECK(out[0].values.size() == 63);
  CHECK(out[1].values.size() == 1);
  CHECK(out[2].values.size() == 1);
  CHECK(out[3].values.size() == 63);
  // A ramp is no hand.
  CHECK(out[1].values[0] < 0.5F);
}

TEST_CASE("an input of another size is a broken precondition") {
  Net palm = load_net(kFolder / "palm_detection_full.tflite").value();
  const std::vector<float> input(10);
  CHECK_THROWS_AS((void)palm.run(input), std::logic_error);
}
