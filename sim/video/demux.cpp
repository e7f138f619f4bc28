// SPDX-License-Identifier: Apache-2.0
#include "sim/video/demux.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/display.h>
}

namespace hearth::media {
namespace {

// Containers of recordings, and of sound so that a sound file is told apart from no media at all.
constexpr const char* kContainers =
    "mov,matroska,avi,mpegts,mpeg,ogg,flv,asf,mxf,ivf,gif,h264,hevc,m4v,mjpeg,"
    "wav,mp3,aac,flac,w64,aiff";

Error error_at(const std::filesystem::path& path, ErrorCode code, std::string message) {
  return {code, std::move(message), path.string()};
}

std::string kind_of(AVMediaType type) {
  switch (type) {
    case AVMEDIA_TYPE_VIDEO:
      return "video";
    case AVMEDIA_TYPE_AUDIO:
      return "audio";
    case AVMEDIA_TYPE_DATA:
      return "data";
    case AVMEDIA_TYPE_SUBTITLE:
      return "subtitle";
    default:
      return "other";
  }
}

Result<Input> open_input(const std::filesystem::path& path) {
  std::error_code io_error;
  const auto status = std::filesystem::status(path, io_error);
  if (!std::filesystem::exists(status)) {
    return error_at(path, ErrorCode::not_found, "there is no such file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return error_at(path, ErrorCode::invalid_argument, "not a file; give a video file");
  }
  if (std::filesystem::file_size(path, io_error) == 0) {
    return error_at(path, ErrorCode::corrupt, "the file is empty; copy it again");
  }
  AVDictionary* options = nullptr;
  av_dict_set(&options, "format_whitelist", kContainers, 0);
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  AVFormatContext* format = nullptr;
  const std::string url = "file:" + path.string();
  const int code = avformat_open_input(&format, url.c_str(), nullptr, &options);
  av_dict_free(&options);
  if (code == AVERROR(EACCES)) {
    return error_at(path, ErrorCode::invalid_argument, "the file may not be read");
  }
  if (code < 0) {
    return error_at(path, ErrorCode::corrupt,
                    "not a video file, or its index is cut off (" + error_text(code) +
                        "); copy it again or convert it to mp4");
  }
  Input input(format);
  if (const int found = avformat_find_stream_info(format, nullptr); found < 0) {
    return error_at(path, ErrorCode::corrupt, "cannot read its streams: " + error_text(found));
  }
  return input;
}

/// First video stream that is not a cover picture, or -1.
int video_stream(const AVFormatContext& format) {
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
        (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

bool has_sound(const AVFormatContext& format) {
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    if (format.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
      return true;
    }
  }
  return false;
}

Result<int> rotation_of(const std::filesystem::path& path, const AVStream& stream) {
  std::size_t bytes = 0;
  const auto* matrix = reinterpret_cast<const std::int32_t*>(
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes));
  if (matrix == nullptr || bytes < 9 * sizeof(std::int32_t)) {
    return 0;
  }
  const double determinant = static_cast<double>(matrix[0]) * static_cast<double>(matrix[4]) -
                             static_cast<double>(matrix[1]) * static_cast<double>(matrix[3]);
  const double counterclockwise_deg = av_display_rotation_get(matrix);
  const double turns = std::round(-counterclockwise_deg / 90.0);
  if (!(determinant > 0.0) || std::abs(turns * 90.0 + counterclockwise_deg) > 1.0) {
    return error_at(path, ErrorCode::unsupported,
                    "the picture is mirrored or turned by an odd angle; convert the clip upright");
  }
  return ((static_cast<int>(turns) % 4 + 4) % 4) * 90;
}

/// Reads all packets of the video stream into `out.frames`, sorted by presentation time.
Result<Done> read_packets(const std::filesystem::path& path, Demuxed& out) {
  const Packet packet = make_packet();
  AVStream* stream = out.format->streams[out.stream];
  std::int64_t packets = 0;
  int code = 0;
  while ((code = av_read_frame(out.format.get(), packet.get())) >= 0) {
    if (packet->stream_index == out.stream) {
      const std::int64_t pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
      if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0) {
        return error_at(
            path, ErrorCode::corrupt,
            "cut off or damaged in frame " + std::to_string(packets) + "; copy it again");
      }
      if (pts == AV_NOPTS_VALUE) {
        return error_at(path, ErrorCode::corrupt,
                        "frame " + std::to_string(packets) + " has no time; convert it to mp4");
      }
      ++packets;
      if ((packet->flags & AV_PKT_FLAG_DISCARD) == 0) {
        const std::int64_t dts = packet->dts != AV_NOPTS_VALUE ? packet->dts : pts;
        out.frames.push_back({pts, dts, (packet->flags & AV_PKT_FLAG_KEY) != 0});
      }
    }
    av_packet_unref(packet.get());
  }
  if (code != AVERROR_EOF) {
    return error_at(path, ErrorCode::corrupt,
                    "reading stopped after frame " + std::to_string(packets) + ": " +
                        error_text(code) + "; copy it again");
  }
  const int announced = avformat_index_get_entries_count(stream);
  if (announced > packets) {
    return error_at(path, ErrorCode::corrupt,
                    "cut off: " + std::to_string(packets) + " of " + std::to_string(announced) +
                        " frames are there; copy it again");
  }
  if (out.frames.empty()) {
    return error_at(path, ErrorCode::corrupt, "the video stream holds no frame");
  }
  std::sort(out.frames.begin(), out.frames.end(),
            [](const PacketTime& a, const PacketTime& b) { return a.pts < b.pts; });
  for (std::size_t i = 1; i < out.frames.size(); ++i) {
    if (out.frames[i].pts == out.frames[i - 1].pts) {
      return error_at(path, ErrorCode::corrupt,
                      "frames " + std::to_string(i - 1) + " and " + std::to_string(i) +
                          " have the same time; convert it to mp4");
    }
  }
  return Done{};
}

bool rate_is_constant(const std::vector<TimeNs>& times) {
  std::vector<TimeNs> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    gaps.push_back(times[i] - times[i - 1]);
  }
  if (gaps.empty()) {
    return true;
  }
  std::vector<TimeNs> sorted = gaps;
  std::sort(sorted.begin(), sorted.end());
  const double median = static_cast<double>(sorted[sorted.size() / 2]);
  return std::all_of(gaps.begin(), gaps.end(), [&](TimeNs gap) {
    return std::abs(static_cast<double>(gap) - median) <= 0.01 * median;
  });
}

/// A number in the container's or the stream's metadata, where there is one.
std::optional<double> metadata_number(const Demuxed& file, const char* key) {
  for (const AVDictionary* metadata :
       {file.format->metadata, file.format->streams[file.stream]->metadata}) {
    const AVDictionaryEntry* entry = av_dict_get(metadata, key, nullptr, 0);
    if (entry != nullptr) {
      char* end = nullptr;
      const double value = std::strtod(entry->value, &end);
      if (end != entry->value && std::isfinite(value) && value > 0.0) {
        return value;
      }
    }
  }
  return std::nullopt;
}

void describe(Demuxed& file, int rotation_deg) {
  const AVStream& stream = *file.format->streams[file.stream];
  VideoInfo& info = file.info;
  info.container = file.format->iformat->name;
  info.codec = avcodec_get_name(stream.codecpar->codec_id);
  info.width_px = stream.codecpar->width;
  info.height_px = stream.codecpar->height;
  info.rotation_deg = rotation_deg;
  if (rotation_deg % 180 != 0) {
    std::swap(info.width_px, info.height_px);
  }
  for (const PacketTime& frame : file.frames) {
    info.frame_time_ns.push_back(av_rescale_q(frame.pts - file.frames.front().pts, stream.time_base,
                                              AVRational{1, 1'000'000'000}));
  }
  info.constant_rate = rate_is_constant(info.frame_time_ns);
  const std::size_t count = info.frame_time_ns.size();
  if (stream.avg_frame_rate.num > 0 && stream.avg_frame_rate.den > 0) {
    info.nominal_rate_hz = av_q2d(stream.avg_frame_rate);
  } else if (count > 1) {
    info.nominal_rate_hz =
        static_cast<double>(count - 1) / seconds_from_ns(info.frame_time_ns.back());
  }
  for (unsigned i = 0; i < file.format->nb_streams; ++i) {
    const AVCodecParameters& codec = *file.format->streams[i]->codecpar;
    info.streams.push_back(
        {static_cast<int>(i), kind_of(codec.codec_type), avcodec_get_name(codec.codec_id)});
  }
  info.focal_length_35mm_equivalent_mm =
      metadata_number(file, "com.apple.quicktime.camera.focal_length.35mm_equivalent");
}

}  // namespace

Result<Demuxed> demux(const std::filesystem::path& path) {
  silence();
  Result<Input> input = open_input(path);
  if (!input) {
    return input.error();
  }
  Demuxed out;
  out.format = std::move(input).value();
  out.stream = video_stream(*out.format);
  if (out.stream < 0) {
    return has_sound(*out.format)
               ? error_at(path, ErrorCode::unsupported,
                          "there is only audio in it, no picture; give a video file")
               : error_at(path, ErrorCode::corrupt,
                          "holds no video stream, or its index is cut off; copy it again");
  }
  const AVStream& stream = *out.format->streams[out.stream];
  if (stream.codecpar->width <= 0 || stream.codecpar->height <= 0) {
    return error_at(path, ErrorCode::corrupt, "the picture size is missing; copy it again");
  }
  const Result<int> rotation = rotation_of(path, stream);
  if (!rotation) {
    return rotation.error();
  }
  if (const Result<Done> read = read_packets(path, out); !read) {
    return read.error();
  }
  describe(out, rotation.value());
  return out;
}

}  // namespace hearth::media
