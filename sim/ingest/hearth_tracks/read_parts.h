// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The parts of hearth_tracks.json. All failures stay in the JsonText behind `place`, except those
/// that come back.

#include <hearth/core/diagnostics.h>
#include <hearth/data/sensors.h>
#include <hearth/ingest/import.h>

#include <vector>

#include "arrays.h"

namespace hearth::tracks_format {

[[nodiscard]] CameraModel read_camera_model(const JsonPlace& place);

/// Fills tracks.camera. Frames and times of the tracks are known.
void read_camera(const JsonPlace& place, const Arrays& arrays, Tracks& tracks);

/// Fills tracks.hands; frames, camera model and camera path are known.
void read_hands(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                Diagnostics& diagnostics);

void read_objects(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                  Diagnostics& diagnostics);
void read_boxes(const JsonPlace& place, const Arrays& arrays, Tracks& tracks);
void read_depth(const JsonPlace& place, const Arrays& arrays, Tracks& tracks,
                std::vector<ImportedFile>& files);
void read_imus(const JsonPlace& place, const Arrays& arrays, SensorStreams& sensors);

/// Checks masks, gloves and commands, and lists their files.
void check_masks(const JsonPlace& place, const Arrays& arrays, int frames,
                 std::vector<ImportedFile>& files);
void check_gloves(const JsonPlace& place, const Arrays& arrays, std::vector<ImportedFile>& files);
void check_commands(const JsonPlace& place, const Arrays& arrays, std::vector<ImportedFile>& files);

}  // namespace hearth::tracks_format
