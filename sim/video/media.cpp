// SPDX-License-Identifier: Apache-2.0
#include "sim/video/media.h"

#include <algorithm>
#include <cstring>
#include <new>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace hearth::media {
namespace {

constexpr int kIoBufferBytes = 1 << 16;

MemoryFile& file_of(void* opaque) { return *static_cast<MemoryFile*>(opaque); }

int read_bytes(void* opaque, std::uint8_t* to, int count) {
  MemoryFile& file = file_of(opaque);
  const auto left = static_cast<std::int64_t>(file.bytes.size()) - file.position;
  if (left <= 0) {
    return AVERROR_EOF;
  }
  const auto n = static_cast<std::size_t>(std::min<std::int64_t>(left, count));
  std::memcpy(to, file.bytes.data() + file.position, n);
  file.position += static_cast<std::int64_t>(n);
  return static_cast<int>(n);
}

int write_bytes(void* opaque, std::uint8_t* from, int count) {
  MemoryFile& file = file_of(opaque);
  const auto end = static_cast<std::size_t>(file.position) + static_cast<std::size_t>(count);
  try {
    if (end > file.bytes.size()) {
      file.bytes.resize(end);
    }
  } catch (const std::bad_alloc&) {
    return AVERROR(ENOMEM);
  }
  std::memcpy(file.bytes.data() + file.position, from, static_cast<std::size_t>(count));
  file.position += count;
  return count;
}

std::int64_t seek_bytes(void* opaque, std::int64_t offset, int whence) {
  MemoryFile& file = file_of(opaque);
  const auto size = static_cast<std::int64_t>(file.bytes.size());
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size;
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += file.position;
      break;
    case SEEK_END:
      offset += size;
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (offset < 0) {
    return AVERROR(EINVAL);
  }
  return file.position = offset;
}

Error failed(const char* what, int code) {
  return {ErrorCode::infeasible, std::string(what) + ": " + error_text(code), {}};
}

}  // namespace

void FreeIo::operator()(AVIOContext* p) const {
  av_freep(&p->buffer);
  avio_context_free(&p);
}

void silence() { av_log_set_level(AV_LOG_QUIET); }

std::string error_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof(text));
  return text;
}

Packet make_packet() {
  Packet packet(av_packet_alloc());
  if (!packet) {
    throw std::bad_alloc();
  }
  return packet;
}

Frame make_frame() {
  Frame frame(av_frame_alloc());
  if (!frame) {
    throw std::bad_alloc();
  }
  return frame;
}

Io open_memory(MemoryFile& file, bool writable) {
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBufferBytes));
  if (buffer == nullptr) {
    throw std::bad_alloc();
  }
  Io io(avio_alloc_context(buffer, kIoBufferBytes, writable ? 1 : 0, &file, read_bytes, write_bytes,
                           seek_bytes));
  if (!io) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  return io;
}

MemoryMp4::MemoryMp4() : io_(open_memory(file_, true)) {
  AVFormatContext* format = nullptr;
  if (avformat_alloc_output_context2(&format, nullptr, "mp4", nullptr) < 0) {
    throw std::bad_alloc();
  }
  format_.reset(format);
  format->pb = io_.get();
  format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  // To put the index in front, the writer reads its own output again: hand it the same bytes.
  format->opaque = this;
  format->io_open = open_again;
  format->io_close2 = close_again;
}

MemoryMp4::~MemoryMp4() = default;

int MemoryMp4::open_again(AVFormatContext* format, AVIOContext** io, const char*, int,
                          AVDictionary**) {
  auto& self = *static_cast<MemoryMp4*>(format->opaque);
  self.reader_ = self.file_;
  self.reader_.position = 0;
  self.reader_io_ = open_memory(self.reader_, false);
  *io = self.reader_io_.get();
  return 0;
}

int MemoryMp4::close_again(AVFormatContext* format, AVIOContext*) {
  static_cast<MemoryMp4*>(format->opaque)->reader_io_.reset();
  return 0;
}

Result<Done> MemoryMp4::begin(std::int64_t tick_rate_hz, bool with_metadata) {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", with_metadata ? "+faststart+use_metadata_tags" : "+faststart",
              0);
  av_dict_set_int(&options, "video_track_timescale", tick_rate_hz, 0);
  const int code = avformat_write_header(format_.get(), &options);
  av_dict_free(&options);
  if (code < 0) {
    return failed("cannot begin the mp4", code);
  }
  return Done{};
}

Result<Done> MemoryMp4::write(AVPacket* packet, std::int64_t tick_rate_hz) {
  const AVStream* stream = format_->streams[0];
  packet->stream_index = 0;
  av_packet_rescale_ts(packet, AVRational{1, static_cast<int>(tick_rate_hz)}, stream->time_base);
  const int code = av_interleaved_write_frame(format_.get(), packet);
  if (code < 0) {
    return failed("cannot write a packet", code);
  }
  return Done{};
}

Result<std::string> MemoryMp4::end() {
  const int code = av_write_trailer(format_.get());
  if (code < 0) {
    return failed("cannot end the mp4", code);
  }
  avio_flush(io_.get());
  reader_.bytes.clear();
  return std::move(file_.bytes);
}

}  // namespace hearth::media
