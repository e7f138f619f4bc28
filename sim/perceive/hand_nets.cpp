// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_nets.h"

#include <hearth/core/parallel.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hearth::hands {
namespace {

constexpr double kSameHandIou = 0.3;
constexpr const char* kPalmFile = "palm_detection_full.tflite";
constexpr const char* kPalmSha256 =
    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54";
constexpr const char* kLandmarkFile = "hand_landmark_full.tflite";
constexpr const char* kLandmarkSha256 =
    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3";

/// Runs body(worker's net, item) for all items, each worker a fixed share of them.
template <class Body>
Result<Done> for_each_item(std::vector<Net>& nets, std::size_t count, const Body& body) {
  const std::size_t workers = std::min(nets.size(), count);
  std::vector<std::optional<Error>> errors(count);
  parallel_for(workers, static_cast<int>(workers), [&](std::size_t worker) {
    for (std::size_t i = worker; i < count; i += workers) {
      const Result<Done> done = body(nets[worker], i);
      if (!done) {
        errors[i] = done.error();
      }
    }
  });
  for (const auto& error : errors) {
    if (error) {
      return *error;
    }
  }
  return Done{};
}

std::size_t input_values(const Net& net) {
  std::size_t count = 1;
  for (const std::size_t n : net.input_shape()) {
    count *= n;
  }
  return count;
}

}  // namespace

Result<HandNets> HandNets::load(const std::filesystem::path& folder, int workers) {
  HandNets nets;
  for (int i = 0; i < std::max(1, workers); ++i) {
    Result<Net> palm = load_net(folder / kPalmFile, kPalmSha256);
    if (!palm) {
      return palm.error();
    }
    Result<Net> landmark = load_net(folder / kLandmarkFile, kLandmarkSha256);
    if (!landmark) {
      return landmark.error();
    }
    nets.palm_.push_back(std::move(palm).value());
    nets.landmark_.push_back(std::move(landmark).value());
  }
  if (input_values(nets.palm_[0]) != std::size_t{3} * kPalmInputPx * kPalmInputPx ||
      input_values(nets.landmark_[0]) != std::size_t{3} * kLandmarkInputPx * kLandmarkInputPx ||
      nets.palm_[0].output_count() != 2 || nets.landmark_[0].output_count() != 4) {
    return Error{ErrorCode::unsupported, "not the hand networks that hearth knows",
                 folder.string()};
  }
  return nets;
}

Result<std::vector<std::vector<Palm>>> HandNets::find_palms(const Picture& picture,
                                                            const std::vector<Square>& squares,
                                                            double min_score) {
  std::vector<std::vector<Palm>> found(squares.size());
  const Result<Done> done = for_each_item(palm_, squares.size(), [&](Net& net, std::size_t i) {
    const Square square = on_pixels(squares[i]);
    Result<std::vector<Tensor>> out = net.run(sample(picture, square, kPalmInputPx));
    if (!out) {
      return Result<Done>(out.error());
    }
    const std::vector<Palm> raw =
        decode_palms(out.value()[0].values, out.value()[1].values, min_score);
    for (Palm palm : merge_palms(raw, kSameHandIou)) {
      palm.center = point_in_square(square, palm.center);
      palm.size = square.side_px * palm.size;
      for (Vec2& keypoint : palm.keypoints) {
        keypoint = point_in_square(square, keypoint);
      }
      found[i].push_back(palm);
    }
    return Result<Done>(Done{});
  });
  if (!done) {
    return done.error();
  }
  return found;
}

Result<std::vector<Reading>> HandNets::read_hands(const Picture& picture,
                                                  const std::vector<Square>& squares) {
  std::vector<Reading> readings(squares.size());
  const Result<Done> done = for_each_item(landmark_, squares.size(), [&](Net& net, std::size_t i) {
    Result<std::vector<Tensor>> out = net.run(sample(picture, squares[i], kLandmarkInputPx));
    if (!out) {
      return Result<Done>(out.error());
    }
    const std::vector<Tensor>& tensors = out.value();
    readings[i] = decode_reading(tensors[0].values, tensors[1].values[0], tensors[2].values[0],
                                 tensors[3].values, squares[i]);
    return Result<Done>(Done{});
  });
  if (!done) {
    return done.error();
  }
  return readings;
}

}  // namespace hearth::hands
