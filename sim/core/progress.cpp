// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/progress.h>

namespace hearth {

bool report(const Progress& progress, std::string_view what, std::int64_t done,
            std::int64_t total) {
  return !progress || progress(what, done, total);
}

}  // namespace hearth
