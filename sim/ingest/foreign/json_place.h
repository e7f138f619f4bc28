// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// A place in a JSON text. Reads typed values; the first failure is kept with its JSON pointer and
/// later reads do nothing.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

using Json = nlohmann::json;

class JsonPlace;

/// A parsed text and the first failure of all its places.
class JsonText {
 public:
  /// `name` goes in front of the pointer: a file, or file:line.
  JsonText(std::string_view text, std::string name);
  [[nodiscard]] JsonPlace root();
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void fail(ErrorCode code, std::string message, const std::string& pointer);

 private:
  Json json_;
  std::string name_;
  std::optional<Error> error_{};
};

/// One value; cheap to copy, must not outlive its JsonText.
class JsonPlace {
 public:
  JsonPlace(JsonText* text, const Json* json, std::string pointer)
      : text_(text), json_(json), pointer_(std::move(pointer)) {}

  /// Member of an object; absent is `corrupt`.
  [[nodiscard]] JsonPlace operator[](const std::string& key) const;
  /// Element of a list; absent is `corrupt`.
  [[nodiscard]] JsonPlace operator[](std::size_t index) const;
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] bool is_null() const { return json_ == nullptr || json_->is_null(); }
  /// Length of a list; no list is `corrupt`.
  [[nodiscard]] std::size_t size() const;
  /// Keys of an object, sorted; no object is `corrupt`.
  [[nodiscard]] std::vector<std::string> keys() const;

  [[nodiscard]] double number() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::string text() const;
  /// A list of exactly `count` numbers.
  [[nodiscard]] std::vector<double> numbers(std::size_t count) const;
  /// A list of three numbers.
  [[nodiscard]] Vec3 vec3() const;
  /// w, x, y, z as a unit quaternion: refused where | |q| - 1 | > 1e-3, then normalised.
  [[nodiscard]] Quat unit_quat(double w, double x, double y, double z) const;
  void fail(ErrorCode code, std::string message) const;

 private:
  JsonText* text_;
  const Json* json_;
  std::string pointer_;
};

/// Cuts a .jsonl text into lines; the last must end with a line feed.
[[nodiscard]] Result<std::vector<std::string_view>> json_lines(std::string_view text,
                                                               const std::string& file);

}  // namespace hearth::foreign
