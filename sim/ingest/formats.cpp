// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/adt.h>
#include <hearth/ingest/arctic.h>
#include <hearth/ingest/aria_mps.h>
#include <hearth/ingest/aria_vrs.h>
#include <hearth/ingest/colmap.h>
#include <hearth/ingest/egodex.h>
#include <hearth/ingest/egoexo.h>
#include <hearth/ingest/epic.h>
#include <hearth/ingest/euroc.h>
#include <hearth/ingest/gopro.h>
#include <hearth/ingest/hearth_tracks.h>
#include <hearth/ingest/hot3d.h>
#include <hearth/ingest/import.h>
#include <hearth/ingest/kitti.h>
#include <hearth/ingest/record3d.h>
#include <hearth/ingest/stray.h>
#include <hearth/ingest/tum.h>

#include <array>

namespace hearth {

std::span<const ImportFormat> import_formats() {
  static constexpr std::array kFormats{
      ImportFormat{"adt", "Aria Digital Twin folder: camera path, objects, boxes, gaze",
                   import_adt},
      ImportFormat{"arctic", "ARCTIC sequence (.npz of arrays): hands, object parts, touches",
                   import_arctic},
      ImportFormat{"aria-mps", "Project Aria MPS folder: camera path, points, hands, gaze",
                   import_aria_mps},
      ImportFormat{"aria-vrs", "Project Aria recording (.vrs, JPEG): episode, IMUs",
                   import_aria_vrs},
      ImportFormat{"colmap", "folder of a COLMAP model (text or binary): camera path, points",
                   import_colmap},
      ImportFormat{"egodex", "EgoDex take (.hdf5, with its .mp4): episode, camera path, hands",
                   import_egodex},
      ImportFormat{"egoexo", "Ego-Exo4D EgoPose annotation (.json): camera path, hands",
                   import_egoexo},
      ImportFormat{"epic", "EPIC-KITCHENS-100 segments (.csv): labelled spans", import_epic},
      ImportFormat{"euroc", "EuRoC state CSV, or a mav0 folder with its IMU: camera path, IMU",
                   import_euroc},
      ImportFormat{"gopro", "GoPro video with telemetry (GPMF): episode, IMU", import_gopro},
      ImportFormat{"hd-epic", "HD-EPIC assoc_info.json: labelled movements of objects",
                   import_hd_epic},
      ImportFormat{"hearth-tracks", "folder with hearth_tracks.json, hearth's own open format",
                   import_hearth_tracks},
      ImportFormat{"hot3d", "HOT3D recording folder: camera path, hands, objects, boxes",
                   import_hot3d},
      ImportFormat{"kitti", "KITTI poses (12 numbers per row): camera path", import_kitti},
      ImportFormat{"record3d", "unpacked or zipped Record3D recording (.r3d): episode, camera path",
                   import_record3d},
      ImportFormat{"stray", "Stray Scanner folder: episode, camera path, IMU, depth", import_stray},
      ImportFormat{"tum", "TUM trajectory (t tx ty tz qx qy qz qw): camera path", import_tum},
  };
  return kFormats;
}

}  // namespace hearth
