// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Says which hand holds something and when, from tracks alone: before any reconstruction.
/// Method and limits: docs/label.md.

#include <hearth/core/diagnostics.h>
#include <hearth/core/result.h>
#include <hearth/data/contacts.h>
#include <hearth/data/tracks.h>

namespace hearth {

/// Options of find_contacts().
struct FindContactsOptions {
  double min_speed_m_s = 0.10;     ///< A hand movement has a speed peak above this.
  double dwell_share = 0.15;       ///< The hand dwells below this share of the neighbouring peak.
  double min_travel_m = 0.05;      ///< A held thing must travel this far.
  double min_evidence = 0.5;       ///< Evidence (0..about 2) below which nothing is claimed.
  double max_gap_s = 0.5;          ///< Longer holes in a hand track cut it in two.
  double touch_lead_frames = 1.5;  ///< Touch before motion where only the motion is seen.
  double max_lost_s = 3.5;         ///< A hand lost this long at most may have carried something.
};

/// Returns the spans during which a hand of the camera's wearer holds something, by onset.
///
/// A span needs a hand that stops, moves and stops again (camera motion removed), and evidence
/// that something went with it: fingers that close before and open after, points or a sighted
/// object that move with the hand. Nothing of this: no span, and one diagnostic
/// `no_contact_found`. Times carry 95 % intervals: the hand arrives, the fingers close, the thing
/// moves. A hand that reaches, is lost from sight where it slows down and reappears elsewhere as it
/// leaves gets a span too, of low confidence, wide intervals and evidence "lost", with a diagnostic
/// `contact_while_hand_lost`. Same input, same bytes; the map's frame and unit do not matter.
///
/// Cues and their fits were measured on filmed and real takes: the motion of the thing within half
/// a frame; touch itself within 2-3 frames.
///
/// @param tracks  validated().
/// @return invalid_argument if an option is out of its range.
[[nodiscard]] Result<Contacts> find_contacts(const Tracks& tracks,
                                             const FindContactsOptions& options,
                                             Diagnostics& diagnostics);

}  // namespace hearth
