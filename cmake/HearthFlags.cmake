# SPDX-License-Identifier: Apache-2.0
# Flags of own code, on a target that consumers never see.

add_library(hearth_build_flags INTERFACE)
target_compile_options(hearth_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<BOOL:${HEARTH_WARNINGS_AS_ERRORS}>:-Werror>
  -ffp-contract=off)  # fused multiply-adds differ between CPUs and compilers; results must not
