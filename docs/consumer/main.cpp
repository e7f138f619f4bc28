// SPDX-License-Identifier: Apache-2.0
// The smallest use of an installed hearth: puts a box on a table, asks whether the scene is valid,
// and says so.

#include <hearth/core/version.h>
#include <hearth/data/scene.h>

#include <cstdio>
#include <utility>

int main() {
  hearth::Support table;
  table.id = "table";
  table.category = "table";
  table.world_from_support.position_m = {0.5, 0.0, 0.75};
  table.size_m = {1.2, 0.6, 0.03};

  hearth::Scene scene;
  scene.supports.push_back(table);
  const auto checked = hearth::validated(std::move(scene));
  const auto version = hearth::version();
  if (!checked.ok()) {
    std::printf("hearth %.*s refuses the scene: %s\n", static_cast<int>(version.size()),
                version.data(), hearth::to_string(checked.error()).c_str());
    return 1;
  }
  std::printf("hearth %.*s: a scene with %zu support\n", static_cast<int>(version.size()),
              version.data(), checked.value().supports.size());
  return 0;
}
