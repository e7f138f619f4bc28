// SPDX-License-Identifier: Apache-2.0
#include "gpmf.h"

#include <bit>
#include <cmath>
#include <utility>

namespace hearth::gopro {
namespace {

constexpr std::size_t kHead = 8;
constexpr std::size_t kAxes = 3;

/// One item and where its payload begins in the whole.
struct Item {
  std::string_view key{};
  char type = 0;
  std::size_t size = 0;
  std::size_t repeat = 0;
  std::string_view data{};
  std::size_t at = 0;
};

Error corrupt(const std::string& where, std::size_t byte, std::string message) {
  return {ErrorCode::corrupt, std::move(message), where + ": byte " + std::to_string(byte)};
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// Cuts the items of one level. Zeros behind the last item are padding.
Result<std::vector<Item>> items_of(std::string_view bytes, std::size_t base,
                                   const std::string& where) {
  std::vector<Item> items;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::string_view rest = bytes.substr(at);
    if (rest.find_first_not_of('\0') == std::string_view::npos) break;
    if (rest.size() < kHead) return corrupt(where, base + at, "ends within the head of an item");
    Item item;
    item.key = rest.substr(0, 4);
    item.type = rest[4];
    item.size = static_cast<std::size_t>(big_endian(rest.substr(5, 1)));
    item.repeat = static_cast<std::size_t>(big_endian(rest.substr(6, 2)));
    const std::size_t length = item.size * item.repeat;
    const std::size_t padded = (length + 3) / 4 * 4;
    if (padded > rest.size() - kHead) {
      return corrupt(where, base + at,
                     "item " + std::string(item.key) + " is longer than what holds it");
    }
    item.data = rest.substr(kHead, length);
    item.at = base + at + kHead;
    items.push_back(item);
    at += kHead + padded;
  }
  return items;
}

std::string text_of(const Item& item) {
  std::string text(item.data);
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
  return text;
}

/// Names go into UTF-8 files; what is not plain becomes '?'.
std::string plain(std::string text) {
  for (char& c : text) {
    if (c < 32 || c > 126) c = '?';
  }
  return text;
}

std::optional<std::size_t> width_of(char type) {
  switch (type) {
    case 'b':
    case 'B':
      return 1;
    case 's':
    case 'S':
      return 2;
    case 'l':
    case 'L':
    case 'f':
      return 4;
    case 'd':
      return 8;
    default:
      return std::nullopt;
  }
}

double number(char type, std::string_view bytes) {
  const std::uint64_t raw = big_endian(bytes);
  switch (type) {
    case 'b':
      return static_cast<std::int8_t>(raw);
    case 's':
      return static_cast<std::int16_t>(raw);
    case 'l':
      return static_cast<std::int32_t>(raw);
    case 'f':
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)));
    case 'd':
      return std::bit_cast<double>(raw);
    default:
      return static_cast<double>(raw);
  }
}

/// All numbers of an item, row after row.
Result<std::vector<double>> numbers_of(const Item& item, const std::string& where) {
  const std::optional<std::size_t> width = width_of(item.type);
  if (!width || item.size % *width != 0) {
    return corrupt(where, item.at, "item " + std::string(item.key) + " holds no numbers");
  }
  std::vector<double> values;
  for (std::size_t i = 0; i + *width <= item.data.size(); i += *width) {
    values.push_back(number(item.type, item.data.substr(i, *width)));
    if (!std::isfinite(values.back())) {
      return corrupt(where, item.at + i, "a value of " + std::string(item.key) + " is not finite");
    }
  }
  return values;
}

const Item* find(const std::vector<Item>& items, std::string_view key) {
  for (const Item& item : items) {
    if (item.key == key) return &item;
  }
  return nullptr;
}

