// SPDX-License-Identifier: Apache-2.0
#include <hearth/video/png.h>

#include <cstring>

#include "sim/video/media.h"

namespace hearth {
namespace {

/// Encodes rows of `row_bytes` bytes with FFmpeg's PNG encoder.
Result<std::string> encode(int width_px, int height_px, AVPixelFormat format,
                           const std::uint8_t* values, std::size_t row_bytes) {
  media::silence();
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (encoder == nullptr) {
    return Error{ErrorCode::unsupported, "FFmpeg was built without PNG", "png"};
  }
  const media::Codec codec(avcodec_alloc_context3(encoder));
  codec->width = width_px;
  codec->height = height_px;
  codec->pix_fmt = format;
  codec->time_base = AVRational{1, 1};
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_BITEXACT;
  const media::Frame frame = media::make_frame();
  frame->format = format;
  frame->width = width_px;
  frame->height = height_px;
  int code = avcodec_open2(codec.get(), encoder, nullptr);
  if (code >= 0) {
    code = av_frame_get_buffer(frame.get(), 0);
  }
  if (code >= 0) {
    for (int y = 0; y < height_px; ++y) {
      std::memcpy(frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0],
                  values + static_cast<std::size_t>(y) * row_bytes, row_bytes);
    }
    code = avcodec_send_frame(codec.get(), frame.get());
  }
  const media::Packet packet = media::make_packet();
  if (code >= 0) {
    code = avcodec_receive_packet(codec.get(), packet.get());
  }
  if (code < 0) {
    return Error{ErrorCode::infeasible, "cannot encode the PNG: " + media::error_text(code), {}};
  }
  return std::string(reinterpret_cast<const char*>(packet->data),
                     static_cast<std::size_t>(packet->size));
}

Error wrong_size(int width_px, int height_px, std::size_t count) {
  return {ErrorCode::invalid_argument,
          std::to_string(count) + " values do not make " + std::to_string(width_px) + "x" +
              std::to_string(height_px) + " pixels",
          "values"};
}

bool size_agrees(int width_px, int height_px, std::size_t count, std::size_t channels) {
  return width_px > 0 && height_px > 0 &&
         count ==
             channels * static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px);
}

}  // namespace

Result<std::string> png_bytes(const ImageRgb8& image) {
  if (!size_agrees(image.width_px, image.height_px, image.values.size(), 3)) {
    return wrong_size(image.width_px, image.height_px, image.values.size());
  }
  return encode(image.width_px, image.height_px, AV_PIX_FMT_RGB24, image.values.data(),
                3 * static_cast<std::size_t>(image.width_px));
}

Result<std::string> png16_bytes(int width_px, int height_px,
                                const std::vector<std::uint16_t>& values) {
  if (!size_agrees(width_px, height_px, values.size(), 1)) {
    return wrong_size(width_px, height_px, values.size());
  }
  std::vector<std::uint8_t> big_endian;
  big_endian.reserve(2 * values.size());
  for (const std::uint16_t value : values) {
    big_endian.push_back(static_cast<std::uint8_t>(value >> 8));
    big_endian.push_back(static_cast<std::uint8_t>(value & 0xff));
  }
  return encode(width_px, height_px, AV_PIX_FMT_GRAY16BE, big_endian.data(),
                2 * static_cast<std::size_t>(width_px));
}

}  // namespace hearth
