// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/gopro.h>
#include <hearth/video/probe.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "gpmf.h"
#include "sample_times.h"
#include "telemetry_packets.h"

namespace hearth {
namespace {

constexpr const char* kName = "gopro";
constexpr double kLargestResidualS = 0.05;

/// One sensor of one device over the whole file.
struct Sensor {
  std::string axes{};
  std::vector<Vec3> values{};
  std::vector<gopro::Delivery> deliveries{};
  std::int64_t missing = 0;
};

/// By device, then by key; devices in the order of their names.
using Sensors = std::map<std::string, std::map<std::string, Sensor>>;

/// @return corrupt where the running count goes back.
Result<Done> append(const gopro::SensorBlock& block, const gopro::Packet& packet,
                    const std::string& where, Sensor& sensor) {
  if (block.values.empty()) return Done{};
  const auto count = static_cast<std::int64_t>(block.values.size());
  const std::int64_t next = sensor.deliveries.empty()
                                ? 0
                                : sensor.deliveries.back().first + sensor.deliveries.back().count;
  const std::int64_t total = block.total_samples ? *block.total_samples : next + count;
  // Counts may begin anywhere, as in a chapter of a longer recording.
  const std::int64_t first = total - count;
  if (!sensor.deliveries.empty() && first < next) {
    return Error{ErrorCode::corrupt, "the running count of " + block.key + " goes back", where};
  }
  if (!sensor.deliveries.empty()) {
    const gopro::Delivery& before = sensor.deliveries.back();
    if (packet.start_ns < before.start_ns + before.duration_ns) {
      return Error{ErrorCode::corrupt, "the payload begins before the one before it ends", where};
    }
    sensor.missing += first - next;
  }
  if (sensor.axes.empty()) sensor.axes = block.axes;
  sensor.deliveries.push_back({packet.start_ns, packet.duration_ns, first, count});
  sensor.values.insert(sensor.values.end(), block.values.begin(), block.values.end());
  return Done{};
}

VectorStream stream_from(Sensor sensor, const std::string& key, const std::string& where,
                         Diagnostics& diagnostics) {
  gopro::SampleTimes times = gopro::sample_times(sensor.deliveries, kLargestResidualS);
  char text[160];
  if (times.on_line) {
    std::snprintf(text, sizeof text,
                  "%s: %zu samples lie evenly at %.3f Hz; payloads begin up to %.1f ms off that",
                  key.c_str(), sensor.values.size(), times.rate_hz, 1e3 * times.largest_residual_s);
    diagnostics.add(Severity::note, "imu_times_fitted", text, where);
  } else {
    std::snprintf(text, sizeof text,
                  "%s: payloads begin up to %.1f ms off even sampling; samples are spread evenly "
                  "within each payload",
                  key.c_str(), 1e3 * times.largest_residual_s);
    diagnostics.add(Severity::warning, "imu_times_uneven", text, where);
  }
  if (sensor.missing > 0) {
    diagnostics.add(Severity::warning, "imu_samples_missing",
                    key + ": " + std::to_string(sensor.missing) + " samples were lost in the file",
                    where);
  }
  return {std::move(times.time_ns), std::move(sensor.values)};
}

}  // namespace

Result<Imported> import_gopro(const std::filesystem::path& path, const ImportOptions& options,
                              Diagnostics& diagnostics) {
  const Result<VideoInfo> video = probe(path);
  if (!video) return video.error();
  const Result<std::vector<gopro::Packet>> packets = gopro::telemetry_packets(path);
  if (!packets) return packets.error();
  Sensors sensors;
  for (std::size_t p = 0; p < packets->size(); ++p) {
    const gopro::Packet& packet = (*packets)[p];
    const std::string where = path.string() + ": payload " + std::to_string(p);
    const auto blocks = gopro::read_payload(packet.bytes, where);
    if (!blocks) return blocks.error();
    for (const gopro::SensorBlock& block : *blocks) {
      const Result<Done> added = append(block, packet, where, sensors[block.device][block.key]);
      if (!added) return added.error();
    }
  }
  Imported imported;
  imported.clip = ImportedClip{path, {}, options.camera};
  imported.sensors.source = kName;
  Diagnostics found;
  for (auto& [device, by_key] : sensors) {
    Sensor& accel = by_key["ACCL"];
    Sensor& gyro = by_key["GYRO"];
    if (accel.values.empty() || gyro.values.empty()) continue;
    ImuStream imu;
    imu.id = device;
    imu.axes = accel.axes + "; " + gyro.axes;
    imu.accel_m_s2 = stream_from(std::move(accel), "ACCL", path.string(), found);
    imu.gyro_rad_s = stream_from(std::move(gyro), "GYRO", path.string(), found);
    imported.sensors.imus.push_back(std::move(imu));
  }
  if (imported.sensors.imus.empty()) {
    return Error{ErrorCode::unsupported,
                 "its telemetry has no device with both accelerometer and gyroscope; "
                 "`hearth ingest` reads the video",
                 path.string()};
  }
  if (const Result<SensorStreams> good = validated(imported.sensors); !good) {
    return Error{ErrorCode::corrupt, to_string(good.error()), path.string()};
  }
  diagnostics.append(found);
  return imported;
}

}  // namespace hearth
