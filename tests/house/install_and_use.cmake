# SPDX-License-Identifier: Apache-2.0
# Installs the build into WORK/prefix, builds CONSUMER against it in WORK/build, runs it.
file(REMOVE_RECURSE ${WORK})

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${what} failed (${code}):\n${output}")
  endif()
  message(STATUS "${what}: done")
  set(last_output "${output}" PARENT_SCOPE)
endfunction()

step("install" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
# An own cache folder: whatever the package would download would show there.
step("configure the consumer" ${CMAKE_COMMAND} -E env XDG_CACHE_HOME=${WORK}/cache
  ${CMAKE_COMMAND} -G Ninja -S ${CONSUMER} -B ${WORK}/build -D CMAKE_PREFIX_PATH=${WORK}/prefix
  -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_FLAGS=${CXX_FLAGS} -D CMAKE_EXE_LINKER_FLAGS=${LINKER_FLAGS} -D CMAKE_BUILD_TYPE=None)
step("build the consumer" ${CMAKE_COMMAND} --build ${WORK}/build)
step("run the consumer" ${WORK}/build/hearth_consumer)
message(STATUS "${last_output}")
if(EXISTS ${WORK}/cache)
  message(FATAL_ERROR "the installed package fetched something; it must bring what it needs")
endif()
if(EXISTS ${WORK}/prefix/bin/hearth)
  step("run the installed command line" ${WORK}/prefix/bin/hearth --version)
  step("list its libraries" ldd ${WORK}/prefix/bin/hearth)
  string(REGEX MATCHALL "lib(mujoco|openvino|arrow|parquet)[^\n]*" libraries "${last_output}")
  foreach(library IN LISTS libraries)
    if(NOT library MATCHES "=> ${WORK}/prefix/")
      message(FATAL_ERROR "the installed command line loads a library from elsewhere: ${library}")
    endif()
  endforeach()
endif()
file(REMOVE_RECURSE ${WORK})
