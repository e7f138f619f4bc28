// SPDX-License-Identifier: Apache-2.0
#include <hearth/ingest/gopro.h>
#include <hearth/io/files.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "sim/ingest/gopro/gpmf.h"
#include "sim/ingest/gopro/sample_times.h"
#include "sim/ingest/gopro/telemetry_packets.h"
#include "tests/ingest/foreign_files.h"

using namespace hearth;
using gopro::Delivery;
using gopro::read_payload;
using gopro::sample_times;
using gopro::SensorBlock;
using test::error_of;
using test::put;

namespace {

/// The public sample, or nothing with a word about it.
std::optional<std::filesystem::path> karma(const char* name) {
  const std::filesystem::path file = test::shared_data() / "imu" / name;
  if (std::filesystem::exists(file)) return file;
  WARN("SKIPPED: the folder with public telemetry is not there");
  return std::nullopt;
}

/// Columns c0, c1, c2 of the table that the maker's own parser wrote.
std::vector<Vec3> expected_samples(const std::filesystem::path& csv) {
  std::ifstream in(csv);
  std::string line;
  std::getline(in, line);
  std::vector<Vec3> samples;
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    double v[5] = {};
    char comma = ',';
    for (double& x : v) cells >> x >> comma;
    samples.push_back({v[2], v[3], v[4]});
  }
  return samples;
}

double largest_difference(const std::vector<Vec3>& a, const std::vector<Vec3>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, norm(a[i] - b[i]));
  return largest;
}

std::string big_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string item(const std::string& key, char type, std::uint32_t size, std::uint32_t repeat,
                 std::string data) {
  while (data.size() % 4 != 0) data += '\0';
  return key + type + big_endian(size, 1) + big_endian(repeat, 2) + data;
}

std::string nest(const std::string& key, const std::string& items) {
  return item(key, '\0', 1, static_cast<std::uint32_t>(items.size()), items);
}

std::string payload_with(const std::string& scale, const std::string& unit,
                         const std::string& sensor) {
  return nest("DEVC",
              item("DVNM", 'c', 1, 6, "Camera") +
                  nest("STRM", item("TSMP", 'L', 4, 1, big_endian(2, 4)) +
                                   item("STNM", 'c', 1, 4, "A\xb2zz") + unit + scale + sensor));
}

const std::string kTwoSamples =
    item("ACCL", 's', 6, 2,
         big_endian(100, 2) + big_endian(0xFF9C, 2) + big_endian(30, 2) + big_endian(1, 2) +
             big_endian(2, 2) + big_endian(3, 2));

}  // namespace

TEST_CASE("gopro: a payload gives scaled samples, one scale or one per axis") {
  const auto one = read_payload(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)),
                                             item("SIUN", 'c', 4, 1, "m/s\xb2"), kTwoSamples),
                                "p");
  REQUIRE(one.ok());
  REQUIRE(one->size() == 1);
  const SensorBlock& block = one->front();
  CHECK(block.device == "Camera");
  CHECK(block.axes == "A?zz");
  CHECK(block.total_samples == 2u);
  CHECK(block.values == std::vector<Vec3>{{10, -10, 3}, {0.1, 0.2, 0.3}});
  const auto three = read_payload(
      payload_with(
          item("SCAL", 's', 2, 3, big_endian(10, 2) + big_endian(100, 2) + big_endian(1, 2)), "",
          kTwoSamples),
      "p");
  CHECK(three->front().values[0] == Vec3{10, -1, 30});
  // Zeros behind the last item are padding.
  CHECK(read_payload(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)), "", kTwoSamples) +
                         std::string(6, '\0'),
                     "p")
            .ok());
}

