// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/mp4.h>

#include <cstring>
#include <string>
#include <utility>

#include "sim/video/media.h"

namespace hearth {
namespace {

using media::Input;

/// An mp4 in memory, opened for reading. Its address must not change.
struct Part {
  media::MemoryFile file{};
  media::Io io{};
  Input format{};
};

Error corrupt(std::size_t part, const std::string& message) {
  return {ErrorCode::corrupt, message, "parts/" + std::to_string(part)};
}

Result<Done> open_part(std::size_t index, const std::string& bytes, Part& part) {
  part.file.bytes = bytes;
  part.io = media::open_memory(part.file, false);
  AVFormatContext* format = avformat_alloc_context();
  format->pb = part.io.get();
  const AVInputFormat* mov = av_find_input_format("mov");
  const int code = avformat_open_input(&format, nullptr, mov, nullptr);
  if (code < 0) {
    return corrupt(index, "not an mp4: " + media::error_text(code));
  }
  part.format.reset(format);
  if (format->nb_streams != 1 || format->streams[0]->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) {
    return corrupt(index, "must hold one video stream and nothing else");
  }
  return Done{};
}

bool same_setup(const AVCodecParameters& a, const AVCodecParameters& b) {
  return a.codec_id == b.codec_id && a.width == b.width && a.height == b.height &&
         a.extradata_size == b.extradata_size &&
         std::memcmp(a.extradata, b.extradata, static_cast<std::size_t>(a.extradata_size)) == 0;
}

Result<Done> copy_packets(std::size_t index, Part& part, std::int64_t tick_rate_hz,
                          std::int64_t& frame, media::MemoryMp4& out) {
  const media::Packet packet = media::make_packet();
  const std::int64_t before = frame;
  int code = 0;
  while ((code = av_read_frame(part.format.get(), packet.get())) >= 0) {
    packet->pts = packet->dts = frame * kMp4TicksPerFrame;
    packet->duration = kMp4TicksPerFrame;
    packet->pos = -1;
    ++frame;
    if (const Result<Done> written = out.write(packet.get(), tick_rate_hz); !written) {
      return written;
    }
  }
  const int announced = avformat_index_get_entries_count(part.format->streams[0]);
  if (code != AVERROR_EOF || frame - before != announced) {
    return corrupt(index, "cut off after " + std::to_string(frame - before) + " of " +
                              std::to_string(announced) + " frames");
  }
  return Done{};
}

}  // namespace

Result<std::string> join_mp4(std::span<const std::string> parts, int rate_hz) {
  media::silence();
  if (parts.empty()) {
    return Error{ErrorCode::invalid_argument, "at least one part is needed", "parts"};
  }
  if (rate_hz < 1 || rate_hz > 1000) {
    return Error{ErrorCode::invalid_argument, "must be 1 to 1000, not " + std::to_string(rate_hz),
                 "rate_hz"};
  }
  const std::int64_t tick_rate_hz = kMp4TicksPerFrame * rate_hz;
  media::MemoryMp4 out;
  AVStream* stream = nullptr;
  std::int64_t frame = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part part;
    if (const Result<Done> opened = open_part(i, parts[i], part); !opened) {
      return opened.error();
    }
    const AVCodecParameters& codec = *part.format->streams[0]->codecpar;
    if (stream == nullptr) {
      stream = avformat_new_stream(out.format(), nullptr);
      avcodec_parameters_copy(stream->codecpar, &codec);
      stream->time_base = AVRational{1, static_cast<int>(tick_rate_hz)};
      stream->avg_frame_rate = AVRational{rate_hz, 1};
      if (const Result<Done> begun = out.begin(tick_rate_hz, false); !begun) {
        return begun.error();
      }
    } else if (!same_setup(codec, *stream->codecpar)) {
      return Error{ErrorCode::invalid_argument,
                   "has another picture size or codec set-up than the first part; it needs a file "
                   "of its own",
                   "parts/" + std::to_string(i)};
    }
    if (const Result<Done> copied = copy_packets(i, part, tick_rate_hz, frame, out); !copied) {
      return copied.error();
    }
  }
  return out.end();
}

}  // namespace hearth
