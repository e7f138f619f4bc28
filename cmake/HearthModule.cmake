# SPDX-License-Identifier: Apache-2.0
# hearth_module(): one folder, one static library, one line of the ladder. hearth_test(): its tests.

set(_hearth_module_dir ${CMAKE_CURRENT_LIST_DIR})
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/ladder.txt _hearth_ladder REGEX "^[0-9]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/ladder.txt)

# Sets `floor` and `sideways` in the caller for module `name`; stops where the ladder has no such line.
function(hearth_ladder_line name floor sideways)
  foreach(line IN LISTS _hearth_ladder)
    if(line MATCHES "^([0-9]+) ${name}( sideways)?$")
      set(${floor} ${CMAKE_MATCH_1} PARENT_SCOPE)
      if(CMAKE_MATCH_2)
        set(${sideways} TRUE PARENT_SCOPE)
      else()
        set(${sideways} FALSE PARENT_SCOPE)
      endif()
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "hearth: module '${name}' is not in cmake/ladder.txt; add its line there and in docs")
endfunction()

# Stops the configuration where a dependency is not below the module.
function(hearth_check_ladder name depends)
  hearth_ladder_line(${name} own_floor own_sideways)
  foreach(dependency IN LISTS depends)
    hearth_ladder_line(${dependency} floor sideways)
    if(floor LESS own_floor)
      continue()
    endif()
    if(floor EQUAL own_floor AND own_sideways AND NOT sideways)
      continue()
    endif()
    message(FATAL_ERROR "hearth: module '${name}' (floor ${own_floor}) must not depend on '${dependency}' "
                        "(floor ${floor}); pass what it needs as an argument or compose one floor up")
  endforeach()
endfunction()

# Lists in `missing` what a module or test cannot be built without.
function(hearth_missing_parts missing files depends)
  set(found_missing "")
  foreach(file IN LISTS files)
    if(NOT EXISTS ${file})
      list(APPEND found_missing ${file})
    endif()
  endforeach()
  foreach(dependency IN LISTS depends)
    if(NOT TARGET hearth_${dependency})
      list(APPEND found_missing "module ${dependency}")
    endif()
  endforeach()
  set(${missing} "${found_missing}" PARENT_SCOPE)
endfunction()

# hearth_module(<name> FLOOR <n> SOURCES a.cpp ... HEADERS x.h ... [DEPENDS core ...] [PRIVATE_LIBS target ...])
# Makes hearth_<name> (alias hearth::<name>). HEADERS are file names inside include/hearth/<name>/.
function(hearth_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FLOOR" "SOURCES;HEADERS;DEPENDS;PRIVATE_LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hearth: hearth_module(${name}) does not know: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  hearth_ladder_line(${name} floor sideways)
  if(NOT "${arg_FLOOR}" STREQUAL "${floor}")
    message(FATAL_ERROR "hearth: module '${name}' says FLOOR ${arg_FLOOR}, cmake/ladder.txt says ${floor}")
  endif()
  hearth_check_ladder(${name} "${arg_DEPENDS}")

  list(TRANSFORM arg_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/hearth/${name}/ OUTPUT_VARIABLE headers)
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  hearth_missing_parts(missing "${headers};${sources}" "${arg_DEPENDS}")
  if(NOT sources)
    list(APPEND missing "any source")
  endif()
  if(missing)
    if(HEARTH_PARTIAL)
      message(WARNING "hearth: module '${name}' left out, it lacks: ${missing}")
      return()
    endif()
    message(FATAL_ERROR "hearth: module '${name}' lacks: ${missing}")
  endif()

  add_library(hearth_${name} STATIC ${sources})
  add_library(hearth::${name} ALIAS hearth_${name})
  set_target_properties(hearth_${name} PROPERTIES EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON)
  target_sources(hearth_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_compile_features(hearth_${name} PUBLIC cxx_std_20)
  target_include_directories(hearth_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM arg_DEPENDS PREPEND hearth_ OUTPUT_VARIABLE lower_modules)
  target_link_libraries(hearth_${name}
    PUBLIC ${lower_modules}
    PRIVATE $<BUILD_INTERFACE:hearth_build_flags> ${arg_PRIVATE_LIBS})
  install(TARGETS hearth_${name} EXPORT hearthTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} FILE_SET HEADERS)
  set_property(GLOBAL APPEND PROPERTY HEARTH_BUILT_MODULES ${name})
endfunction()

# hearth_format(<name> SOURCES a.cpp ... [HEADERS x.h ...] [PRIVATE_LIBS target ...])
# One foreign format of module ingest as a small library hearth_ingest_<name>. HEADERS are file names inside
# include/hearth/ingest/. Its row in the table: sim/ingest/formats.cpp.
function(hearth_format name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;PRIVATE_LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hearth: hearth_format(${name}) does not know: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target hearth_ingest_${name})
  list(TRANSFORM arg_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/hearth/ingest/ OUTPUT_VARIABLE headers)
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(hearth::ingest_${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ingest_${name} VERIFY_INTERFACE_HEADER_SETS ON)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target}
    PUBLIC hearth_ingest
    PRIVATE $<BUILD_INTERFACE:hearth_build_flags> ${arg_PRIVATE_LIBS})
  install(TARGETS ${target} EXPORT hearthTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} FILE_SET HEADERS)
  set_property(GLOBAL APPEND PROPERTY HEARTH_BUILT_MODULES ingest_${name})
