// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// One proposal as a folder that is there whole or not at all.
///
/// unit.json   {"hearth":"unit","version":1,"key":...}; written last
/// entry.json  the LedgerEntry (episode_index 0 stands for "accepted, not yet numbered")
/// and, if accepted: rollout.json with its tables, model.xml, <camera>.mp4,
/// <camera>.statistics.json, and on request <camera>_depth/ and <camera>_bodies/.

#include <hearth/core/result.h>
#include <hearth/data/home.h>
#include <hearth/data/humanoid.h>
#include <hearth/data/ledger.h>
#include <hearth/data/variant.h>
#include <hearth/synthesize/synthesize.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace hearth {

/// A unit that is on disk.
struct Unit {
  LedgerEntry entry{};
  bool reused = false;    ///< It was found finished.
  bool replaced = false;  ///< One of another key was there.
};

/// What all units share.
struct UnitContext {
  const Home& home;  ///< With a room camera.
  const Humanoid& humanoid;
  const SynthesizeOptions& options;
  std::filesystem::path units{};  ///< Folder of all units.
  std::string shared_key{};       ///< See shared_key().
};

/// Returns the hash of all that every unit depends on: home, humanoid, options that show, version.
[[nodiscard]] std::string shared_key(const Home& home, const Humanoid& humanoid,
                                     const SynthesizeOptions& options);

/// Returns the unit's folder.
[[nodiscard]] std::filesystem::path unit_folder(const UnitContext& context, std::uint64_t index);

/// Finds the unit finished, or makes it.
/// @return errors of writing only: whatever happens to the variant is in the entry.
[[nodiscard]] Result<Unit> make_unit(const UnitContext& context, const Variant& variant);

/// Returns the episode of an accepted unit.
[[nodiscard]] Result<DatasetEpisode> read_episode(const UnitContext& context,
                                                  const LedgerEntry& entry);

}  // namespace hearth
