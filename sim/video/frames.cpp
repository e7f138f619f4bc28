// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/frames.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sim/video/demux.h"

namespace hearth {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{192} << 20;

/// Turns a picture clockwise by quarter turns.
ImageRgb8 turned(const ImageRgb8& in, int rotation_deg) {
  ImageRgb8 out;
  const bool swaps = rotation_deg % 180 != 0;
  out.width_px = swaps ? in.height_px : in.width_px;
  out.height_px = swaps ? in.width_px : in.height_px;
  out.values.resize(in.values.size());
  for (int y = 0; y < in.height_px; ++y) {
    for (int x = 0; x < in.width_px; ++x) {
      int to_x = x;
      int to_y = y;
      if (rotation_deg == 90) {
        to_x = in.height_px - 1 - y;
        to_y = x;
      } else if (rotation_deg == 180) {
        to_x = in.width_px - 1 - x;
        to_y = in.height_px - 1 - y;
      } else if (rotation_deg == 270) {
        to_x = y;
        to_y = in.width_px - 1 - x;
      }
      const auto from = static_cast<std::size_t>(y * in.width_px + x) * 3;
      const auto to = static_cast<std::size_t>(to_y * out.width_px + to_x) * 3;
      std::copy_n(&in.values[from], 3, &out.values[to]);
    }
  }
  return out;
}

/// The old "J" formats are ordinary ones with full range.
std::pair<AVPixelFormat, bool> plain_format(AVPixelFormat format, AVColorRange range) {
  const bool full = range == AVCOL_RANGE_JPEG;
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return {AV_PIX_FMT_YUV420P, true};
    case AV_PIX_FMT_YUVJ422P:
      return {AV_PIX_FMT_YUV422P, true};
    case AV_PIX_FMT_YUVJ444P:
      return {AV_PIX_FMT_YUV444P, true};
    default:
      return {format, full};
  }
}

int matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return SWS_CS_ITU601;
    default:
      return frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

class Decoder {
 public:
  Decoder(std::filesystem::path path, media::Demuxed file, int rotation_deg)
      : path_(std::move(path)),
        file_(std::move(file)),
        rotation_deg_(rotation_deg),
        packet_(media::make_packet()),
        frame_(media::make_frame()) {
    const std::size_t bytes = 3 * static_cast<std::size_t>(file_.info.width_px) *
                              static_cast<std::size_t>(file_.info.height_px);
    kept_frames_ = static_cast<int>(std::clamp<std::size_t>(kKeptBytes / bytes, 2, 4096));
  }