/// One divisor per axis.
Result<std::vector<double>> scales_of(const std::vector<Item>& items, const Item& sensor,
                                      const std::string& where) {
  const Item* scale = find(items, "SCAL");
  if (scale == nullptr) return corrupt(where, sensor.at, "the sensor has no scale");
  Result<std::vector<double>> values = numbers_of(*scale, where);
  if (!values) return values;
  std::vector<double> out = std::move(values).value();
  if (out.size() == 1) out.resize(kAxes, out[0]);
  if (out.size() != kAxes) return corrupt(where, scale->at, "needs one scale or three");
  for (const double value : out) {
    if (value == 0.0) return corrupt(where, scale->at, "a scale is zero");
  }
  return out;
}

Result<Done> check_unit(const std::vector<Item>& items, const Item& sensor,
                        const std::string& where) {
  const Item* unit = find(items, "SIUN") != nullptr ? find(items, "SIUN") : find(items, "UNIT");
  if (unit == nullptr) return Done{};
  const std::string text = text_of(*unit);
  const std::string expected = sensor.key == "ACCL" ? "m/s\xb2" : "rad/s";
  if (text == expected) return Done{};
  return Error{ErrorCode::unsupported,
               std::string(sensor.key) + " has another unit than " +
                   (sensor.key == "ACCL" ? "m/s2" : "rad/s"),
               where + ": byte " + std::to_string(unit->at)};
}

Result<SensorBlock> sensor_block(const std::vector<Item>& items, const Item& sensor,
                                 const std::string& device, const std::string& where) {
  if (const Result<Done> good = check_unit(items, sensor, where); !good) return good.error();
  const Result<std::vector<double>> scales = scales_of(items, sensor, where);
  if (!scales) return scales.error();
  const Result<std::vector<double>> raw = numbers_of(sensor, where);
  if (!raw) return raw.error();
  if (raw->size() != kAxes * sensor.repeat) {
    return corrupt(where, sensor.at, std::string(sensor.key) + " must have three numbers a sample");
  }
  SensorBlock block;
  block.device = device;
  block.key = std::string(sensor.key);
  if (const Item* name = find(items, "STNM")) block.axes = plain(text_of(*name));
  for (const char* key : {"ORIN", "ORIO"}) {
    const Item* orientation = find(items, key);
    if (orientation != nullptr)
      block.axes += std::string(" ") + key + " " + plain(text_of(*orientation));
  }
  if (const Item* total = find(items, "TSMP"); total != nullptr && total->data.size() == 4) {
    block.total_samples = static_cast<std::uint32_t>(big_endian(total->data));
  }
  for (std::size_t i = 0; i < raw->size(); i += kAxes) {
    block.values.push_back(
        {(*raw)[i] / (*scales)[0], (*raw)[i + 1] / (*scales)[1], (*raw)[i + 2] / (*scales)[2]});
  }
  return block;
}

}  // namespace

Result<std::vector<SensorBlock>> read_payload(std::string_view bytes, const std::string& where) {
  std::vector<SensorBlock> blocks;
  const Result<std::vector<Item>> devices = items_of(bytes, 0, where);
  if (!devices) return devices.error();
  for (const Item& device : *devices) {
    if (device.key != "DEVC" || device.type != 0) continue;
    const Result<std::vector<Item>> streams = items_of(device.data, device.at, where);
    if (!streams) return streams.error();
    const Item* name = find(*streams, "DVNM");
    for (const Item& stream : *streams) {
      if (stream.key != "STRM" || stream.type != 0) continue;
      const Result<std::vector<Item>> items = items_of(stream.data, stream.at, where);
      if (!items) return items.error();
      for (const Item& item : *items) {
        if (item.key != "ACCL" && item.key != "GYRO") continue;
        Result<SensorBlock> block =
            sensor_block(*items, item, name == nullptr ? "unnamed" : plain(text_of(*name)), where);
        if (!block) return block.error();
        blocks.push_back(std::move(block).value());
      }
    }
  }
  return blocks;
}

}  // namespace hearth::gopro
