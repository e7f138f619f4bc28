// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Nouns as JSON: `{"hearth": "<noun>", "version": 1, ...}`, keys equal to the C++ field names in
/// declaration order, floats shortest-exact, tables as .npy files beside it (`<stem>.<field>.npy`).
/// An unknown or missing key, a wrong noun or version is an error that names file and place.
/// Format: docs/formats.md.
///
/// Noun is one of CameraModel, Episode, Tracks, Contacts, Scene, HandTrajectory, ObjectTracks,
/// CameraPath, Task, Home, Truth, Humanoid, Motion, Rollout, Outcome, Variant, LedgerEntry, Ledger,
/// GapReport, Provenance, StageRecord, Summary, SensorStreams, Segments.

#include <hearth/core/result.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hearth {

struct Home;

/// Writes a noun to `file` (and its tables beside it), atomically, after validated().
///
/// @return what validated() or write_file() return.
template <class Noun>
[[nodiscard]] Result<Done> write_noun(const std::filesystem::path& file, const Noun& noun);

/// Reads a noun and its tables, and validates it.
///
/// @return not_found; corrupt for JSON or npy that does not follow the format, unknown keys, wrong
/// noun; unsupported for another version; invalid_argument for values out of range. `where` is
/// `file:/json/pointer`.
template <class Noun>
[[nodiscard]] Result<Noun> read_noun(const std::filesystem::path& file);

/// The same as one text without files; Noun has no tables.
template <class Noun>
[[nodiscard]] std::string text_from_noun(const Noun& noun);
template <class Noun>
[[nodiscard]] Result<Noun> noun_from_text(std::string_view text, const std::string& where);

/// Returns the noun's name on disk, for example "camera_model".
template <class Noun>
[[nodiscard]] std::string_view noun_name();

/// Writes a home as a folder: home.json (clip), scene.json, hands_left.json, hands_right.json,
/// object_tracks.json, camera_path.json, contacts.json, task.json.
[[nodiscard]] Result<Done> write_home(const std::filesystem::path& folder, const Home& home);
[[nodiscard]] Result<Home> read_home(const std::filesystem::path& folder);

}  // namespace hearth
