// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text for HTML: escaping, numbers, plain words.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/data/camera.h>
#include <hearth/data/estimate.h>
#include <hearth/data/gap_report.h>
#include <hearth/data/stage_record.h>
#include <hearth/io/enum_names.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::report_text {

/// Returns text that is safe inside HTML elements and quoted attributes. Bytes that are no UTF-8
/// and control characters become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

/// Returns a number with so many decimals, independent of the locale; "-" for NaN and infinity.
[[nodiscard]] std::string fixed(double value, int decimals);
[[nodiscard]] std::string whole(std::int64_t value);

/// Returns a length in the unit that reads best: mm below 10 cm, cm below 1 m, else m.
[[nodiscard]] std::string length(double value_m);
/// Returns "value unit" with a sensible number of digits, lengths as length().
[[nodiscard]] std::string quantity(double value, const std::string& unit);

[[nodiscard]] std::string base64(std::string_view bytes);

/// Returns "word" or "words" to go with a count: counted(2, "frame") is "2 frames".
[[nodiscard]] std::string counted(std::int64_t count, const std::string& noun);

/// Returns snake_case as plain words: "not_lifted" is "not lifted".
[[nodiscard]] std::string words(std::string_view snake_case);

[[nodiscard]] std::string name_of(Source source);
[[nodiscard]] std::string name_of(IntrinsicsSource source);
using hearth::name_of;  // what files spell; the two above are plain words

/// What an estimand measures, in words a newcomer understands; its name in words if unknown.
[[nodiscard]] std::string estimand_title(const std::string& name);
/// What became of a proposal with this reason.
[[nodiscard]] std::string reason_title(const std::string& reason);

}  // namespace hearth::report_text
