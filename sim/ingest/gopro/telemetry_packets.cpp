// SPDX-License-Identifier: Apache-2.0
#include "telemetry_packets.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/mathematics.h>
}

namespace hearth::gopro {
namespace {

// Encoders reorder no more frames than this, so the first in time is among the first read.
constexpr int kVideoPacketsLookedAt = 64;

struct CloseInput {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
};
struct FreePacket {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};

Error error_at(const std::filesystem::path& file, ErrorCode code, std::string message) {
  return {code, std::move(message), file.string()};
}

TimeNs in_ns(std::int64_t ticks, AVRational base) {
  return av_rescale_q(ticks, base, AVRational{1, 1'000'000'000});
}

int find_stream(const AVFormatContext& format, bool telemetry) {
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    const AVCodecParameters& codec = *stream.codecpar;
    const bool is_picture = codec.codec_type == AVMEDIA_TYPE_VIDEO &&
                            (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
    if (telemetry ? codec.codec_tag == MKTAG('g', 'p', 'm', 'd') : is_picture) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

Result<std::vector<Packet>> telemetry_packets(const std::filesystem::path& file) {
  av_log_set_level(AV_LOG_QUIET);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "format_whitelist", "mov", 0);
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  AVFormatContext* opened = nullptr;
  const int code =
      avformat_open_input(&opened, ("file:" + file.string()).c_str(), nullptr, &options);
  av_dict_free(&options);
  if (code < 0) return error_at(file, ErrorCode::corrupt, "is no mp4, or its index is cut off");
  const std::unique_ptr<AVFormatContext, CloseInput> format(opened);
  const int telemetry = find_stream(*format, true);
  const int video = find_stream(*format, false);
  if (telemetry < 0) {
    return error_at(file, ErrorCode::unsupported,
                    "there is no telemetry track (gpmd) in it; `hearth ingest` reads the video");
  }
  if (video < 0) return error_at(file, ErrorCode::unsupported, "there is no video in it");
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    const bool wanted = static_cast<int>(i) == telemetry || static_cast<int>(i) == video;
    format->streams[i]->discard = wanted ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
  AVStream* const pictures = format->streams[video];
  const AVRational base = format->streams[telemetry]->time_base;
  std::vector<Packet> packets;
  std::int64_t first_picture = std::numeric_limits<std::int64_t>::max();
  int seen = 0;
  const std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
  int status = 0;
  while ((status = av_read_frame(format.get(), packet.get())) >= 0) {
    if (packet->stream_index == video && packet->pts != AV_NOPTS_VALUE) {
      const bool shown = (packet->flags & AV_PKT_FLAG_DISCARD) == 0;
      if (shown) first_picture = std::min(first_picture, packet->pts);
      if (++seen == kVideoPacketsLookedAt) pictures->discard = AVDISCARD_ALL;
    } else if (packet->stream_index == telemetry) {
      if (packet->pts == AV_NOPTS_VALUE || packet->duration <= 0 ||
          (packet->flags & AV_PKT_FLAG_CORRUPT) != 0) {
        return error_at(
            file, ErrorCode::corrupt,
            "telemetry packet " + std::to_string(packets.size()) + " has no time or is cut off");
      }
      packets.push_back({in_ns(packet->pts, base), in_ns(packet->duration, base),
                         std::string(reinterpret_cast<const char*>(packet->data),
                                     static_cast<std::size_t>(packet->size))});
    }
    av_packet_unref(packet.get());
  }
  if (status != AVERROR_EOF || seen == 0) {
    return error_at(file, ErrorCode::corrupt, "reading stopped before its end; copy it again");
  }
  const TimeNs zero_ns = in_ns(first_picture, pictures->time_base);
  for (Packet& p : packets) p.start_ns -= zero_ns;
  return packets;
}

}  // namespace hearth::gopro
