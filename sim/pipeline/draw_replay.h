// SPDX-License-Identifier: Apache-2.0
#pragma once

// The replay as pictures, from the camera that filmed the clip and from the room.

#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/image.h>
#include <hearth/data/rollout.h>

#include <memory>

namespace hearth {

/// A camera and where it stands.
struct PlacedCamera {
  CameraModel model{};
  Pose world_from_camera{};
};

/// Returns a camera that looks at the task's place from the side, so that person and table are
/// seen.
[[nodiscard]] PlacedCamera side_camera(const Home& home, int width_px, int height_px);

/// Returns the recording's camera at a time: interpolated along its path, held at the ends. The
/// scene's camera "head", else a view from the side, where there is no path.
[[nodiscard]] PlacedCamera head_camera(const Home& home, const CameraModel& model, TimeNs time_ns);

/// Draws state rows of one rollout in its home.
class ReplayPainter {
 public:
  /// @param whole_body  False leaves out head and trunk: the humanoid's own are not where the
  ///                    recording's camera was, and would stand in its way.
  [[nodiscard]] static Result<ReplayPainter> make(const Home& home, const Rollout& rollout,
                                                  bool whole_body);
  ReplayPainter(ReplayPainter&&) noexcept;
  ReplayPainter& operator=(ReplayPainter&&) noexcept;
  ~ReplayPainter();

  /// Draws a state row; rows beyond the last one show the last.
  [[nodiscard]] Result<ImageRgb8> paint(std::size_t row, const PlacedCamera& camera) const;

 private:
  struct State;
  explicit ReplayPainter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Draws a home as it stands at its start.
[[nodiscard]] Result<ImageRgb8> paint_scene(const Home& home, const PlacedCamera& camera);

}  // namespace hearth
