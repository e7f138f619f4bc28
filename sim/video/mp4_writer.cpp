// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/opt.h>
}

#include <hearth/video/mp4.h>

#include "sim/video/media.h"

namespace hearth {

struct Mp4Writer::State {
  media::MemoryMp4 file;
  media::Codec codec;
  media::Scaler scaler;
  media::Frame frame;
  media::Packet packet;
  std::int64_t tick_rate_hz = 0;
  std::int64_t next_pts = 0;
  std::deque<std::int64_t> ticks;  ///< Durations of frames whose packet has not come out yet.
  bool finished = false;

  Result<Done> begin(int width_px, int height_px, const Mp4Options& options);
  Result<Done> fill(const ImageRgb8& image);
  Result<Done> drain();
};

namespace {

Error failed(const char* what, int code) {
  return {ErrorCode::infeasible, std::string(what) + ": " + media::error_text(code), {}};
}

Error bad_option(const char* name, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), name};
}

// x264 prints by itself about a preset it does not know, so it never sees one.
constexpr std::array<std::string_view, 9> kPresets = {
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"};

void tag_colours(AVCodecContext& codec) {
  codec.color_range = AVCOL_RANGE_MPEG;
  codec.color_primaries = AVCOL_PRI_SMPTE170M;
  codec.color_trc = AVCOL_TRC_SMPTE170M;
  codec.colorspace = AVCOL_SPC_SMPTE170M;
}

}  // namespace

Result<Done> Mp4Writer::State::begin(int width_px, int height_px, const Mp4Options& options) {
  const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
  if (encoder == nullptr) {
    return Error{ErrorCode::unsupported, "FFmpeg was built without x264", "libx264"};
  }
  tick_rate_hz = kMp4TicksPerFrame * options.rate_hz;
  codec.reset(avcodec_alloc_context3(encoder));
  codec->width = width_px;
  codec->height = height_px;
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->time_base = AVRational{1, static_cast<int>(tick_rate_hz)};
  codec->framerate = AVRational{options.rate_hz, 1};
  codec->gop_size = options.keyframe_interval;
  codec->max_b_frames = 0;
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  tag_colours(*codec);
  av_opt_set(codec->priv_data, "preset", options.preset.c_str(), 0);
  av_opt_set_double(codec->priv_data, "crf", options.crf, 0);
  // x264's macroblock tree reads memory that it never wrote at small sizes: the same pictures gave
  // up to five different files.
  av_opt_set(codec->priv_data, "x264-params", "mbtree=0", 0);
  if (const int code = avcodec_open2(codec.get(), encoder, nullptr); code < 0) {
    return failed("the encoder refuses its options", code);
  }
  AVStream* stream = avformat_new_stream(file.format(), nullptr);
  avcodec_parameters_from_context(stream->codecpar, codec.get());
  stream->time_base = codec->time_base;
  stream->avg_frame_rate = codec->framerate;
  if (options.rotation_deg != 0) {
    auto* matrix = reinterpret_cast<std::int32_t*>(
        av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t)));
    av_display_rotation_set(matrix, options.rotation_deg);
  }
  for (const auto& [key, value] : options.metadata) {
    av_dict_set(&file.format()->metadata, key.c_str(), value.c_str(), 0);
  }
  frame = media::make_frame();
  frame->format = codec->pix_fmt;
  frame->width = width_px;
  frame->height = height_px;
  packet = media::make_packet();
  scaler.reset(sws_getContext(width_px, height_px, AV_PIX_FMT_RGB24, width_px, height_px,
                              AV_PIX_FMT_YUV420P, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT,
                              nullptr, nullptr, nullptr));
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(SWS_CS_DEFAULT), 1,
                           sws_getCoefficients(SWS_CS_ITU601), 0, 0, 1 << 16, 1 << 16);
  return file.begin(tick_rate_hz, !options.metadata.empty());
}