TEST_CASE("gopro: every cut and every wrong item of a payload is refused") {
  const std::string good =
      payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)), "", kTwoSamples);
  for (std::size_t length = 1; length < good.size(); ++length) {
    CAPTURE(length);
    const auto read = read_payload(good.substr(0, length), "p");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::corrupt);
    CHECK(read.error().where.substr(0, 8) == "p: byte ");
  }
  const auto refused = [](const std::string& bytes) {
    const auto read = read_payload(bytes, "p");
    REQUIRE_FALSE(read.ok());
    return read.error().code;
  };
  CHECK(refused(payload_with("", "", kTwoSamples)) == ErrorCode::corrupt);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 1, big_endian(0, 2)), "", kTwoSamples)) ==
        ErrorCode::corrupt);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 2, big_endian(10, 2) + big_endian(10, 2)), "",
                             kTwoSamples)) == ErrorCode::corrupt);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)),
                             item("SIUN", 'c', 1, 1, "g"), kTwoSamples)) == ErrorCode::unsupported);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)), "",
                             item("GYRO", 's', 4, 1, big_endian(1, 4)))) == ErrorCode::corrupt);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)), "",
                             item("GYRO", 'f', 12, 1,
                                  big_endian(0x7fc00000, 4) + big_endian(0, 4) +
                                      big_endian(0, 4)))) == ErrorCode::corrupt);
  CHECK(refused(payload_with(item("SCAL", 's', 2, 1, big_endian(10, 2)), "",
                             item("GYRO", '?', 6, 1, std::string(6, '\1')))) == ErrorCode::corrupt);
}

TEST_CASE("gopro: every byte of a payload flipped is an error or still finite samples") {
  const auto file = karma("karma.raw");
  if (!file) return;
  const std::string raw = read_file(*file).value();
  for (std::size_t at = 0; at < 3000; ++at) {
    std::string broken = raw;
    broken[at] = static_cast<char>(~static_cast<unsigned char>(broken[at]));
    const auto read = read_payload(broken, "p");
    if (!read.ok()) continue;
    for (const SensorBlock& block : *read) {
      for (const Vec3 v : block.values) REQUIRE(is_finite(v));
    }
  }
}

TEST_CASE("gopro: the raw sample equals the first payload, and cuts of it are refused") {
  const auto file = karma("karma.raw");
  if (!file) return;
  const std::string raw = read_file(*file).value();
  CHECK(gopro::telemetry_packets(*karma("karma.mp4")).value().front().bytes == raw);
  const auto whole = read_payload(raw, "karma.raw").value();
  REQUIRE(whole.size() == 2);
  CHECK(whole[0].values.size() == 196);
  CHECK(whole[1].values.size() == 392);
  int read = 0;
  for (std::size_t length = 0; length < raw.size(); length += 1) {
    read += read_payload(std::string_view(raw).substr(0, length), "k").ok() ? 1 : 0;
  }
  CHECK(read == 2);  // Nothing at all, and the first of its two devices.
}

TEST_CASE("gopro: the public clip gives the samples that its maker's parser gives") {
  const auto file = karma("karma.mp4");
  if (!file) return;
  Diagnostics diagnostics;
  const Imported imported = import_gopro(*file, {}, diagnostics).value();
  REQUIRE(imported.clip.has_value());
  CHECK(imported.clip->file == *file);
  CHECK_FALSE(imported.tracks.has_value());
  REQUIRE(imported.sensors.imus.size() == 1);
  const ImuStream& imu = imported.sensors.imus[0];
  CHECK(imu.id == "Camera");
  CHECK(imported.sensors.clock == kEpisodeClock);
  const auto accel = expected_samples(*karma("karma_accl.csv"));
  const auto gyro = expected_samples(*karma("karma_gyro.csv"));
  REQUIRE(imu.accel_m_s2.values.size() == accel.size());
  REQUIRE(imu.gyro_rad_s.values.size() == gyro.size());
  // The tables hold seven significant digits.
  CHECK(largest_difference(imu.accel_m_s2.values, accel) < 1e-5);
  CHECK(largest_difference(imu.gyro_rad_s.values, gyro) < 1e-6);
  // 2397 samples over 12.079 s of payload at 198.44 Hz; payloads begin 1.001 s apart.
  const double rate_hz =
      2396.0 / seconds_from_ns(imu.accel_m_s2.time_ns.back() - imu.accel_m_s2.time_ns.front());
  CHECK(rate_hz == Approx(198.44).epsilon(0.002));
  CHECK(std::abs(seconds_from_ns(imu.accel_m_s2.time_ns.front())) < 0.02);
  // Sample 2383 is the first of the payload at 12.012 s.
  CHECK(std::abs(seconds_from_ns(imu.accel_m_s2.time_ns[2383]) - 12.012) < 0.02);
  CHECK(diagnostics.counts()["imu_times_fitted"] == 2);
  CHECK_FALSE(diagnostics.contains("imu_samples_missing"));
}

