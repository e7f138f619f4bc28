// SPDX-License-Identifier: Apache-2.0
#include "report_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

namespace hearth::report_text {
namespace {

// Length of the valid UTF-8 sequence at the front, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool beyond = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const char c = text.front();
    if (length == 0 || (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') ||
        c == 0x7F) {
      out += "\xEF\xBF\xBD";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value) || std::abs(value) > 1e15) return "-";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, decimals);
  std::string out(buffer.data(), end.ptr);
  // A rounded "-0.0" would claim a sign that the number does not have.
  if (out.front() == '-' && out.find_first_of("123456789") == std::string::npos) out.erase(0, 1);
  return out;
}

std::string whole(std::int64_t value) { return std::to_string(value); }

std::string length(double value_m) {
  const double size = std::abs(value_m);
  if (size < 0.1) return fixed(1000.0 * value_m, size < 0.01 ? 1 : 0) + " mm";
  if (size < 1.0) return fixed(100.0 * value_m, 1) + " cm";
  return fixed(value_m, 2) + " m";
}

std::string quantity(double value, const std::string& unit) {
  if (unit == "m") return length(value);
  if (unit == "share" || unit == "1") return fixed(100.0 * value, 0) + " %";
  if (unit == "s") return fixed(value, 2) + " s";
  return fixed(value, std::abs(value) < 1.0 ? 3 : 2) + (unit.empty() ? "" : " " + unit);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(4 * ((bytes.size() + 2) / 3));
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= count ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return whole(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string words(std::string_view snake_case) {
  std::string out(snake_case);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string name_of(Source source) {
  constexpr std::array names{"unknown",
                             "measured in the recording",
                             "assumed from what is usual",
                             "given by the user",
                             "drawn at random",
                             "taken from ground truth",
                             "imported from elsewhere"};
  static_assert(names.size() == static_cast<std::size_t>(Source::imported) + 1);
  return names.at(static_cast<std::size_t>(source));
}

std::string name_of(IntrinsicsSource source) {
  constexpr std::array names{
      "unknown", "a calibration file", "the clip's own metadata",
      "a guess", "ground truth",       "estimated from the clip's own motion"};
  static_assert(names.size() == static_cast<std::size_t>(IntrinsicsSource::estimated) + 1);
  return names.at(static_cast<std::size_t>(source));
}

std::string estimand_title(const std::string& name) {
  static const std::map<std::string, std::string> titles = {
      {"success", "How often the chore succeeds"},
      {"object_path", "Where the object goes"},
      {"wrist_path", "Where the wrist goes"},
      {"contact_onset", "When the hand takes the object"},
      {"contact_release", "When the hand lets go"},
      {"duration", "How long the carry takes"},
  };
  const auto found = titles.find(name);
  return found == titles.end() ? words(name) : found->second;
}

std::string reason_title(const std::string& reason) {
  static const std::map<std::string, std::string> titles = {
      {"overlap", "things would stand inside each other"},
      {"off_support", "start or goal lies off its support"},
      {"unreachable", "the humanoid cannot reach it"},
      {"too_wide", "too wide for the hand"},
      {"unstable", "the object does not stand still at the start"},
      {"not_lifted", "the object was not lifted"},
      {"not_placed", "the object did not end at the goal"},
      {"tipped", "the object tipped over"},
      {"no_grasp_recorded", "the recording shows no grasp to copy"},
  };
  const auto found = titles.find(reason);
  return found == titles.end() ? words(reason) : found->second;
}

}  // namespace hearth::report_text
