// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/segments.h>
#include <hearth/data/sensors.h>

#include "fields_core.h"
#include "nouns_impl.h"

namespace hearth {

// On disk a stream is one table: time_ns, x, y, z. validated() keeps times where float64 is exact.
struct ImuFile {
  std::string id{};
  std::string axes{};
  Table accel_m_s2{};
  Table gyro_rad_s{};
  std::optional<Pose> camera_from_imu{};
};
// Columns time_ns, x, y, z, depth_m (0 where it was not measured: a depth is positive).
struct GazeFile {
  std::string id{};
  std::optional<Pose> camera_from_gaze{};
  Table samples{};
};
struct SensorFile {
  std::string source{};
  std::string clock{};
  TimeNs clock_zero_ns = 0;
  std::vector<ImuFile> imus{};
  std::vector<GazeFile> gazes{};
};

template <class A>
void fields(A& a, ImuFile& x) {
  a("id", x.id), a("axes", x.axes), a("accel_m_s2", x.accel_m_s2);
  a("gyro_rad_s", x.gyro_rad_s), a("camera_from_imu", x.camera_from_imu);
}
template <class A>
void fields(A& a, GazeFile& x) {
  a("id", x.id), a("camera_from_gaze", x.camera_from_gaze), a("samples", x.samples);
}

namespace {

Table table_from(const VectorStream& stream) {
  Table table{stream.values.size(), 4, {}};
  table.values.reserve(4 * stream.values.size());
  for (std::size_t i = 0; i < stream.values.size(); ++i) {
    const Vec3 v = stream.values[i];
    table.values.insert(table.values.end(),
                        {static_cast<double>(stream.time_ns[i]), v.x, v.y, v.z});
  }
  return table;
}

Table table_from(const GazeStream& stream) {
  Table table{stream.samples.size(), 5, {}};
  for (const GazeSample& s : stream.samples) {
    table.values.insert(table.values.end(), {static_cast<double>(s.time_ns), s.direction.x,
                                             s.direction.y, s.direction.z, s.depth_m.value_or(0)});
  }
  return table;
}

/// The time in the first column of a row, or a failure: whole, finite, within 2^53.
std::optional<Error> time_of(const Table& table, std::size_t row, const std::string& where,
                             TimeNs& time_ns) {
  const double value = table.values[row * table.columns];
  if (!(std::abs(value) <= 9007199254740992.0) || value != std::floor(value)) {
    return Error{ErrorCode::invalid_argument, "times must be whole nanoseconds within 2^53",
                 where + "/" + std::to_string(row)};
  }
  time_ns = static_cast<TimeNs>(value);
  return std::nullopt;
}

std::optional<Error> read_stream(const Table& table, const std::string& where,
                                 VectorStream& stream) {
  if (table.columns != 4) {
    return Error{ErrorCode::corrupt, "must have the columns time_ns, x, y, z", where};
  }
  for (std::size_t i = 0; i < table.rows; ++i) {
    TimeNs time_ns = 0;
    if (auto error = time_of(table, i, where, time_ns)) return error;
    const double* v = &table.values[4 * i];
    stream.time_ns.push_back(time_ns);
    stream.values.push_back({v[1], v[2], v[3]});
  }
  return std::nullopt;
}

std::optional<Error> read_gaze(const Table& table, const std::string& where, GazeStream& stream) {
  if (table.columns != 5) {
    return Error{ErrorCode::corrupt, "must have the columns time_ns, x, y, z, depth_m", where};
  }
  for (std::size_t i = 0; i < table.rows; ++i) {
    GazeSample sample;
    if (auto error = time_of(table, i, where, sample.time_ns)) return error;
    const double* v = &table.values[5 * i];
    sample.direction = {v[1], v[2], v[3]};
    if (v[4] != 0.0) sample.depth_m = v[4];
    stream.samples.push_back(sample);
  }
  return std::nullopt;
}

}  // namespace

template <class A>
void fields(A& a, SensorFile& x) {
  a("source", x.source), a("clock", x.clock), a("clock_zero_ns", x.clock_zero_ns);
  a("imus", x.imus), a("gazes", x.gazes);
}
static Result<SensorFile> validated(SensorFile file) { return file; }

template <class A>
void fields(A& a, Segment& x) {
  a("id", x.id), a("recording", x.recording), a("start_ns", x.start_ns), a("stop_ns", x.stop_ns);
  a("narration", x.narration), a("verb", x.verb), a("noun", x.noun);
  a("verb_class", x.verb_class), a("noun_class", x.noun_class), a("object_id", x.object_id);
}
template <class A>
void fields(A& a, Segments& x) {
  a("source", x.source), a("segments", x.segments);
}

}  // namespace hearth

HEARTH_NOUN_NAME(hearth::SensorFile, "sensors")
HEARTH_NOUN_NAME(hearth::Segments, "segments")
HEARTH_NOUN(hearth::Segments)

namespace hearth {

template <>
std::string_view noun_name<SensorStreams>() {
  return NounName<SensorFile>::name;
}

template <>
Result<Done> write_noun(const std::filesystem::path& file, const SensorStreams& sensors) {
  if (const Result<SensorStreams> checked = validated(sensors); !checked) {
    Error error = checked.error();
    error.where = file.string() + ":" + error.where;
    return error;
  }
  SensorFile out{sensors.source, sensors.clock, sensors.clock_zero_ns, {}, {}};
  for (const ImuStream& imu : sensors.imus) {
    out.imus.push_back({imu.id, imu.axes, table_from(imu.accel_m_s2), table_from(imu.gyro_rad_s),
                        imu.camera_from_imu});
  }
  for (const GazeStream& gaze : sensors.gazes) {
    out.gazes.push_back({gaze.id, gaze.camera_from_gaze, table_from(gaze)});
  }
  return write_noun(file, out);
}

template <>
Result<SensorStreams> read_noun(const std::filesystem::path& file) {
  const Result<SensorFile> read = read_noun<SensorFile>(file);
  if (!read) return read.error();
  SensorStreams sensors{read->source, read->clock, read->clock_zero_ns, {}, {}};
  const std::string where = file.string() + ":";
  for (std::size_t i = 0; i < read->imus.size(); ++i) {
    const ImuFile& imu = read->imus[i];
    sensors.imus.push_back({imu.id, imu.axes, {}, {}, imu.camera_from_imu});
    const std::string place = where + "/imus/" + std::to_string(i);
    auto error = read_stream(imu.accel_m_s2, place + "/accel_m_s2", sensors.imus[i].accel_m_s2);
    if (!error) {
      error = read_stream(imu.gyro_rad_s, place + "/gyro_rad_s", sensors.imus[i].gyro_rad_s);
    }
    if (error) return *error;
  }
  for (std::size_t i = 0; i < read->gazes.size(); ++i) {
    sensors.gazes.push_back({read->gazes[i].id, read->gazes[i].camera_from_gaze, {}});
    const auto error =
        read_gaze(read->gazes[i].samples, where + "/gazes/" + std::to_string(i) + "/samples",
                  sensors.gazes[i]);
    if (error) return *error;
  }
  Result<SensorStreams> checked = validated(std::move(sensors));
  if (checked) return checked;
  Error error = checked.error();
  error.where = where + error.where;
  return error;
}

}  // namespace hearth
