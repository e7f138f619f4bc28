// SPDX-License-Identifier: Apache-2.0
#include <hearth/core/parallel.h>
#include <omp.h>

#include <exception>
#include <vector>

namespace hearth {

int thread_count(int jobs) { return jobs > 0 ? jobs : omp_get_num_procs(); }

void parallel_for(std::size_t count, int jobs, const std::function<void(std::size_t)>& body) {
  std::vector<std::exception_ptr> failures(count);
#pragma omp parallel for schedule(dynamic, 1) num_threads(thread_count(jobs))
  for (std::size_t i = 0; i < count; ++i) {
    try {
      body(i);
    } catch (...) {
      failures[i] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace hearth
