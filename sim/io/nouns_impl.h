// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// write_noun() and read_noun() on top of a noun's field list. Included by the .cpp files that
/// instantiate them.

#include <hearth/io/nouns.h>

#include <utility>

#include "archive.h"

namespace hearth {

inline constexpr int kNounVersion = 1;

template <class Noun>
struct NounName;

template <class Noun>
std::string_view noun_name() {
  return NounName<Noun>::name;
}

namespace noun_io {

template <class Noun>
Json head() {
  return {{"hearth", NounName<Noun>::name}, {"version", kNounVersion}};
}

template <class Noun>
void write_fields(JsonWriter& writer, const Noun& noun) {
  fields(writer, const_cast<Noun&>(noun));
  Json json = head<Noun>();
  json.update(writer.json);
  writer.json = std::move(json);
}

template <class Noun>
Result<Noun> from_text(std::string_view text, const std::filesystem::path& folder,
                       const std::string& where) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& failure) {
    return Error{ErrorCode::corrupt, "is not JSON",
                 where + ": byte " + std::to_string(failure.byte)};
  }
  if (!json.is_object() || !json.contains("hearth") || json["hearth"] != NounName<Noun>::name) {
    return Error{ErrorCode::corrupt,
                 std::string("must be a hearth file of kind '") + NounName<Noun>::name + "'",
                 where + ":/hearth"};
  }
  if (!json.contains("version") || json["version"] != kNounVersion) {
    return Error{ErrorCode::unsupported,
                 "this hearth reads version " + std::to_string(kNounVersion) +
                     "; use the hearth that wrote the file",
                 where + ":/version"};
  }
  JsonReader reader(json, folder, where);
  Noun noun;
  fields(reader, noun);
  reader.finish({"hearth", "version"});
  if (reader.error) return *reader.error;
  Result<Noun> checked = validated(std::move(noun));
  if (checked) return checked;
  Error error = checked.error();
  error.where = where + ":" + error.where;
  return error;
}

}  // namespace noun_io

template <class Noun>
Result<Done> write_noun(const std::filesystem::path& file, const Noun& noun) {
  const Result<Noun> checked = validated(noun);
  if (!checked) {
    Error error = checked.error();
    error.where = file.string() + ":" + error.where;
    return error;
  }
  JsonWriter writer(file.stem().string());
  noun_io::write_fields(writer, noun);
  if (writer.error) return *writer.error;
  // Tables first: a JSON file never names a table that is not there yet.
  for (const auto& [name, bytes] : writer.files) {
    if (Result<Done> done = write_file(file.parent_path() / name, bytes); !done) return done;
  }
  return write_file(file, text_from_json(writer.json));
}

template <class Noun>
Result<Noun> read_noun(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return text.error();
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  return noun_io::from_text<Noun>(*text, folder, file.string());
}

template <class Noun>
std::string text_from_noun(const Noun& noun) {
  JsonWriter writer("");
  noun_io::write_fields(writer, noun);
  require(writer.files.empty(), "text_from_noun needs a noun without tables");
  return text_from_json(writer.json);
}

template <class Noun>
Result<Noun> noun_from_text(std::string_view text, const std::string& where) {
  return noun_io::from_text<Noun>(text, {}, where);
}

}  // namespace hearth

#define HEARTH_NOUN_NAME(Noun, text)          \
  template <>                                 \
  struct hearth::NounName<Noun> {             \
    static constexpr const char* name = text; \
  };

#define HEARTH_NOUN_FILES(Noun)                                                          \
  template std::string_view hearth::noun_name<Noun>();                                   \
  template hearth::Result<hearth::Done> hearth::write_noun(const std::filesystem::path&, \
                                                           const Noun&);                 \
  template hearth::Result<Noun> hearth::read_noun(const std::filesystem::path&);

#define HEARTH_NOUN(Noun)                                   \
  HEARTH_NOUN_FILES(Noun)                                   \
  template std::string hearth::text_from_noun(const Noun&); \
  template hearth::Result<Noun> hearth::noun_from_text(std::string_view, const std::string&);
