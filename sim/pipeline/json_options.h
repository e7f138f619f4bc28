// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <string>

namespace hearth {

/// Writes options as one JSON object on one line; numbers shortest-exact.
class OptionsJson {
 public:
  OptionsJson& text(const std::string& key, const std::string& value) {
    return raw(key, '"' + escaped(value) + '"');
  }
  OptionsJson& integer(const std::string& key, long long value) {
    return raw(key, std::to_string(value));
  }
  OptionsJson& number(const std::string& key, double value) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
    return raw(key, std::string(buffer, end.ptr));
  }
  OptionsJson& null(const std::string& key) { return raw(key, "null"); }
  [[nodiscard]] std::string str() const { return body_ + "}"; }

 private:
  OptionsJson& raw(const std::string& key, const std::string& value) {
    body_ += (body_.size() > 1 ? "," : "") + ('"' + escaped(key) + "\":") + value;
    return *this;
  }
  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
  }
  std::string body_ = "{";
};

}  // namespace hearth
