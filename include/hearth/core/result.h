// SPDX-License-Identifier: Apache-2.0
#pragma once

/// @file
/// Errors as values. Bad input comes back as Result<T>; a broken hearth precondition throws
/// std::logic_error and is never compiled out.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hearth {

/// What kind of failure an Error is. The command line derives its exit code from it.
enum class ErrorCode {
  invalid_argument,  ///< An option or a value is out of its range.
  not_found,         ///< A file, folder or id does not exist.
  corrupt,           ///< The bytes do not follow their format.
  unsupported,       ///< Well-formed, but hearth cannot work with it.
  infeasible,        ///< The input is fine; the work has no solution or did not succeed.
  try_again,         ///< Disk full, busy or interrupted: the same call may work later.
};

/// One failure: `message` is one sentence without a full stop, `where` names the place, for example
/// `kitchen.json:/objects/3/mass_kg`, a byte offset or an option's name.
struct Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string message;
  std::string where;
  bool operator==(const Error&) const = default;
};

/// Returns the snake_case name of a code.
[[nodiscard]] std::string_view name(ErrorCode code);

/// Returns `where: message`, or the message alone where no place is known.
[[nodiscard]] std::string to_string(const Error& error);

/// Throws std::logic_error with the caller's file and line unless `condition` holds.
void require(bool condition, const char* what, const char* file = __builtin_FILE(),
             int line = __builtin_LINE());

/// A value or an Error. Reading the side that is absent throws std::logic_error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    require(ok(), "Result has no value");
    return *value_;
  }
  [[nodiscard]] T&& value() && {
    require(ok(), "Result has no value");
    return std::move(*value_);
  }
  [[nodiscard]] const Error& error() const {
    require(!ok(), "Result has no error");
    return error_;
  }
  const T& operator*() const& { return value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Error error_;
};

/// The value type of operations that return nothing: Result<Done>.
struct Done {
  bool operator==(const Done&) const = default;
};

}  // namespace hearth
