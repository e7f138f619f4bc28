// SPDX-License-Identifier: Apache-2.0
#include "find_file.h"

#include <algorithm>
#include <system_error>

namespace hearth::foreign {
namespace fs = std::filesystem;

std::optional<fs::path> find_file(const fs::path& folder,
                                  std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names) {
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
  }
  return std::nullopt;
}

std::vector<fs::path> find_files(const fs::path& folder,
                                 std::initializer_list<const char*> subfolders,
                                 std::string_view start, std::initializer_list<const char*> ends) {
  std::vector<fs::path> found;
  for (const char* subfolder : subfolders) {
    std::error_code error;
    const fs::directory_iterator entries(folder / subfolder, error);
    if (error) continue;
    for (const fs::directory_entry& entry : entries) {
      const std::string name = entry.path().filename().string();
      std::error_code ignored;
      if (!entry.is_regular_file(ignored) || name.compare(0, start.size(), start) != 0) continue;
      const bool fits = std::any_of(ends.begin(), ends.end(), [&](const char* end) {
        return std::string_view(name).ends_with(end);
      });
      if (fits) found.push_back(entry.path());
    }
    if (!found.empty()) break;
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<Done> require_folder(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return Done{};
  return Error{ErrorCode::not_found, "there is no such folder", path.string()};
}

}  // namespace hearth::foreign
