// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/hash.h>
#include <hearth/ingest/aria_vrs.h>
#include <hearth/video/frames.h>
#include <lz4frame.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/ingest/aria_mps/calibration.h"
#include "sim/ingest/aria_mps/trajectory.h"
#include "sim/ingest/aria_vrs/streams.h"
#include "sim/ingest/aria_vrs/unpack.h"
#include "sim/ingest/aria_vrs/vrs_file.h"
#include "tests/ingest/csv_battery.h"
#include "tests/support/temporary_folder.h"

using namespace hearth;
using namespace hearth::test;
namespace fs = std::filesystem;

TEST_CASE("aria_vrs: records and pictures are those that were counted and hashed") {
  const auto path = sample("aria/adt/video.vrs");
  const auto contents = sample_bytes("aria/adt/contents.json");
  if (!path || !contents) return;
  const auto expected = nlohmann::json::parse(*contents);
  vrs::VrsFile file = vrs::open_vrs(*path).value();
  std::map<std::string, int> counts;
  for (const vrs::Record& record : file.records()) {
    if (record.kind == vrs::RecordKind::data) ++counts[vrs::to_string(record.stream)];
  }
  for (const auto& [stream, count] : expected["record_count_by_stream"].items()) {
    CAPTURE(stream);
    CHECK(counts[stream] == count.get<int>());
  }
  int checked = 0;
  for (const vrs::StreamId stream : {vrs::StreamId{214, 1}, {1201, 1}, {1201, 2}, {211, 1}}) {
    int index = 0;
    const Result<Done> done =
        vrs::for_each_jpeg(file, stream, [&](TimeNs, std::string_view jpeg) -> Result<Done> {
          for (const auto& frame : expected["frames"]) {
            if (frame["stream"] != vrs::to_string(stream) || frame["index"] != index) continue;
            CHECK(jpeg.size() == frame["jpeg_bytes"].get<std::size_t>());
            CHECK(sha256_hex(jpeg) == frame["jpeg_sha256"].get<std::string>());
            ++checked;
          }
          ++index;
          return Done{};
        });
    REQUIRE(done.ok());
  }
  CHECK(checked == 12);
}

TEST_CASE("aria_vrs: inertial samples are those that were unpacked by other means") {
  const auto path = sample("aria/adt/video.vrs");
  if (!path) return;
  vrs::VrsFile file = vrs::open_vrs(*path).value();
  for (const std::uint16_t instance : {std::uint16_t{1}, std::uint16_t{2}}) {
    const auto csv = sample_bytes("aria/adt/imu_1202-" + std::to_string(instance) + ".csv");
    if (!csv) return;
    const Csv expected = Csv::parse(*csv, 1000);
    const auto samples = vrs::read_imu(file, {1202, instance}).value();
    REQUIRE(samples.size() == expected.rows.size() - 1);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto& row = expected.rows[i + 1];
      CHECK(samples[i].time_ns == std::stoll(row[expected.column("capture_timestamp_ns")]));
      CHECK(samples[i].accel_m_s2->x ==
            Approx(std::stod(row[expected.column("ax_mps2")])).epsilon(1e-5));
      CHECK(samples[i].gyro_rad_s->z ==
            Approx(std::stod(row[expected.column("gz_radps")])).epsilon(1e-5));
    }
  }
}

