// SPDX-License-Identifier: Apache-2.0
#include "hdf5_file.h"

#include <hdf5.h>

#include <cstring>

namespace hearth::egodex {
namespace {

constexpr std::size_t kMaxTextBytes = 1 << 20;

/// Keeps the library from printing; puts its handler back.
class Silence {
 public:
  Silence() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Silence() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

/// An id of any kind, given back at the end.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  [[nodiscard]] bool good() const { return id_ >= 0; }
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor)

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// True where every step of a path is there: asking for a deeper one is an error of the library.
bool exists(hid_t file, const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string step = path.substr(0, at);
    if (H5Lexists(file, step.c_str(), H5P_DEFAULT) <= 0) return false;
    if (at == std::string::npos) return H5Oexists_by_name(file, path.c_str(), H5P_DEFAULT) > 0;
  }
}

}  // namespace

Hdf5File::~Hdf5File() {
  if (id_ < 0) return;
  const Silence quiet;
  H5Fclose(static_cast<hid_t>(id_));
}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept : id_(other.id_), name_(std::move(other.name_)) {
  other.id_ = -1;
}

bool Hdf5File::has(const std::string& path) const {
  const Silence quiet;
  return exists(static_cast<hid_t>(id_), path);
}

Result<Dense> Hdf5File::dense(const std::string& path, std::size_t max_values) const {
  const Silence quiet;
  const auto corrupt = [&](std::string message) {
    return Error{ErrorCode::corrupt, std::move(message), name_ + ":" + path};
  };
  const auto file = static_cast<hid_t>(id_);
  if (!exists(file, path)) return corrupt("there is no such dataset");
  const Id set(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose);
  if (!set.good()) return corrupt("this is no dataset, or it is damaged");
  const Id type(H5Dget_type(set), H5Tclose);
  const H5T_class_t kind = type.good() ? H5Tget_class(type) : H5T_NO_CLASS;
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) return corrupt("the dataset holds no numbers");
  const Id space(H5Dget_space(set), H5Sclose);
  const int rank = space.good() ? H5Sget_simple_extent_ndims(space) : -1;
  if (rank < 0 || rank > 3) return corrupt("the dataset has more than three dimensions");
  hsize_t size[3] = {1, 1, 1};
  H5Sget_simple_extent_dims(space, size, nullptr);
  Dense dense;
  std::size_t count = 1;
  for (int i = 0; i < rank; ++i) {
    if (size[i] > max_values / count) return corrupt("the dataset is larger than it can be");
    count *= static_cast<std::size_t>(size[i]);
    dense.shape.push_back(static_cast<std::size_t>(size[i]));
    if (count == 0) return corrupt("the dataset is empty");
  }
  dense.values.resize(count);
  if (H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, dense.values.data()) < 0) {
    return corrupt("the dataset cannot be read");
  }
  return dense;
}

std::optional<std::string> Hdf5File::text_attribute(const std::string& name) const {
  const Silence quiet;
  const auto file = static_cast<hid_t>(id_);
  if (H5Aexists(file, name.c_str()) <= 0) return std::nullopt;
  const Id attribute(H5Aopen(file, name.c_str(), H5P_DEFAULT), H5Aclose);
  if (!attribute.good()) return std::nullopt;
  const Id type(H5Aget_type(attribute), H5Tclose);
  const Id space(H5Aget_space(attribute), H5Sclose);
  if (!type.good() || H5Tget_class(type) != H5T_STRING || !space.good() ||
      H5Sget_simple_extent_npoints(space) != 1) {
    return std::nullopt;
  }
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute, type, &text) < 0 || text == nullptr) return std::nullopt;
    std::string value(text);
    H5free_memory(text);
    return value;
  }
  const std::size_t size = H5Tget_size(type);
  if (size == 0 || size > kMaxTextBytes) return std::nullopt;
  std::string value(size, '\0');
  if (H5Aread(attribute, type, value.data()) < 0) return std::nullopt;
  value.resize(std::strlen(value.c_str()) < size ? std::strlen(value.c_str()) : size);
  return value;
}

Result<Hdf5File> open_hdf5(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    return Error{ErrorCode::not_found, "there is no such file", file.string()};
  }
  const Silence quiet;
  const hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (id < 0) {
    return Error{ErrorCode::corrupt, "this is no HDF5 file, or it was cut off", file.string()};
  }
  return Hdf5File(static_cast<std::int64_t>(id), file.string());
}

}  // namespace hearth::egodex
