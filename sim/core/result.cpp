// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/result.h>
#include <hearth/core/version.h>

#include <stdexcept>

namespace hearth {

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::infeasible:
      return "infeasible";
    case ErrorCode::try_again:
      return "try_again";
  }
  throw std::logic_error("unknown ErrorCode");
}

std::string to_string(const Error& error) {
  return error.where.empty() ? error.message : error.where + ": " + error.message;
}

void require(bool condition, const char* what, const char* file, int line) {
  if (condition) return;
  throw std::logic_error(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

std::string_view version() { return HEARTH_VERSION; }

}  // namespace hearth