TEST_CASE("gopro: a clip without telemetry and a cut clip are refused") {
  const TemporaryFolder folder;
  const auto plain = put(folder.path() / "a.mp4", test::movie(96, 64, {1, 2, 3}));
  const Error none = error_of(import_gopro, plain);
  CHECK(none.code == ErrorCode::unsupported);
  CHECK(none.message.find("hearth ingest") != std::string::npos);
  CHECK(error_of(import_gopro, folder.path() / "none.mp4").code == ErrorCode::not_found);
  const auto file = karma("karma.mp4");
  if (!file) return;
  const std::string whole = read_file(*file).value();
  for (const double share : {0.001, 0.3, 0.9, 0.9999}) {
    const auto length = static_cast<std::size_t>(share * static_cast<double>(whole.size()));
    put(folder.path() / "cut.mp4", whole.substr(0, length));
    CHECK(error_of(import_gopro, folder.path() / "cut.mp4").code == ErrorCode::corrupt);
  }
}

TEST_CASE(
    "gopro: jittering counts lie on a line, lost samples leave a gap, stalls stay in payloads") {
  // 200 Hz; payloads deliver what arrived, up to 3 samples late.
  std::vector<Delivery> even;
  std::int64_t first = 0;
  for (int p = 0; p < 20; ++p) {
    const std::int64_t late = p % 4;
    const std::int64_t next = 200 * (p + 1) - (p == 19 ? 0 : late);
    even.push_back({p * 1'000'000'000LL, 1'000'000'000, first, next - first});
    first = next;
  }
  const auto times = sample_times(even, 0.05);
  CHECK(times.on_line);
  CHECK(times.rate_hz == Approx(200.0).epsilon(1e-3));
  // Without the line the worst sample would be 15 ms off.
  double worst_s = 0.0;
  for (std::size_t i = 0; i < times.time_ns.size(); ++i) {
    worst_s = std::max(
        worst_s, std::abs(seconds_from_ns(times.time_ns[i]) - static_cast<double>(i) / 200.0));
  }
  CHECK(worst_s < 0.012);

  std::vector<Delivery> lost = {{0, 1'000'000'000, 0, 100},
                                {1'000'000'000, 1'000'000'000, 100, 50},
                                {2'000'000'000, 1'000'000'000, 200, 100},
                                {3'000'000'000, 1'000'000'000, 300, 100}};
  const auto gap = sample_times(lost, 0.05);
  CHECK(gap.on_line);
  CHECK(seconds_from_ns(gap.time_ns[150] - gap.time_ns[149]) == Approx(0.51).epsilon(1e-6));

  const std::vector<Delivery> stalled = {{0, 1'000'000'000, 0, 100},
                                         {1'000'000'000, 1'000'000'000, 100, 100},
                                         {9'000'000'000, 1'000'000'000, 200, 100},
                                         {10'000'000'000, 1'000'000'000, 300, 100}};
  const auto stall = sample_times(stalled, 0.05);
  CHECK_FALSE(stall.on_line);
  CHECK(stall.time_ns[200] == 9'000'000'000);
  CHECK(stall.time_ns[201] == 9'010'000'000);
}