TEST_CASE("aria_vrs: a recording becomes an upright clip with its own times and IMUs", "[slow]") {
  const auto path = sample("aria/adt/video.vrs");
  const auto trajectory = sample_bytes("aria/adt/aria_trajectory.csv");
  if (!path || !trajectory) return;
  Diagnostics diagnostics;
  const Imported imported = import_aria_vrs(*path, {}, diagnostics).value();
  CHECK(diagnostics.counts() == std::map<std::string, std::int64_t>{{"device_clock", 1}});
  CHECK_THAT(diagnostics.entries()[0].message, Catch::Contains("-87551.17"));
  REQUIRE(imported.clip.has_value());
  REQUIRE(imported.clip->camera.has_value());
  CHECK(imported.clip->camera->width_px == 1408);
  CHECK(validated(*imported.clip->camera).ok());
  const TemporaryFolder folder;
  const ImportReport report = write_import(imported, folder.path(), {}, diagnostics).value();
  REQUIRE(report.episode.has_value());
  CHECK(report.episode->width_px == 1408);
  REQUIRE(report.episode->frame_time_ns.size() == 3);
  // Capture times, 33.3 ms apart, up to 1 us of the clip's clock.
  CHECK(std::abs(report.episode->frame_time_ns[1] - 33328000) < 20000);
  REQUIRE(imported.sensors.imus.size() == 2);
  CHECK(validated(imported.sensors).ok());
  const ImuStream& right = imported.sensors.imus[0];
  CHECK(right.accel_m_s2.values.size() == 99);
  CHECK(right.accel_m_s2.time_ns[0] < 0);  // The first sample comes before the first picture.
  REQUIRE(right.camera_from_imu.has_value());
  // At rest in the hand of gravity: specific force points up in the world of the trajectory.
  const auto t = aria::read_trajectory(*trajectory, "t", diagnostics).value();
  const auto tag = vrs::read_file_tag(*path, "calib_json").value();
  const auto calibration = aria::read_calibration(tag, "c", diagnostics).value();
  for (const ImuStream& imu : imported.sensors.imus) {
    Vec3 mean;
    for (const Vec3 v : imu.accel_m_s2.values) {
      mean = mean + (1.0 / static_cast<double>(imu.accel_m_s2.values.size())) * v;
    }
    CHECK(norm(mean) == Approx(9.81).margin(0.5));
    for (const aria::ImuCalibration& mounted : calibration.imus) {
      if (mounted.label != imu.id) continue;
      const Vec3 up = t.poses[0].frame_from_device.rotation *
                      (mounted.device_from_imu.rotation * normalized(mean));
      CHECK(up.y > 0.98);  // That world is Y-up.
    }
  }
}

TEST_CASE("aria_vrs: a recording that is cut or damaged is refused with its place") {
  const auto bytes = sample_bytes("aria/adt/video.vrs");
  if (!bytes) return;
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "x.vrs";
  const auto open = [&](const std::string& text) {
    write_quickly(file, text);
    return vrs::open_vrs(file);
  };
  // Every byte of the header, then every record's start and steps in between.
  for (std::size_t length = 0; length < 200; ++length) {
    CAPTURE(length);
    check_corrupt(open(bytes->substr(0, length)), "x.vrs: byte");
  }
  for (std::size_t length = 200; length < bytes->size(); length += 90017) {
    CAPTURE(length);
    check_corrupt(open(bytes->substr(0, length)), "x.vrs: byte");
  }
  check_corrupt(open(bytes->substr(0, bytes->size() - 1)), "x.vrs: byte");
  for (std::size_t i = 0; i < 80; ++i) {
    CAPTURE(i);
    std::string flipped = *bytes;
    flipped[i] = static_cast<char>(~flipped[i]);
    const auto result = open(flipped);
    // The file's own number (8-15), the index (24-31) and spare bytes do not matter to a reader.
    const bool free_byte = (i >= 8 && i < 16) || (i >= 24 && i < 32) || (i >= 48 && i < 72);
    if (!free_byte) CHECK_FALSE(result.ok());
  }
  std::string kind = *bytes;
  kind[34637 + 26] = 9;
  check_corrupt(open(kind), "x.vrs: byte 34663");
  std::string packed = *bytes;
  packed[34637 + 32] = static_cast<char>(~packed[34637 + 32]);  // Zstandard's own mark.
  REQUIRE(write_file(file, packed).ok());
  vrs::VrsFile damaged = vrs::open_vrs(file).value();
  check_corrupt(damaged.payload(damaged.records()[0]), "x.vrs: byte 34669");
  CHECK(vrs::open_vrs(folder.path() / "none.vrs").error().code == ErrorCode::not_found);
  ImportOptions options;
  options.recording = "7-7";
  Diagnostics diagnostics;
  CHECK(import_aria_vrs(file, options, diagnostics).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("aria_vrs: LZ4 records are unpacked, and damage in them is seen") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>('a' + i * i % 23);
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  std::string packed(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
  packed.resize(
      LZ4F_compressFrame(packed.data(), packed.size(), text.data(), text.size(), &preferences));
  CHECK(vrs::unpack(packed, 1, text.size(), "r").value() == text);
  check_corrupt(vrs::unpack(packed, 1, text.size() - 1, "r"), "r");
  check_corrupt(vrs::unpack(packed, 1, text.size() + 1, "r"), "r");
  for (std::size_t length = 0; length < packed.size(); ++length) {
    check_corrupt(vrs::unpack(std::string_view(packed).substr(0, length), 1, text.size(), "r"),
                  "r");
  }
  packed[packed.size() / 2] = static_cast<char>(~packed[packed.size() / 2]);
  check_corrupt(vrs::unpack(packed, 1, text.size(), "r"), "r");
  CHECK(vrs::unpack(packed, 5, 4, "r").error().code == ErrorCode::unsupported);
}