Result<Done> Mp4Writer::State::fill(const ImageRgb8& image) {
  // The encoder may still hold the last buffer.
  av_frame_unref(frame.get());
  frame->format = codec->pix_fmt;
  frame->width = codec->width;
  frame->height = codec->height;
  if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) {
    return failed("no memory for a frame", code);
  }
  frame->color_range = codec->color_range;
  frame->colorspace = codec->colorspace;
  const std::uint8_t* rows[1] = {image.values.data()};
  const int strides[1] = {3 * image.width_px};
  sws_scale(scaler.get(), rows, strides, 0, image.height_px, frame->data, frame->linesize);
  return Done{};
}

Result<Done> Mp4Writer::State::drain() {
  for (;;) {
    const int code = avcodec_receive_packet(codec.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
      return Done{};
    }
    if (code < 0) {
      return failed("the encoder failed", code);
    }
    packet->dts = packet->pts;
    packet->duration = ticks.front();
    ticks.pop_front();
    if (const Result<Done> written = file.write(packet.get(), tick_rate_hz); !written) {
      return written;
    }
  }
}

Mp4Writer::Mp4Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Mp4Writer::~Mp4Writer() = default;
Mp4Writer::Mp4Writer(Mp4Writer&&) noexcept = default;
Mp4Writer& Mp4Writer::operator=(Mp4Writer&&) noexcept = default;

Result<Done> Mp4Writer::add(const ImageRgb8& frame, std::int64_t ticks) {
  require(state_ != nullptr && !state_->finished, "the mp4 is open");
  State& state = *state_;
  if (frame.width_px != state.codec->width || frame.height_px != state.codec->height ||
      frame.values.size() != 3 * static_cast<std::size_t>(frame.width_px * frame.height_px)) {
    return bad_option("frame", "must be " + std::to_string(state.codec->width) + "x" +
                                   std::to_string(state.codec->height) + " pixels, not " +
                                   std::to_string(frame.width_px) + "x" +
                                   std::to_string(frame.height_px));
  }
  if (ticks < 1) {
    return bad_option("ticks", "must be at least 1, not " + std::to_string(ticks));
  }
  if (const Result<Done> filled = state.fill(frame); !filled) {
    return filled;
  }
  state.frame->pts = state.next_pts;
  state.next_pts += ticks;
  state.ticks.push_back(ticks);
  if (const int code = avcodec_send_frame(state.codec.get(), state.frame.get()); code < 0) {
    return failed("the encoder refuses a frame", code);
  }
  return state.drain();
}

Result<std::string> Mp4Writer::finish() {
  require(state_ != nullptr && !state_->finished, "the mp4 is open");
  State& state = *state_;
  if (state.next_pts == 0) {
    return bad_option("frames", "an mp4 needs at least one frame");
  }
  state.finished = true;
  avcodec_send_frame(state.codec.get(), nullptr);
  if (const Result<Done> drained = state.drain(); !drained) {
    return drained.error();
  }
  return state.file.end();
}

Result<Mp4Writer> make_mp4_writer(int width_px, int height_px, const Mp4Options& options) {
  if (width_px < 2 || height_px < 2 || width_px % 2 != 0 || height_px % 2 != 0 ||
      width_px > 16384 || height_px > 16384) {
    return bad_option("size", "must be even and 2 to 16384 pixels, not " +
                                  std::to_string(width_px) + "x" + std::to_string(height_px));
  }
  if (options.rate_hz < 1 || options.rate_hz > 1000) {
    return bad_option("rate_hz", "must be 1 to 1000, not " + std::to_string(options.rate_hz));
  }
  if (options.crf < 0 || options.crf > 51) {
    return bad_option("crf", "must be 0 to 51, not " + std::to_string(options.crf));
  }
  if (std::find(kPresets.begin(), kPresets.end(), options.preset) == kPresets.end()) {
    return bad_option("preset", "x264 has no preset " + options.preset);
  }
  if (options.keyframe_interval < 1) {
    return bad_option("keyframe_interval", "must be at least 1");
  }
  if (options.rotation_deg < 0 || options.rotation_deg > 270 || options.rotation_deg % 90 != 0) {
    return bad_option("rotation_deg", "must be 0, 90, 180 or 270");
  }
  media::silence();
  auto state = std::make_unique<Mp4Writer::State>();
  if (const Result<Done> begun = state->begin(width_px, height_px, options); !begun) {
    return begun.error();
  }
  return Mp4Writer(std::move(state));
}

}  // namespace hearth
