// SPDX-License-Identifier: Apache-2.0
#include <hearth/engine/engine_info.h>
#include <mujoco/mujoco.h>

namespace hearth {

namespace {
constexpr int kPinnedVersion = 4000001;  // 4.0.0 has a solver bug for sparse Jacobians
static_assert(mjVERSION_HEADER == kPinnedVersion, "build against the pinned MuJoCo");
}  // namespace

std::string engine_name() { return std::string("mujoco ") + mj_versionString(); }

Result<Done> check_engine() {
  if (mj_version() == kPinnedVersion) return Done{};
  return Error{ErrorCode::unsupported,
               "hearth is built for mujoco 4.0.1 but " + engine_name() + " was loaded",
               "libmujoco"};
}

}  // namespace hearth