endfunction()

# Adds every module folder that has a CMakeLists.txt, lower floors first.
function(hearth_add_modules)
  foreach(line IN LISTS _hearth_ladder)
    string(REGEX REPLACE "^[0-9]+ ([a-z]+).*$" "\\1" name "${line}")
    if(NOT EXISTS ${PROJECT_SOURCE_DIR}/sim/${name}/CMakeLists.txt)
      continue()
    endif()
    if(HEARTH_MODULES STREQUAL "all" OR name IN_LIST HEARTH_MODULES)
      add_subdirectory(${PROJECT_SOURCE_DIR}/sim/${name} ${PROJECT_BINARY_DIR}/sim/${name})
    endif()
  endforeach()
endfunction()

# hearth_test(<name> SOURCES a_test.cpp ... [DEPENDS modules ...] [PRIVATE_LIBS target ...])
# Makes hearth_test_<name>, linked with module <name> where there is one. Each Catch2 case becomes a ctest
# "<name>/<case>"; cases tagged [slow] get the label slow. A case that cannot run prints "SKIPPED: <reason>"
# and returns: ctest counts it as skipped only if nothing else in it failed.
function(hearth_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hearth: hearth_test(${name}) does not know: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(modules ${arg_DEPENDS})
  if(EXISTS ${PROJECT_SOURCE_DIR}/sim/${name}/CMakeLists.txt)
    list(PREPEND modules ${name})
  endif()
  list(REMOVE_DUPLICATES modules)
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  hearth_missing_parts(missing "${sources}" "${modules}")
  if(missing)
    if(HEARTH_PARTIAL OR NOT HEARTH_MODULES STREQUAL "all")
      message(STATUS "hearth: tests of '${name}' left out, they lack: ${missing}")
      return()
    endif()
    message(FATAL_ERROR "hearth: tests of '${name}' lack: ${missing}")
  endif()

  set(target hearth_test_${name})
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE
    HEARTH_SHARED_DIR="${HEARTH_SHARED_DIR}"
    HEARTH_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    HEARTH_MODEL_DIR="${HEARTH_MODEL_DIR}")
  list(TRANSFORM modules PREPEND hearth_)
  target_link_libraries(${target} PRIVATE
    ${modules} ${arg_PRIVATE_LIBS} $<TARGET_NAME_IF_EXISTS:hearth_test_support>
    hearth_build_flags Catch2::Catch2WithMain)
  hearth_discover_tests(${target} ${name}/)
endfunction()

# Lists the Catch2 cases of a test program after it is built, for ctest.
function(hearth_discover_tests target prefix)
  set(list_file ${CMAKE_CURRENT_BINARY_DIR}/${target}_list.cmake)
  add_custom_command(TARGET ${target} POST_BUILD
    BYPRODUCTS ${list_file}
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${target}> -D PREFIX=${prefix}
            -D FOLDER=${CMAKE_CURRENT_BINARY_DIR} -D LIST=${list_file}
            -P ${_hearth_module_dir}/discover_tests.cmake
    COMMENT "Listing tests of ${target}"
    VERBATIM)
  set(include_file ${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake)
  file(WRITE ${include_file}
    "if(EXISTS \"${list_file}\")\n  include(\"${list_file}\")\nelse()\n"
    "  add_test(\"${prefix}NOT_BUILT\" \"${target}\")\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include_file})
endfunction()
