// SPDX-License-Identifier: Apache-2.0
// The one place where MuJoCo's process-wide log handler is set. Messages go to the guarded call of
// the thread that caused them; nothing is printed and no log file is written.
#include <csetjmp>
#include <cstdlib>
#include <mutex>

#include "sim/engine/mujoco_handle.h"

namespace hearth::engine {

namespace {

struct Guard {
  std::jmp_buf escape;
  char first_message[1024] = {};
  bool failed = false;
};

thread_local Guard* active_guard = nullptr;

void handle_message(const mjLogMessage* message) {
  if (message->level < mjLOG_WARNING) return;
  Guard* guard = active_guard;
  if (guard != nullptr && !guard->failed) {
    guard->failed = true;
    for (std::size_t i = 0; i + 1 < sizeof(guard->first_message) && message->subject[i] != 0; ++i) {
      guard->first_message[i] = message->subject[i];
    }
  }
  if (message->level < mjLOG_ERROR) return;
  if (guard == nullptr) std::abort();  // an engine error outside guarded(): hearth is wrong
  std::longjmp(guard->escape, 1);
}

void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] { mju_setLogHandler(handle_message); });
}

// Apart from guarded(), so that no object with a destructor lives in the frame that setjmp returns
// to.
void run_with_escape(Guard& guard, const std::function<void()>& work) {
  if (setjmp(guard.escape) == 0) work();
}

}  // namespace

Result<Done> guarded(const std::function<void()>& work, const char* where) {
  install_handler();
  Guard guard;
  Guard* outer = active_guard;
  active_guard = &guard;
  run_with_escape(guard, work);
  active_guard = outer;
  if (guard.failed) return Error{ErrorCode::invalid_argument, guard.first_message, where};
  return Done{};
}

DataPtr make_data(const mjModel& model) {
  DataPtr data(mj_makeData(&model));
  require(data != nullptr, "the engine cannot allocate its state");
  return data;
}

}  // namespace hearth::engine
