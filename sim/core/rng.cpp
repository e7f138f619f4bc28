// SPDX-License-Identifier: Apache-2.0
#include <Random123/philox.h>
#include <hearth/core/result.h>
#include <hearth/core/rng.h>

#include <cmath>
#include <numbers>

namespace hearth {
namespace {

// FNV-1a, 64 bit: names a stream by its text.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : text) {
    h = (h ^ static_cast<std::uint64_t>(static_cast<unsigned char>(c))) * 1099511628211ULL;
  }
  return h;
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint64_t unit, std::string_view stream) {
  key_[0] = static_cast<std::uint32_t>(seed);
  key_[1] = static_cast<std::uint32_t>(seed >> 32);
  // One more Philox pass folds unit and stream into 64 bits that no other pair shares in practice;
  // the other 64 bits of the counter run.
  r123::Philox4x32 philox;
  const std::uint64_t name = hash_of(stream);
  const r123::Philox4x32::ctr_type mixed =
      philox({{static_cast<std::uint32_t>(unit), static_cast<std::uint32_t>(unit >> 32),
               static_cast<std::uint32_t>(name), static_cast<std::uint32_t>(name >> 32)}},
             {{key_[0], key_[1]}});
  counter_[2] = mixed[0];
  counter_[3] = mixed[1];
}

std::uint32_t Rng::next_u32() {
  if (used_ == 4) {
    r123::Philox4x32 philox;
    const r123::Philox4x32::ctr_type out =
        philox({{counter_[0], counter_[1], counter_[2], counter_[3]}}, {{key_[0], key_[1]}});
    for (std::size_t i = 0; i < 4; ++i) block_[i] = out[i];
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t Rng::next_u64() {
  const std::uint64_t low = next_u32();
  return low | (static_cast<std::uint64_t>(next_u32()) << 32);
}

double Rng::uniform() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }

double Rng::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Rng::log_uniform(double low, double high) {
  require(low > 0.0 && low <= high, "log_uniform needs 0 < low <= high");
  return std::exp(uniform(std::log(low), std::log(high)));
}

double Rng::normal() {
  const double u = 1.0 - uniform();
  const double v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint64_t Rng::index(std::uint64_t n) {
  require(n >= 1, "index needs n >= 1");
  // Rejection keeps it exactly uniform.
  const std::uint64_t limit = ~0ULL - (~0ULL % n + 1) % n;
  for (;;) {
    const std::uint64_t draw = next_u64();
    if (draw <= limit) return draw % n;
  }
}

}  // namespace hearth
