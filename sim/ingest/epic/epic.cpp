// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/epic.h>
#include <hearth/io/files.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "quoted_csv.h"
#include "sim/ingest/foreign/text_rows.h"

namespace hearth {
namespace {

using epic::CsvRow;

constexpr const char* kName = "epic";
constexpr std::array kNeeded{"narration_id",   "video_id",  "start_timestamp",
                             "stop_timestamp", "narration", "verb",
                             "verb_class",     "noun",      "noun_class"};
// Parts of the format that hearth has no use for.
constexpr std::array kUnused{"participant_id", "narration_timestamp", "start_frame",
                             "stop_frame",     "all_nouns",           "all_noun_classes"};

using Columns = std::map<std::string, std::size_t>;

Result<Columns> columns_of(const CsvRow& header, const std::string& file,
                           Diagnostics& diagnostics) {
  Columns columns;
  std::string unknown;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string& name = header.cells[i];
    if (!columns.emplace(name, i).second) {
      return Error{ErrorCode::corrupt, "column " + name + " occurs twice", file + ":1"};
    }
    const auto is = [&](const char* known) { return name == known; };
    if (std::none_of(kNeeded.begin(), kNeeded.end(), is) &&
        std::none_of(kUnused.begin(), kUnused.end(), is)) {
      unknown += (unknown.empty() ? "" : ", ") + name;
    }
  }
  for (const char* name : kNeeded) {
    if (columns.count(name) == 0) {
      return Error{ErrorCode::corrupt, std::string("there is no column ") + name, file + ":1"};
    }
  }
  if (!unknown.empty()) {
    diagnostics.add(Severity::note, "column_ignored",
                    "columns that hearth does not know: " + unknown, file);
  }
  return columns;
}

/// hh:mm:ss.xx as nanoseconds.
std::optional<TimeNs> time_from(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto hours = foreign::whole_number(text.substr(0, first));
  const auto minutes = foreign::whole_number(text.substr(first + 1, second - first - 1));
  const auto seconds_ns = foreign::scaled_decimal(text.substr(second + 1), 9);
  if (!hours || !minutes || !seconds_ns) return std::nullopt;
  if (*hours < 0 || *hours > 10'000 || *minutes < 0 || *minutes > 59 || *seconds_ns < 0 ||
      *seconds_ns >= 60'000'000'000) {
    return std::nullopt;
  }
  return (*hours * 3600 + *minutes * 60) * 1'000'000'000 + *seconds_ns;
}

Result<Segment> segment_from(const CsvRow& row, const Columns& columns, const std::string& file) {
  const auto cell = [&](const char* name) -> const std::string& {
    return row.cells[columns.at(name)];
  };
  const auto wrong = [&](const char* name, const std::string& message) {
    return Error{ErrorCode::corrupt, "'" + cell(name) + "' " + message,
                 file + ":" + std::to_string(row.line) + ":" + name};
  };
  Segment segment;
  segment.id = cell("narration_id");
  segment.recording = cell("video_id");
  segment.narration = cell("narration");
  segment.verb = cell("verb");
  segment.noun = cell("noun");
  if (segment.id.empty()) return wrong("narration_id", "must not be empty");
  if (segment.recording.empty()) return wrong("video_id", "must not be empty");
  const auto start = time_from(cell("start_timestamp"));
  const auto stop = time_from(cell("stop_timestamp"));
  if (!start) return wrong("start_timestamp", "is no time hh:mm:ss.xx");
  if (!stop) return wrong("stop_timestamp", "is no time hh:mm:ss.xx");
  if (*stop <= *start) return wrong("stop_timestamp", "is not after the start");
  segment.start_ns = *start;
  segment.stop_ns = *stop;
  for (const auto& [name, value] : {std::pair{"verb_class", &segment.verb_class},
                                    std::pair{"noun_class", &segment.noun_class}}) {
    if (cell(name).empty()) continue;
    const auto number = foreign::whole_number(cell(name));
    if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) {
      return wrong(name, "is no class number");
    }
    *value = static_cast<int>(*number);
  }
  return segment;
}

}  // namespace

Result<Imported> import_epic(const std::filesystem::path& path, const ImportOptions& options,
                             Diagnostics& diagnostics) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return bytes.error();
  const std::string file = path.string();
  if (!bytes->empty() && bytes->front() == '\x80') {
    return Error{ErrorCode::unsupported,
                 "is a Python pickle, which can run programs when read; take the .csv of the same "
                 "name, or save it with pandas' to_csv",
                 file};
  }
  const Result<std::vector<CsvRow>> rows = epic::read_quoted_csv(*bytes, file);
  if (!rows) return rows.error();
  Diagnostics found;
  const Result<Columns> columns = columns_of(rows->front(), file, found);
  if (!columns) return columns.error();
  Imported imported;
  imported.segments.source = kName;
  std::map<std::string, std::int64_t> line_of;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const Result<Segment> segment = segment_from((*rows)[i], *columns, file);
    if (!segment) return segment.error();
    if (!line_of.emplace(segment->id, (*rows)[i].line).second) {
      return Error{ErrorCode::corrupt, "narration_id " + segment->id + " was there before",
                   file + ":" + std::to_string((*rows)[i].line) + ":narration_id"};
    }
    if (!options.recording.empty() && segment->recording != options.recording) continue;
    imported.segments.segments.push_back(*segment);
  }
  if (imported.segments.segments.empty()) {
    return Error{
        ErrorCode::not_found,
        options.recording.empty() ? "holds no segment" : "holds no segment of " + options.recording,
        file};
  }
  std::sort(imported.segments.segments.begin(), imported.segments.segments.end(),
            [](const Segment& a, const Segment& b) {
              return std::tie(a.recording, a.start_ns, a.stop_ns, a.id) <
                     std::tie(b.recording, b.start_ns, b.stop_ns, b.id);
            });
  Result<Segments> checked = validated(std::move(imported.segments));
  if (!checked) return Error{ErrorCode::corrupt, to_string(checked.error()), file};
  imported.segments = std::move(checked).value();
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
