// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Writes H.264 mp4 files that training loaders index exactly: frame k lies at k / rate, the last
/// packet has a duration, no B-frames, index in front. Rules: docs/formats.md.

#include <hearth/core/result.h>
#include <hearth/data/image.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace hearth {

/// Options of Mp4Writer.
struct Mp4Options {
  int rate_hz = 30;                 ///< Frames per second; the time base is 512 ticks per frame.
  int crf = 23;                     ///< x264 quality, 0 (lossless) to 51 (worst).
  int keyframe_interval = 2;        ///< Frames between keyframes; 2 = cheap random access.
  std::string preset = "veryfast";  ///< x264 speed preset.
  int rotation_deg = 0;             ///< Display turn written into the header: 0, 90, 180, 270.
  std::map<std::string, std::string> metadata{};  ///< Container metadata, key to value.
};

/// Ticks of the time base per frame at a constant rate.
inline constexpr std::int64_t kMp4TicksPerFrame = 512;

/// Encodes frames into one mp4 in memory. Same frames and options, same bytes: one encoder thread,
/// no time stamps of the day. BT.601 tagged, yuv420p.
class Mp4Writer {
 public:
  ~Mp4Writer();
  Mp4Writer(Mp4Writer&&) noexcept;
  Mp4Writer& operator=(Mp4Writer&&) noexcept;

  /// Appends a frame that is shown for `ticks` of the time base (512 = one frame at the rate).
  /// @return invalid_argument for another size than the first frame or ticks < 1; infeasible if
  /// the encoder fails.
  [[nodiscard]] Result<Done> add(const ImageRgb8& frame, std::int64_t ticks = kMp4TicksPerFrame);

  /// Ends the file and returns its bytes. Nothing may be added afterwards.
  /// @return invalid_argument without a frame, infeasible if the encoder fails.
  [[nodiscard]] Result<std::string> finish();

 private:
  friend Result<Mp4Writer> make_mp4_writer(int, int, const Mp4Options&);
  struct State;
  explicit Mp4Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// @return invalid_argument for odd or non-positive sizes or an option out of range; unsupported
/// where FFmpeg was built without x264.
[[nodiscard]] Result<Mp4Writer> make_mp4_writer(int width_px, int height_px,
                                                const Mp4Options& options);

/// Joins mp4 files of one picture size, encoder and rate by copying packets: no quality is lost and
/// frame k of the result lies at k / rate_hz exactly.
///
/// @param parts  Bytes of mp4 files as Mp4Writer makes them, at least one.
/// @return corrupt for a part that cannot be read, invalid_argument if a part has another codec
/// set-up than the first: it needs a file of its own.
[[nodiscard]] Result<std::string> join_mp4(std::span<const std::string> parts, int rate_hz);

}  // namespace hearth
