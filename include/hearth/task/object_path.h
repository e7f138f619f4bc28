// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Where judge() gets its inputs from: paths and touches out of rollouts and contacts.

#include <hearth/core/geometry.h>
#include <hearth/core/result.h>
#include <hearth/data/contacts.h>
#include <hearth/data/object_tracks.h>
#include <hearth/data/rollout.h>
#include <hearth/data/shape.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// Returns the path of one body of a rollout, one sample per state row, all observed; row k is at
/// k / control_rate_hz, rounded to nanoseconds.
/// @return not_found if no body has this name, invalid_argument if the pose table does not have
///         7 columns per body or the rate is not positive.
[[nodiscard]] Result<ObjectTrack> object_path(const Rollout& rollout, const std::string& body_name);

/// Returns one entry per sample of the track: 1 while a span of this object lasts (onset to
/// release, both included). Spans that name no object count, since then there is only one.
[[nodiscard]] std::vector<std::uint8_t> touches_from_contacts(const Contacts& contacts,
                                                              const ObjectTrack& track);

/// Returns how far a shape reaches from its centre along a unit direction of the world, metres.
/// @param rotation  world_from_shape.
[[nodiscard]] double reach_along(const Shape& shape, Quat rotation, Vec3 direction);

/// Returns the height of the shape's lowest point above z = 0 of the world.
[[nodiscard]] double bottom_m(const Shape& shape, const Pose& world_from_shape);

}  // namespace hearth
