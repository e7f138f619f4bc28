// SPDX-License-Identifier: Apache-2.0
#include "hands.h"

#include <algorithm>
#include <cmath>

#include "sim/ingest/foreign/csv_rows.h"

namespace hearth::aria {
namespace {

using foreign::CsvRows;

constexpr double kMaxReachM = 2.0;
constexpr double kMaxBoneM = 0.12;
constexpr double kMaxPalmM = 0.15;

/// Column numbers of one hand of hand_tracking_results.
struct HandColumns {
  int confidence = 0;
  std::array<std::array<int, 3>, 21> landmarks{};
  std::array<int, 3> wrist_position{};
  std::array<int, 4> wrist_rotation{};
  std::optional<std::array<int, 3>> palm_normal{};
  std::optional<std::array<int, 3>> wrist_normal{};
};

/// True where the file has any of the normals of version 2; then all must be there.
bool has_normals(const CsvRows& rows, const std::string& side) {
  for (const char* part : {"palm", "wrist"}) {
    for (const char* axis : {"x", "y", "z"}) {
      if (rows.find(std::string("n") + axis + "_" + side + "_" + part + "_device")) return true;
    }
  }
  return false;
}

HandColumns hand_columns(CsvRows& rows, const std::string& side) {
  HandColumns c;
  c.confidence = rows.column(side + "_tracking_confidence");
  for (std::size_t i = 0; i < c.landmarks.size(); ++i) {
    c.landmarks[i] =
        columns_xyz(rows, "t", "_" + side + "_landmark_" + std::to_string(i) + "_device");
  }
  c.wrist_position = columns_xyz(rows, "t", "_" + side + "_device_wrist");
  c.wrist_rotation = columns_wxyz(rows, "q", "_" + side + "_device_wrist");
  if (has_normals(rows, side)) {
    c.palm_normal = columns_xyz(rows, "n", "_" + side + "_palm_device");
    c.wrist_normal = columns_xyz(rows, "n", "_" + side + "_wrist_device");
  }
  return c;
}

std::vector<std::string> known_columns() {
  std::vector<std::string> names = {"tracking_timestamp_us"};
  for (const char* hand : {"left", "right"}) {
    const std::string side = hand;
    names.push_back(side + "_tracking_confidence");
    for (const char* axis : {"x", "y", "z"}) {
      const std::string a = axis;
      for (int i = 0; i < 21; ++i) {
        names.push_back("t" + a + "_" + side + "_landmark_" + std::to_string(i) + "_device");
      }
      names.push_back("t" + a + "_" + side + "_device_wrist");
      for (const char* part : {"palm", "wrist"}) {
        names.push_back("n" + a + "_" + side + "_" + part + "_device");
        names.push_back("t" + a + "_" + side + "_" + part + "_device");
      }
    }
    for (const char* axis : {"w", "x", "y", "z"}) {
      names.push_back(std::string("q") + axis + "_" + side + "_device_wrist");
    }
  }
  return names;
}

/// -1 is nothing; 0..1 is a confidence; anything else fails.
std::optional<double> confidence_of(CsvRows& rows, int column) {
  const double value = rows.number(column);
  if (value == -1.0) return std::nullopt;
  if (!(value >= 0.0 && value <= 1.0)) {
    rows.fail(ErrorCode::corrupt, "confidence " + std::to_string(value) + " is neither -1 nor 0..1",
              column);
  }
  return value;
}

Vec3 unit_vec3(CsvRows& rows, const std::array<int, 3>& columns) {
  const Vec3 v = rows.vec3(columns);
  if (!rows.error() && !(std::abs(norm(v) - 1.0) <= 1e-2)) {
    rows.fail(ErrorCode::corrupt, "the normal has length " + std::to_string(norm(v)), columns[0]);
  }
  return normalized(v);
}

void check_shape(CsvRows& rows, const HandColumns& c, const DeviceHand& hand) {
  for (std::size_t i = 0; i < hand.landmarks_m.size(); ++i) {
    if (norm(hand.landmarks_m[i]) > kMaxReachM) {
      rows.fail(ErrorCode::corrupt, "a hand is not farther than 2 m from the head",
                c.landmarks[i][0]);
    }
  }
  const HandJoints joints = joints_from_landmarks(hand.landmarks_m);
  for (std::size_t bone = 0; bone < kHandBones; ++bone) {
    const auto parent = static_cast<std::size_t>(kBoneParent[bone]);
    if (norm(joints[bone + 1] - joints[parent]) > kMaxBoneM) {
      rows.fail(ErrorCode::corrupt, "a bone is longer than 120 mm: the joints are in another order",
                c.landmarks[0][0]);
    }
  }
}

std::optional<DeviceHand> hand_of(CsvRows& rows, const HandColumns& c) {
  const std::optional<double> confidence = confidence_of(rows, c.confidence);
  if (!confidence || rows.error()) {
    // Cells of a missing hand are still numbers, or the row was damaged.
    for (const std::array<int, 3>& landmark : c.landmarks) (void)rows.vec3(landmark);
    return std::nullopt;
  }
  DeviceHand hand;
  hand.confidence = *confidence;
  for (std::size_t i = 0; i < c.landmarks.size(); ++i) {
    hand.landmarks_m[i] = rows.vec3(c.landmarks[i]);
  }
  hand.device_from_wrist = {rows.vec3(c.wrist_position), rows.quat(c.wrist_rotation)};
  if (c.palm_normal) hand.palm_normal = unit_vec3(rows, *c.palm_normal);
  if (c.wrist_normal) hand.wrist_normal = unit_vec3(rows, *c.wrist_normal);
  if (!rows.error()) check_shape(rows, c, hand);
  return hand;
}

/// The 12 columns of one hand that version 2 of the wrists adds or moves: confidence, wrist, palm,
/// then normals of palm and wrist.
struct WristColumns {
  int confidence = 0;
  std::array<int, 3> wrist{};
  std::array<int, 3> palm{};
  std::optional<std::array<int, 3>> palm_normal{};
  std::optional<std::array<int, 3>> wrist_normal{};
};

WristColumns wrist_columns(CsvRows& rows, const std::string& side) {
  WristColumns c;
  c.confidence = rows.column(side + "_tracking_confidence");
  c.wrist = columns_xyz(rows, "t", "_" + side + "_wrist_device");
  c.palm = columns_xyz(rows, "t", "_" + side + "_palm_device");
  if (has_normals(rows, side)) {
    c.palm_normal = columns_xyz(rows, "n", "_" + side + "_palm_device");
    c.wrist_normal = columns_xyz(rows, "n", "_" + side + "_wrist_device");
  }
  return c;
}

WristColumns wrist_columns_from(int first) {
  WristColumns c;
  c.confidence = first;
  c.wrist = {first + 1, first + 2, first + 3};
  c.palm = {first + 4, first + 5, first + 6};
  c.palm_normal = {first + 7, first + 8, first + 9};
  c.wrist_normal = {first + 10, first + 11, first + 12};
  return c;
}

/// True where the numbers can be one hand: missing means zeros, present means points within reach,
/// a palm near the wrist and unit normals.
bool plausible(CsvRows& rows, const WristColumns& c) {
  const double confidence = rows.number(c.confidence);
  const Vec3 wrist = rows.vec3(c.wrist);
  const Vec3 palm = rows.vec3(c.palm);
  const Vec3 palm_normal = c.palm_normal ? rows.vec3(*c.palm_normal) : Vec3{};
  const Vec3 wrist_normal = c.wrist_normal ? rows.vec3(*c.wrist_normal) : Vec3{};
  if (rows.error()) return false;
  if (confidence == -1.0) {
    return wrist == Vec3{} && palm == Vec3{} && palm_normal == Vec3{} && wrist_normal == Vec3{};
  }
  if (!(confidence >= 0.0 && confidence <= 1.0)) return false;
  if (norm(wrist) > kMaxReachM || norm(palm - wrist) > kMaxPalmM || wrist == Vec3{}) return false;
  if (!c.palm_normal) return true;
  return std::abs(norm(palm_normal) - 1.0) <= 1e-2 && std::abs(norm(wrist_normal) - 1.0) <= 1e-2;
}

std::optional<WristPalm> wrist_of(CsvRows& rows, const WristColumns& c) {
  const double confidence = rows.number(c.confidence);
  if (confidence == -1.0) return std::nullopt;
  WristPalm hand;
  hand.confidence = confidence;
  hand.wrist_m = rows.vec3(c.wrist);
  hand.palm_m = rows.vec3(c.palm);
  if (c.palm_normal) hand.palm_normal = normalized(rows.vec3(*c.palm_normal));
  if (c.wrist_normal) hand.wrist_normal = normalized(rows.vec3(*c.wrist_normal));
  return hand;
}

}  // namespace

Result<std::vector<HandsRow>> read_hands(std::string_view csv, const std::string& file,
                                         Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  const int time = rows.column("tracking_timestamp_us");
  const HandColumns left = hand_columns(rows, "left");
  const HandColumns right = hand_columns(rows, "right");
  std::vector<HandsRow> result;
  while (rows.next()) {
    HandsRow row;
    row.device_time_ns = foreign::ns_from_us(rows, rows.integer(time));
    row.left = hand_of(rows, left);
    row.right = hand_of(rows, right);
    if (!result.empty() && row.device_time_ns <= result.back().device_time_ns) {
      rows.fail(ErrorCode::corrupt, "times must ascend", time);
    }
    if (rows.error()) break;
    result.push_back(std::move(row));
  }
  if (rows.error()) return *rows.error();
  rows.report_unknown(known_columns(), diagnostics);
  return result;
}

Result<std::vector<WristPalmRow>> read_wrists_and_palms(std::string_view csv,
                                                        const std::string& file,
                                                        Diagnostics& diagnostics) {
  CsvRows rows(csv, file);
  const int time = rows.column("tracking_timestamp_us");
  const WristColumns left = wrist_columns(rows, "left");
  const WristColumns right = wrist_columns(rows, "right");
  const bool version_2 = rows.header().size() == 27 && left.palm_normal && time == 0;
  const WristColumns left_per_hand = wrist_columns_from(1);
  const WristColumns right_per_hand = wrist_columns_from(14);
  std::int64_t repaired = 0;
  std::vector<WristPalmRow> result;
  while (rows.next()) {
    WristPalmRow row;
    row.device_time_ns = foreign::ns_from_us(rows, rows.integer(time));
    if (!result.empty() && row.device_time_ns <= result.back().device_time_ns) {
      rows.fail(ErrorCode::corrupt, "times must ascend", time);
    }
    const bool as_header = plausible(rows, left) && plausible(rows, right);
    const bool per_hand = !as_header && version_2 && plausible(rows, left_per_hand) &&
                          plausible(rows, right_per_hand);
    if (!as_header && !per_hand) {
      rows.fail(ErrorCode::corrupt, "the row fits neither the header's order nor the one per hand");
    }
    if (rows.error()) break;
    row.left = wrist_of(rows, as_header ? left : left_per_hand);
    row.right = wrist_of(rows, as_header ? right : right_per_hand);
    repaired += per_hand ? 1 : 0;
    result.push_back(std::move(row));
  }
  if (rows.error()) return *rows.error();
  rows.report_unknown(known_columns(), diagnostics);
  if (repaired > 0) {
    diagnostics.add(Severity::note, "column_order_repaired",
                    std::to_string(repaired) + " of " + std::to_string(result.size()) +
                        " rows are in another order than the header says",
                    file);
  }
  return result;
}

HandJoints joints_from_landmarks(const Landmarks& l) {
  HandJoints j;
  j[0] = l[5];
  j[2] = l[6], j[3] = l[7], j[4] = l[0];
  j[5] = l[8], j[6] = l[9], j[7] = l[10], j[8] = l[1];
  j[9] = l[11], j[10] = l[12], j[11] = l[13], j[12] = l[2];
  j[13] = l[14], j[14] = l[15], j[15] = l[16], j[16] = l[3];
  j[17] = l[17], j[18] = l[18], j[19] = l[19], j[20] = l[4];
  j[1] = j[0] + kThumbRootShare * (j[2] - j[0]);
  return j;
}

}  // namespace hearth::aria
