// SPDX-License-Identifier: Apache-2.0
#include "json_place.h"

#include <cmath>

namespace hearth::foreign {

JsonText::JsonText(std::string_view text, std::string name) : name_(std::move(name)) {
  json_ = Json::parse(text, nullptr, false);
  if (json_.is_discarded()) fail(ErrorCode::corrupt, "this is no JSON, or it was cut off", "");
}

JsonPlace JsonText::root() { return {this, error_ ? nullptr : &json_, ""}; }

void JsonText::fail(ErrorCode code, std::string message, const std::string& pointer) {
  if (error_) return;
  error_ = Error{code, std::move(message), pointer.empty() ? name_ : name_ + ":" + pointer};
}

void JsonPlace::fail(ErrorCode code, std::string message) const {
  text_->fail(code, std::move(message), pointer_);
}

JsonPlace JsonPlace::operator[](const std::string& key) const {
  const std::string pointer = pointer_ + "/" + key;
  if (json_ == nullptr) return {text_, nullptr, pointer};
  if (!json_->is_object() || !json_->contains(key)) {
    text_->fail(ErrorCode::corrupt, "there is no such key", pointer);
    return {text_, nullptr, pointer};
  }
  return {text_, &(*json_)[key], pointer};
}

JsonPlace JsonPlace::operator[](std::size_t index) const {
  const std::string pointer = pointer_ + "/" + std::to_string(index);
  if (json_ == nullptr) return {text_, nullptr, pointer};
  if (!json_->is_array() || index >= json_->size()) {
    text_->fail(ErrorCode::corrupt, "there is no such element", pointer);
    return {text_, nullptr, pointer};
  }
  return {text_, &(*json_)[index], pointer};
}

bool JsonPlace::has(const std::string& key) const {
  return json_ != nullptr && json_->is_object() && json_->contains(key);
}

std::size_t JsonPlace::size() const {
  if (json_ == nullptr) return 0;
  if (json_->is_array()) return json_->size();
  fail(ErrorCode::corrupt, "must be a list");
  return 0;
}

std::vector<std::string> JsonPlace::keys() const {
  std::vector<std::string> names;
  if (json_ == nullptr) return names;
  if (!json_->is_object()) {
    fail(ErrorCode::corrupt, "must be an object");
    return names;
  }
  for (auto item = json_->begin(); item != json_->end(); ++item) names.push_back(item.key());
  return names;
}

double JsonPlace::number() const {
  if (json_ == nullptr) return 0.0;
  if (!json_->is_number() || !std::isfinite(json_->get<double>())) {
    fail(ErrorCode::corrupt, "must be a finite number");
    return 0.0;
  }
  return json_->get<double>();
}

std::int64_t JsonPlace::integer() const {
  if (json_ == nullptr) return 0;
  const bool fits = json_->is_number_integer() &&
                    !(json_->is_number_unsigned() &&
                      json_->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
  if (!fits) {
    fail(ErrorCode::corrupt, "must be a whole number of 64 bits");
    return 0;
  }
  return json_->get<std::int64_t>();
}

bool JsonPlace::boolean() const {
  if (json_ == nullptr) return false;
  if (!json_->is_boolean()) {
    fail(ErrorCode::corrupt, "must be true or false");
    return false;
  }
  return json_->get<bool>();
}

std::string JsonPlace::text() const {
  if (json_ == nullptr) return {};
  if (!json_->is_string()) {
    fail(ErrorCode::corrupt, "must be text");
    return {};
  }
  return json_->get<std::string>();
}

std::vector<double> JsonPlace::numbers(std::size_t count) const {
  std::vector<double> values(count, 0.0);
  if (json_ == nullptr) return values;
  if (!json_->is_array() || json_->size() != count) {
    fail(ErrorCode::corrupt, "must be a list of " + std::to_string(count) + " numbers");
    return values;
  }
  for (std::size_t i = 0; i < count; ++i) values[i] = (*this)[i].number();
  return values;
}

Vec3 JsonPlace::vec3() const {
  const std::vector<double> v = numbers(3);
  return {v[0], v[1], v[2]};
}

Quat JsonPlace::unit_quat(double w, double x, double y, double z) const {
  if (json_ == nullptr) return {};
  const double length = std::sqrt(w * w + x * x + y * y + z * z);
  if (!(std::abs(length - 1.0) <= 1e-3)) {
    fail(ErrorCode::corrupt, "the quaternion has norm " + std::to_string(length));
    return {};
  }
  return normalized(Quat{w, x, y, z});
}

Result<std::vector<std::string_view>> json_lines(std::string_view text, const std::string& file) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return Error{ErrorCode::corrupt,
                   "the file ends within a line; if it is whole, end it with "
                   "a line feed",
                   file + ":" + std::to_string(lines.size() + 1)};
    }
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace hearth::foreign
