// SPDX-License-Identifier: Apache-2.0
#include "sim/perceive/hand_search.h"

#include <algorithm>
#include <array>

namespace hearth::hands {
namespace {

struct Crop {
  double size_share;  ///< Of the longer side.
  Vec2 place_share;   ///< (0, 0) top left, (1, 1) bottom right, as far as it fits.
};

constexpr double kLarge = 0.62;
constexpr double kSmall = 0.4;
constexpr std::array<std::array<Crop, 4>, 3> kTurns = {{
    {{{kLarge, {0.5, 1.0}}, {kLarge, {0.5, 0.5}}, {kSmall, {0.0, 0.9}}, {kSmall, {1.0, 0.9}}}},
    {{{kLarge, {0.0, 1.0}}, {kLarge, {1.0, 1.0}}, {kSmall, {0.35, 0.95}}, {kSmall, {0.65, 0.95}}}},
    {{{kSmall, {0.05, 0.6}}, {kSmall, {0.35, 0.5}}, {kSmall, {0.65, 0.5}}, {kSmall, {0.95, 0.6}}}},
}};

}  // namespace

std::vector<Square> search_squares(const Picture& picture, int turn) {
  const double w = picture.width_px();
  const double h = picture.height_px();
  std::vector<Square> squares = {{{0.5 * (w - 1.0), 0.5 * (h - 1.0)}, std::max(w, h), 0.0}};
  for (const Crop& crop : kTurns[static_cast<std::size_t>(turn) % kTurns.size()]) {
    const double side = std::min(crop.size_share * std::max(w, h), std::min(w, h));
    squares.push_back({{0.5 * side + crop.place_share.x * (w - side) - 0.5,
                        0.5 * side + crop.place_share.y * (h - side) - 0.5},
                       side,
                       0.0});
  }
  return squares;
}

std::vector<Square> border_squares(const Picture& picture, double side_px) {
  const int count = std::clamp(static_cast<int>(2.0 * picture.width_px() / side_px), 2, 12);
  std::vector<Square> squares;
  for (int i = 0; i < count; ++i) {
    squares.push_back(
        {{(i + 0.5) / count * picture.width_px() - 0.5, picture.height_px() - 0.4 * side_px},
         side_px,
         0.0});
  }
  return squares;
}

}  // namespace hearth::hands
