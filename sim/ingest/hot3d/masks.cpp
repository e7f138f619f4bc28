// SPDX-License-Identifier: Apache-2.0
#include "masks.h"

#include <vector>

#include "sim/ingest/foreign/csv_rows.h"

namespace hearth::hot3d {

Result<std::set<TimeNs>> read_mask(std::string_view csv, const std::string& file,
                                   const std::string& stream, Diagnostics& diagnostics) {
  foreign::CsvRows rows(csv, file);
  const int time = rows.column("timestamp[ns]");
  const int stream_id = rows.column("stream_id");
  const int mask = rows.column("mask");
  std::set<TimeNs> masked;
  while (rows.next()) {
    const TimeNs time_ns = rows.integer(time);
    const std::string_view value = rows.cell(mask);
    if (value != "True" && value != "False") {
      rows.fail(ErrorCode::corrupt, "a mask is True or False, not '" + std::string(value) + "'",
                mask);
    }
    if (rows.error()) break;
    if (value == "False" && rows.cell(stream_id) == stream) masked.insert(time_ns);
  }
  if (rows.error()) return *rows.error();
  const std::vector<std::string> known = {"timestamp[ns]", "stream_id", "mask"};
  rows.report_unknown(known, diagnostics);
  return masked;
}

}  // namespace hearth::hot3d
