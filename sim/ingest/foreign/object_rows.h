// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// The tables that HOT3D and Aria Digital Twin share: object poses and boxes in pictures.

#include <hearth/core/diagnostics.h>
#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/core/time.h>
#include <hearth/data/shape.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::foreign {

/// world_from_object at one time; no time: the object never moves.
struct ObjectPoseRow {
  std::optional<TimeNs> time_ns{};
  Pose world_from_object{};
};

/// All poses of one object, times strictly ascending.
struct ObjectPoses {
  std::string uid{};
  std::vector<ObjectPoseRow> rows{};
};

/// Reads object_uid, timestamp[ns], t_wo_*[m], q_wo_{w,x,y,z}. Time -1 is an object at rest.
/// Objects by first appearance. @return corrupt naming file:line:column.
[[nodiscard]] Result<std::vector<ObjectPoses>> read_object_poses(std::string_view csv,
                                                                 const std::string& file,
                                                                 Diagnostics& diagnostics);

/// One box of one stream. The file's order is x_min, x_max, y_min, y_max.
struct BoxRow {
  std::string stream{};  ///< For example "214-1".
  std::string uid{};     ///< Object, or "0" and "1" for left and right hand.
  TimeNs time_ns = 0;
  Vec2 min_px{};
  Vec2 max_px{};
  double visibility = 0.0;  ///< 0..1, whatever "%" the header shows.
};

/// `id_column` is "object_uid" or "hand_index". Rows without a box (empty cells) are left out and
/// counted in `box_missing`. @return corrupt naming file:line:column; also where max is below min
/// and where a visibility is outside 0..1.
[[nodiscard]] Result<std::vector<BoxRow>> read_boxes(std::string_view csv, const std::string& file,
                                                     const std::string& id_column,
                                                     Diagnostics& diagnostics);

/// Box of an object in its own frame.
struct ObjectExtent {
  Vec3 min_m{};
  Vec3 max_m{};
};

/// A box shape whose frame stands: z is the object axis nearest to up.
struct StandingBox {
  Shape shape{};
  Pose object_from_shape{};
};

/// @param up_in_object  Unit vector up, in the object's frame, while it stands.
/// Sides under 2 mm become 2 mm: a shape has a volume.
[[nodiscard]] StandingBox standing_box(const ObjectExtent& extent, Vec3 up_in_object);

}  // namespace hearth::foreign
