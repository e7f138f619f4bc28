// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One list of fields per noun serves writing and reading: `fields(archive, noun)` names each field
/// once. JsonWriter turns it into JSON, JsonReader back, strictly.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/array.h>
#include <hearth/io/files.h>
#include <hearth/io/npy.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "json_text.h"

namespace hearth {

/// Specialised per enum: `static constexpr std::array names`, in the order of the values from 0.
template <class Enum>
struct EnumNames;

/// Specialised per struct that is an alternative of a std::variant: `static constexpr name`.
template <class T>
struct KindName;

template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

class JsonWriter {
 public:
  explicit JsonWriter(std::string stem) : stem_(std::move(stem)) {}

  template <class T>
  void operator()(const char* key, const T& value) {
    place_.push_back(key);
    Json item = json_from(value);
    place_.pop_back();
    json[key] = std::move(item);
  }

  Json json = Json::object();
  std::vector<std::pair<std::string, std::string>> files;  ///< npy name and bytes.
  std::optional<Error> error;

 private:
  template <class T>
  Json json_from(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return EnumNames<T>::names.at(static_cast<std::size_t>(value));
    } else if constexpr (std::is_same_v<T, double>) {
      if (!std::isfinite(value) && !error) {
        error = Error{ErrorCode::invalid_argument, "must be finite", pointer()};
      }
      return value;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else if constexpr (IsVariant<T>::value) {
      return std::visit(
          [this](const auto& alternative) { return this->json_from_kind(alternative); }, value);
    } else {
      return json_from_struct(value);
    }
  }
  template <class T>
  Json json_from_struct(const T& value) {
    Json outer = std::exchange(json, Json::object());
    fields(*this, const_cast<T&>(value));
    return std::exchange(json, std::move(outer));
  }
  template <class T>
  Json json_from_kind(const T& value) {
    Json item = {{"kind", KindName<T>::name}};
    item.update(json_from_struct(value));
    return item;
  }
  template <class List>
  Json json_from_list(const List& list) {
    Json items = Json::array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      place_.push_back(std::to_string(i));
      items.push_back(json_from(list[i]));
      place_.pop_back();
    }
    return items;
  }
  template <class T>
  Json json_from(const std::vector<T>& list) {
    return json_from_list(list);
  }
  template <class T, std::size_t N>
  Json json_from(const std::array<T, N>& list) {
    return json_from_list(list);
  }
  template <class T>
  Json json_from(const std::optional<T>& value) {
    return value ? json_from(*value) : Json(nullptr);
  }
  template <class T>
  Json json_from(const std::map<std::string, T>& map) {
    Json items = Json::object();
    for (const auto& [key, value] : map) items[key] = json_from(value);
    return items;
  }
  Json json_from(const Vec2& v) { return json_from(std::array{v.x, v.y}); }
  Json json_from(const Vec3& v) { return json_from(std::array{v.x, v.y, v.z}); }
  Json json_from(const Table& table) { return json_from_table(table); }
  Json json_from(const TableF32& table) { return json_from_table(table); }
  template <class T>
  Json json_from_table(const T& table) {
    std::string name = stem_;
    for (const std::string& part : place_) name += "." + part;
    name += ".npy";
    files.emplace_back(name, npy_from_table(table));
    return {{"npy", name}, {"rows", table.rows}, {"columns", table.columns}};
  }
  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (const std::string& part : place_) text += "/" + part;
    return text;
  }

  std::string stem_;
  std::vector<std::string> place_;
};

/// Reads strictly: the first failure is kept, everything after it is skipped.
class JsonReader {
 public:
  /// @param folder  Where .npy files lie; empty: tables are refused.
  JsonReader(const Json& json, std::filesystem::path folder, std::string file)
      : json_(&json), folder_(std::move(folder)), file_(std::move(file)) {}

  template <class T>
  void operator()(const char* key, T& value) {
    used_.push_back(key);
    const auto found = json_->find(key);
    if (found == json_->end())
      return fail(ErrorCode::corrupt, std::string("key '") + key + "' is missing");
    place_.push_back(key);
    read(*found, value);
    place_.pop_back();
  }

  /// Fails on keys that no field has claimed; `also` are allowed besides.
  void finish(const std::vector<std::string>& also = {}) {
    for (const auto& item : json_->items()) {
      const auto is = [&](const std::vector<std::string>& keys) {
        for (const std::string& key : keys) {
          if (key == item.key()) return true;
        }
        return false;
      };
      if (!is(used_) && !is(also)) {
        return fail(ErrorCode::corrupt,
                    "unknown key '" + item.key() +
                        "'; remove it or read the file with the version that wrote it");
      }
    }
  }

  void fail(ErrorCode code, const std::string& message) {
    if (error) return;
    std::string pointer;
    for (const std::string& part : place_) pointer += "/" + part;
    error = Error{code, message, file_ + ":" + (pointer.empty() ? "/" : pointer)};
  }

  std::optional<Error> error;

