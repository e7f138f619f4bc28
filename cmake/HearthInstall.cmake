# SPDX-License-Identifier: Apache-2.0
# Install, export, and the package that find_package(hearth) reads. The pinned wheels go along, whole, so that an
# installed hearth neither downloads anything nor depends on a cache folder.
include(CMakePackageConfigHelpers)

set(_hearth_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hearth)
set(_hearth_wheels_dir ${CMAKE_INSTALL_LIBDIR}/hearth)

get_property(_hearth_modules GLOBAL PROPERTY HEARTH_BUILT_MODULES)
if(_hearth_modules)
  install(EXPORT hearthTargets NAMESPACE hearth:: DESTINATION ${_hearth_package_dir})
endif()
configure_package_config_file(cmake/hearthConfig.cmake.in ${PROJECT_BINARY_DIR}/hearthConfig.cmake
  INSTALL_DESTINATION ${_hearth_package_dir} PATH_VARS _hearth_wheels_dir)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hearthConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/hearthConfig.cmake ${PROJECT_BINARY_DIR}/hearthConfigVersion.cmake
  cmake/Dependencies.cmake cmake/HearthFetch.cmake cmake/fetch_wheel.py
  DESTINATION ${_hearth_package_dir})

foreach(_wheel MUJOCO OPENVINO ARROW MEDIAPIPE)
  string(TOLOWER ${_wheel} _folder)
  install(DIRECTORY ${hearth_${_wheel}_root}/ DESTINATION ${_hearth_wheels_dir}/${_folder} PATTERN ".complete" EXCLUDE)
endforeach()
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/hearth)
