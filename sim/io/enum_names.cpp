// SPDX-License-Identifier: Apache-2.0
#include <hearth/io/enum_names.h>

#include "fields_reports.h"

namespace hearth {
namespace {

template <class E>
std::string name(E value) {
  return EnumNames<E>::names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string name_of(Verdict verdict) { return name(verdict); }
std::string name_of(StageStatus status) { return name(status); }
std::string name_of(Severity severity) { return name(severity); }

}  // namespace hearth