  Result<Done> open() {
    const AVCodecParameters* parameters = stream().codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters->codec_id);
    if (codec == nullptr) {
      return failure(ErrorCode::unsupported,
                     "no decoder for codec " + file_.info.codec + "; convert the clip to H.264");
    }
    codec_.reset(avcodec_alloc_context3(codec));
    if (!codec_ || avcodec_parameters_to_context(codec_.get(), parameters) < 0) {
      return failure(ErrorCode::corrupt, "the codec's set-up cannot be read");
    }
    codec_->thread_count = 1;
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    codec_->pkt_timebase = stream().time_base;
    if (const int code = avcodec_open2(codec_.get(), codec, nullptr); code < 0) {
      return failure(ErrorCode::corrupt, "the decoder refuses it: " + media::error_text(code));
    }
    return Done{};
  }

  Result<ImageRgb8> read(int index) {
    if (index < 0 || index >= frame_count()) {
      return failure(ErrorCode::invalid_argument,
                     "frame " + std::to_string(index) + " of " + std::to_string(frame_count()));
    }
    if (const auto kept = kept_.find(index); kept != kept_.end()) {
      return kept->second;
    }
    // Decoding on is cheaper than jumping unless a keyframe lies between here and there.
    const int key = keyframe_before(index);
    if (!next_ || index < *next_ || key > *next_) {
      if (const Result<Done> jumped = jump_to(key); !jumped) {
        return jumped.error();
      }
    }
    for (;;) {
      const Result<std::optional<int>> decoded = decode_next();
      if (!decoded) {
        return decoded.error();
      }
      if (!decoded.value() || *decoded.value() > index) {
        return failure(ErrorCode::corrupt,
                       "frame " + std::to_string(index) + " does not decode; copy the clip again");
      }
      const int at = *decoded.value();
      next_ = at + 1;
      if (at <= index - kept_frames_) {
        continue;
      }
      Result<ImageRgb8> image = convert();
      if (!image) {
        return image.error();
      }
      keep(at, image.value());
      if (at == index) {
        return image;
      }
    }
  }

 private:
  [[nodiscard]] int frame_count() const { return static_cast<int>(file_.frames.size()); }
  [[nodiscard]] AVStream& stream() const { return *file_.format->streams[file_.stream]; }
  [[nodiscard]] Error failure(ErrorCode code, std::string message) const {
    return {code, std::move(message), path_.string()};
  }

  [[nodiscard]] int keyframe_before(int index) const {
    while (index > 0 && !file_.frames[static_cast<std::size_t>(index)].key) {
      --index;
    }
    return index;
  }

  Result<Done> jump_to(int key) {
    const std::int64_t dts = file_.frames[static_cast<std::size_t>(key)].dts;
    const int code = av_seek_frame(file_.format.get(), file_.stream, dts, AVSEEK_FLAG_BACKWARD);
    if (code < 0) {
      return failure(ErrorCode::corrupt,
                     "cannot go to frame " + std::to_string(key) + ": " + media::error_text(code));
    }
    avcodec_flush_buffers(codec_.get());
    draining_ = false;
    next_.reset();
    return Done{};
  }

  /// Decodes one shown frame into frame_ and returns its index, or nothing at the end.
  Result<std::optional<int>> decode_next() {
    for (;;) {
      const int code = avcodec_receive_frame(codec_.get(), frame_.get());
      if (code == 0) {
        if (const std::optional<int> index = index_of(*frame_)) {
          return index;
        }
        continue;  // Led in by an edit list: decoded, not shown.
      }
      if (code == AVERROR_EOF) {
        return std::optional<int>();
      }
      if (code != AVERROR(EAGAIN)) {
        return failure(ErrorCode::corrupt, "a frame does not decode: " + media::error_text(code));
      }
      if (const Result<Done> fed = feed(); !fed) {
        return fed.error();
      }
    }
  }

  Result<Done> feed() {
    for (;;) {
      const int code = av_read_frame(file_.format.get(), packet_.get());
      if (code == AVERROR_EOF && !draining_) {
        draining_ = true;
        avcodec_send_packet(codec_.get(), nullptr);
        return Done{};
      }
      if (code < 0) {
        return failure(ErrorCode::corrupt, "reading stopped: " + media::error_text(code));
      }
      if (packet_->stream_index != file_.stream) {
        av_packet_unref(packet_.get());
        continue;
      }
      const int sent = avcodec_send_packet(codec_.get(), packet_.get());
      av_packet_unref(packet_.get());
      if (sent < 0 && sent != AVERROR_INVALIDDATA) {
        return failure(ErrorCode::corrupt, "a packet does not decode: " + media::error_text(sent));
      }
      return Done{};
    }
  }

  [[nodiscard]] std::optional<int> index_of(const AVFrame& frame) const {
    const std::int64_t pts = frame.pts != AV_NOPTS_VALUE ? frame.pts : frame.best_effort_timestamp;
    const auto found =
        std::lower_bound(file_.frames.begin(), file_.frames.end(), pts,
                         [](const media::PacketTime& a, std::int64_t b) { return a.pts < b; });
    if (found == file_.frames.end() || found->pts != pts) {
      return std::nullopt;
    }
    return static_cast<int>(found - file_.frames.begin());
  }

  Result<ImageRgb8> convert() {
    const AVCodecParameters& expected = *stream().codecpar;
    if (frame_->width != expected.width || frame_->height != expected.height) {
      return failure(ErrorCode::corrupt,
                     "the picture size changes to " + std::to_string(frame_->width) + "x" +
                         std::to_string(frame_->height) + "; convert the clip to one size");
    }
    const auto [format, full_range] =
        plain_format(static_cast<AVPixelFormat>(frame_->format), frame_->color_range);
    scaler_.reset(sws_getCachedContext(
        scaler_.release(), frame_->width, frame_->height, format, frame_->width, frame_->height,
        AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT,
        nullptr, nullptr, nullptr));
    if (!scaler_) {
      return failure(ErrorCode::unsupported, "its pixel format cannot be converted");
    }
    sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(matrix_of(*frame_)),
                             full_range ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16,
                             1 << 16);
    ImageRgb8 image;
    image.width_px = frame_->width;
    image.height_px = frame_->height;
    // The converter may write past the last row in whole vectors.
    image.values.resize(3 * static_cast<std::size_t>(image.width_px * image.height_px) + 64);
    std::uint8_t* rows[1] = {image.values.data()};
    const int strides[1] = {3 * image.width_px};
    if (sws_scale(scaler_.get(), frame_->data, frame_->linesize, 0, frame_->height, rows,
                  strides) != frame_->height) {
      return failure(ErrorCode::corrupt, "a frame cannot be converted to RGB");
    }
    image.values.resize(3 * static_cast<std::size_t>(image.width_px * image.height_px));
    return rotation_deg_ == 0 ? image : turned(image, rotation_deg_);
  }

  void keep(int index, const ImageRgb8& image) {
    kept_[index] = image;
    while (static_cast<int>(kept_.size()) > kept_frames_) {
      // What lies farthest from here is needed last.
      const bool first_is_farther = index - kept_.begin()->first > kept_.rbegin()->first - index;
      kept_.erase(first_is_farther ? kept_.begin() : std::prev(kept_.end()));
    }
  }

  std::filesystem::path path_;
  media::Demuxed file_;
  int rotation_deg_ = 0;
  media::Packet packet_;
  media::Frame frame_;
  media::Codec codec_;
  media::Scaler scaler_;
  std::optional<int> next_;  ///< Index of the frame that the decoder gives next.
  bool draining_ = false;
  int kept_frames_ = 2;
  std::map<int, ImageRgb8> kept_;
};

}  // namespace

Result<FrameSource> open_frames(const std::filesystem::path& path, int rotation_deg) {
  if (rotation_deg != 0 && rotation_deg != 90 && rotation_deg != 180 && rotation_deg != 270) {
    return Error{ErrorCode::invalid_argument,
                 "must be 0, 90, 180 or 270, not " + std::to_string(rotation_deg), "rotation_deg"};
  }
  Result<media::Demuxed> file = media::demux(path);
  if (!file) {
    return file.error();
  }
  auto decoder = std::make_shared<Decoder>(path, std::move(file).value(), rotation_deg);
  if (const Result<Done> opened = decoder->open(); !opened) {
    return opened.error();
  }
  return FrameSource([decoder](int frame) { return decoder->read(frame); });
}

}  // namespace hearth
