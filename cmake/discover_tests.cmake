# SPDX-License-Identifier: Apache-2.0
# Run after a test program is built: writes LIST, a ctest script with one test per Catch2 case of PROGRAM.
cmake_minimum_required(VERSION 3.24)

string(ASCII 1 "disguise_;")
string(ASCII 2 "disguise_[")
string(ASCII 3 "disguise_]")

function(list_cases variable)
  execute_process(COMMAND ${PROGRAM} ${ARGN} --list-test-names-only
                  WORKING_DIRECTORY ${FOLDER} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE count)
  # Catch2 exits with the number of cases it listed, so only a signal name tells a crash.
  if(NOT count MATCHES "^[0-9]+$" OR (output STREQUAL "" AND NOT count EQUAL 0))
    message(FATAL_ERROR "${PROGRAM} cannot list its tests (${count}): ${errors}")
  endif()
  # CMake lists split at semicolons and count brackets: these letters travel in disguise.
  foreach(letter ";" "[" "]")
    string(REPLACE "${letter}" "${disguise_${letter}}" output "${output}")
  endforeach()
  string(REPLACE "\n" ";" output "${output}")
  list(TRANSFORM output STRIP)
  list(FILTER output EXCLUDE REGEX "^$")
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

list_cases(all_cases)
list_cases(slow_cases "[slow]")

set(script "")
foreach(disguised IN LISTS all_cases)
  set(case "${disguised}")
  foreach(letter ";" "[" "]")
    string(REPLACE "${disguise_${letter}}" "${letter}" case "${case}")
  endforeach()
  set(pattern "${case}")  # how Catch2 wants the name of one case
  string(REPLACE "\\" "\\\\" pattern "${pattern}")
  foreach(letter "," "[" "]" "\"" "*")
    string(REPLACE "${letter}" "\\${letter}" pattern "${pattern}")
  endforeach()
  set(labels unit)
  set(limit_s 300)
  if(disguised IN_LIST slow_cases)
    set(labels slow)
    set(limit_s 1200)
  endif()
  string(APPEND script
    "add_test([==[${PREFIX}${case}]==] [==[${PROGRAM}]==] [==[${pattern}]==] -w NoTests)\n"
    "set_tests_properties([==[${PREFIX}${case}]==] PROPERTIES WORKING_DIRECTORY [==[${FOLDER}]==]"
    " LABELS ${labels} TIMEOUT ${limit_s}"
    " SKIP_REGULAR_EXPRESSION [==[(SKIPPED|skipped): .*(All tests passed|- none -)]==])\n")
endforeach()
file(WRITE ${LIST} "${script}")
