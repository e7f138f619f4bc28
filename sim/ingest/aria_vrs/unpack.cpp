// SPDX-License-Identifier: Apache-2.0
#include "unpack.h"

#include <lz4frame.h>
#include <zstd.h>

namespace hearth::vrs {
namespace {

/// Decoder state that is freed on every way out.
struct Lz4Context {
  LZ4F_dctx* context = nullptr;
  Lz4Context() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) {
      context = nullptr;
    }
  }
  ~Lz4Context() { LZ4F_freeDecompressionContext(context); }
  Lz4Context(const Lz4Context&) = delete;
  Lz4Context& operator=(const Lz4Context&) = delete;
};

bool unpack_lz4(std::string_view packed, std::string& out) {
  const Lz4Context state;
  require(state.context != nullptr, "lz4 starts");
  std::size_t from = 0;
  std::size_t to = 0;
  for (;;) {
    std::size_t in_bytes = packed.size() - from;
    std::size_t out_bytes = out.size() - to;
    const std::size_t hint = LZ4F_decompress(state.context, out.data() + to, &out_bytes,
                                             packed.data() + from, &in_bytes, nullptr);
    if (LZ4F_isError(hint) != 0) return false;
    from += in_bytes;
    to += out_bytes;
    if (hint == 0) return from == packed.size() && to == out.size();
    if (in_bytes == 0 && out_bytes == 0) return false;
  }
}

}  // namespace

Result<std::string> unpack(std::string_view packed, int compression, std::size_t size,
                           const std::string& where) {
  std::string out(size, '\0');
  bool good = false;
  if (compression == 1) {
    good = unpack_lz4(packed, out);
  } else if (compression == 2) {
    good = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size()) == size;
  } else {
    return Error{ErrorCode::unsupported,
                 "records are packed by method " + std::to_string(compression), where};
  }
  if (!good) return Error{ErrorCode::corrupt, "the packed record is damaged", where};
  return out;
}

}  // namespace hearth::vrs
