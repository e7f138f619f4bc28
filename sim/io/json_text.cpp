// SPDX-License-Identifier: Apache-2.0
#include "json_text.h"

#include <algorithm>

namespace hearth {
namespace {

bool holds_object(const Json& json) {
  if (json.is_object()) return true;
  return json.is_array() && std::any_of(json.begin(), json.end(), holds_object);
}

void append(std::string& text, const Json& json, std::size_t depth) {
  if (!holds_object(json) || json.empty()) {
    text += json.dump();
    return;
  }
  const bool object = json.is_object();
  text += object ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text.append(depth + 1, ' ');
    if (object) text += Json(item.key()).dump() + ": ";
    append(text, item.value(), depth + 1);
  }
  text += '\n';
  text.append(depth, ' ');
  text += object ? '}' : ']';
}

}  // namespace

std::string text_from_json(const Json& json) {
  std::string text;
  append(text, json, 0);
  text += '\n';
  return text;
}

}  // namespace hearth