 private:
  template <class T>
  void read(const Json& json, T& value) {
    if constexpr (std::is_enum_v<T>) {
      read_enum(json, value);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return fail(ErrorCode::corrupt, "must be true or false");
      value = json.get<bool>();
    } else if constexpr (std::is_integral_v<T>) {
      read_integer(json, value);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!json.is_number()) return fail(ErrorCode::corrupt, "must be a number");
      value = json.get<T>();
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return fail(ErrorCode::corrupt, "must be a string");
      value = json.get<std::string>();
    } else if constexpr (IsVariant<T>::value) {
      read_variant(json, value);
    } else {
      read_struct(json, value, {});
    }
  }
  template <class T>
  void read_struct(const Json& json, T& value, const std::vector<std::string>& also) {
    if (!json.is_object()) return fail(ErrorCode::corrupt, "must be an object");
    const Json* outer = std::exchange(json_, &json);
    std::vector<std::string> outer_used = std::exchange(used_, {});
    fields(*this, value);
    finish(also);
    json_ = outer;
    used_ = std::move(outer_used);
  }
  template <class T>
  void read_integer(const Json& json, T& value) {
    if (!json.is_number_integer()) return fail(ErrorCode::corrupt, "must be a whole number");
    const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                : std::in_range<T>(json.get<std::int64_t>());
    if (!fits) return fail(ErrorCode::corrupt, "is out of range");
    value = json.get<T>();
  }
  template <class T>
  void read_enum(const Json& json, T& value) {
    const auto& names = EnumNames<T>::names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (json.is_string() && json.get<std::string>() == names[i]) {
        value = static_cast<T>(i);
        return;
      }
    }
    std::string known;
    for (const char* name : names) known += (known.empty() ? "" : ", ") + std::string(name);
    fail(ErrorCode::corrupt, "must be one of " + known);
  }
  template <class... T>
  void read_variant(const Json& json, std::variant<T...>& value) {
    if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string()) {
      return fail(ErrorCode::corrupt, "must be an object with a kind");
    }
    const std::string kind = json["kind"].template get<std::string>();
    const bool known = (read_if_kind<T>(json, kind, value) || ...);
    if (!known) fail(ErrorCode::corrupt, "unknown kind '" + kind + "'");
  }
  template <class T, class V>
  bool read_if_kind(const Json& json, const std::string& kind, V& value) {
    if (kind != KindName<T>::name) return false;
    T alternative;
    read_struct(json, alternative, {"kind"});
    value = std::move(alternative);
    return true;
  }
  template <class T>
  void read(const Json& json, std::vector<T>& list) {
    if (!json.is_array()) return fail(ErrorCode::corrupt, "must be a list");
    list.clear();
    for (std::size_t i = 0; i < json.size() && !error; ++i) {
      place_.push_back(std::to_string(i));
      T item{};
      read(json[i], item);
      list.push_back(std::move(item));
      place_.pop_back();
    }
  }
  template <class T, std::size_t N>
  void read(const Json& json, std::array<T, N>& list) {
    if (!json.is_array() || json.size() != N) {
      return fail(ErrorCode::corrupt, "must be a list of " + std::to_string(N));
    }
    for (std::size_t i = 0; i < N && !error; ++i) {
      place_.push_back(std::to_string(i));
      read(json[i], list[i]);
      place_.pop_back();
    }
  }
  template <class T>
  void read(const Json& json, std::optional<T>& value) {
    value.reset();
    if (json.is_null()) return;
    read(json, value.emplace());
  }
  template <class T>
  void read(const Json& json, std::map<std::string, T>& map) {
    if (!json.is_object()) return fail(ErrorCode::corrupt, "must be an object");
    map.clear();
    for (const auto& item : json.items()) {
      place_.push_back(item.key());
      T value{};
      read(item.value(), value);
      map.emplace(item.key(), std::move(value));
      place_.pop_back();
    }
  }
  void read(const Json& json, Vec2& v) {
    std::array<double, 2> list{};
    read(json, list);
    v = {list[0], list[1]};
  }
  void read(const Json& json, Vec3& v) {
    std::array<double, 3> list{};
    read(json, list);
    v = {list[0], list[1], list[2]};
  }
  void read(const Json& json, Table& table) {
    read_table(json, table,
               [](auto bytes, const auto& where) { return table_from_npy(bytes, where); });
  }
  void read(const Json& json, TableF32& table) {
    read_table(json, table,
               [](auto bytes, const auto& where) { return table_f32_from_npy(bytes, where); });
  }
  template <class T, class Parse>
  void read_table(const Json& json, T& table, const Parse& parse) {
    if (!json.is_object() || !json.contains("npy") || !json["npy"].is_string() ||
        !json.contains("rows") || !json.contains("columns") || json.size() != 3) {
      return fail(ErrorCode::corrupt, "must be {npy, rows, columns}");
    }
    const std::string name = json["npy"].get<std::string>();
    // A bare file name: a noun never reaches outside its own folder.
    if (name.empty() || name.find('/') != std::string::npos || folder_.empty()) {
      return fail(ErrorCode::corrupt, "npy must be a file name beside this file");
    }
    const Result<std::string> bytes = read_file(folder_ / name);
    if (!bytes) return fail(bytes.error().code, to_string(bytes.error()));
    Result<T> parsed = parse(*bytes, (folder_ / name).string());
    if (!parsed) return fail(parsed.error().code, to_string(parsed.error()));
    table = std::move(parsed).value();
    if (json["rows"] != table.rows || json["columns"] != table.columns) {
      fail(ErrorCode::corrupt, "rows and columns differ from those of " + name);
    }
  }

  const Json* json_;
  std::vector<std::string> used_;
  std::vector<std::string> place_;
  std::filesystem::path folder_;
  std::string file_;
};

}  // namespace hearth
