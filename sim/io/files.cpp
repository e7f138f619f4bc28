// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <hearth/io/files.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hearth {
namespace fs = std::filesystem;

Error error_from_errno(int error_number, const fs::path& path) {
  const std::string text = std::strerror(error_number);
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return {ErrorCode::try_again, "no space left on the disk; free some and run again",
              path.string()};
    case EINTR:
    case EAGAIN:
      return {ErrorCode::try_again, text + "; run again", path.string()};
    case EACCES:
    case EPERM:
    case EROFS:
      return {ErrorCode::invalid_argument,
              "may not be written (" + text + "); choose another place or change its permissions",
              path.string()};
    default:
      return {ErrorCode::invalid_argument, "cannot be written: " + text, path.string()};
  }
}

namespace {

// Writes and syncs; returns 0 or errno.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

Result<Done> write_file(const fs::path& path, std::string_view bytes) {
  fs::path temporary = path;
  temporary += ".tmp-" + std::to_string(::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return error_from_errno(errno, path);
  int failure = write_all(descriptor, bytes);
  if (::close(descriptor) != 0 && failure == 0) failure = errno;
  if (failure == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return Done{};
  ::unlink(temporary.c_str());
  return error_from_errno(failure, path);
}

Result<std::string> read_file(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::invalid_argument;
    return Error{code, std::string("cannot be read: ") + std::strerror(errno), path.string()};
  }
  std::string bytes;
  char buffer[1 << 16];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof buffer)) > 0) {
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
  const int failure = count < 0 ? errno : 0;
  ::close(descriptor);
  if (failure != 0) {
    return Error{ErrorCode::invalid_argument,
                 std::string("cannot be read: ") + std::strerror(failure), path.string()};
  }
  return bytes;
}

Result<Done> make_folder(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return error_from_errno(failure.value(), path);
  if (!fs::is_directory(path)) {
    return Error{ErrorCode::invalid_argument, "is not a folder", path.string()};
  }
  if (::access(path.c_str(), W_OK) != 0) return error_from_errno(errno, path);
  return Done{};
}

}  // namespace hearth
