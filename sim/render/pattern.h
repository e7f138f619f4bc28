// SPDX-License-Identifier: Apache-2.0
#pragma once

// Surface patterns as functions of the body frame, averaged over the pixel's footprint so that
// distant patterns fade to their mean instead of flickering.

#include <hearth/core/geometry.h>
#include <hearth/data/shape.h>

namespace hearth {

// Returns the linear colour of the material at a point of the body frame.
// normal_in_body: unit; footprint_m: width of the pixel on the surface.
Vec3 pattern_color(const Material& material, Vec3 p_in_body, Vec3 normal_in_body,
                   double footprint_m);

}  // namespace hearth
