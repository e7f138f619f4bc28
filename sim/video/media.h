// SPDX-License-Identifier: Apache-2.0
#pragma once

// Owners of FFmpeg's objects, and files in memory. Private to the module.

#include <cstdint>
#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

#include <hearth/core/result.h>

namespace hearth::media {

struct Free {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(SwsContext* p) const { sws_freeContext(p); }
};
struct CloseInput {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
};
struct FreeOutput {
  void operator()(AVFormatContext* p) const { avformat_free_context(p); }
};
struct FreeIo {
  void operator()(AVIOContext* p) const;
};

using Packet = std::unique_ptr<AVPacket, Free>;
using Frame = std::unique_ptr<AVFrame, Free>;
using Codec = std::unique_ptr<AVCodecContext, Free>;
using Scaler = std::unique_ptr<SwsContext, Free>;
using Input = std::unique_ptr<AVFormatContext, CloseInput>;
using Output = std::unique_ptr<AVFormatContext, FreeOutput>;
using Io = std::unique_ptr<AVIOContext, FreeIo>;

/// FFmpeg must not print: its messages come back as Errors.
void silence();

[[nodiscard]] std::string error_text(int code);
[[nodiscard]] Packet make_packet();
[[nodiscard]] Frame make_frame();

/// Bytes with a position: a file in memory that FFmpeg reads, writes and seeks.
struct MemoryFile {
  std::string bytes{};
  std::int64_t position = 0;
};
[[nodiscard]] Io open_memory(MemoryFile& file, bool writable);

/// An mp4 being written to memory. Its address must not change.
class MemoryMp4 {
 public:
  MemoryMp4();
  ~MemoryMp4();
  MemoryMp4(const MemoryMp4&) = delete;
  MemoryMp4& operator=(const MemoryMp4&) = delete;

  [[nodiscard]] AVFormatContext* format() { return format_.get(); }
  /// Writes the header; `tick_rate_hz` becomes the time scale of the stream.
  [[nodiscard]] Result<Done> begin(std::int64_t tick_rate_hz, bool with_metadata);
  /// Writes one packet whose times are in ticks.
  [[nodiscard]] Result<Done> write(AVPacket* packet, std::int64_t tick_rate_hz);
  [[nodiscard]] Result<std::string> end();

 private:
  static int open_again(AVFormatContext* format, AVIOContext** io, const char* url, int flags,
                        AVDictionary** options);
  static int close_again(AVFormatContext* format, AVIOContext* io);

  MemoryFile file_;
  MemoryFile reader_;
  Io io_;
  Io reader_io_;
  Output format_;
};

}  // namespace hearth::media
