// SPDX-License-Identifier: Apache-2.0
// Debian's TBB, under OpenVINO, opens its binding library with RTLD_DEEPBIND, which the address
// sanitizer refuses by ending the program. Linked into sanitized programs alone.
#include <dlfcn.h>

extern "C" void* dlopen(const char* file, int mode) noexcept {
  using Open = void* (*)(const char*, int);
  static const Open next = reinterpret_cast<Open>(dlsym(RTLD_NEXT, "dlopen"));
  return next(file, mode & ~RTLD_DEEPBIND);
}
