// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Labels of EPIC-KITCHENS-100 and movements of HD-EPIC. Format: docs/formats/epic.md.

#include <hearth/ingest/import.h>

#include <filesystem>

namespace hearth {

/// Reads an EPIC_100 segment table (.csv) as Segments; of `ImportOptions::recording` alone where
/// that is given. Times are the hh:mm:ss.xx columns; frame numbers, which count at a rate of their
/// own, are not used.
///
/// @return not_found without the file or a row of the recording; corrupt with `file:line:column`;
/// unsupported, with the remedy, for pickles. Diagnostics: `column_ignored`.
[[nodiscard]] Result<Imported> import_epic(const std::filesystem::path& path,
                                           const ImportOptions& options, Diagnostics& diagnostics);

/// Reads HD-EPIC's assoc_info.json (or the folder that holds it): every movement of an object is a
/// Segment without a verb, `object_id` is its association. Masks and mask_info.json are not read.
///
/// @return not_found without the file or the recording; corrupt with `file:/json/pointer`.
[[nodiscard]] Result<Imported> import_hd_epic(const std::filesystem::path& path,
                                              const ImportOptions& options,
                                              Diagnostics& diagnostics);

}  // namespace hearth
