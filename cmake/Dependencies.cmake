# SPDX-License-Identifier: Apache-2.0
# Every third-party library, by pin: wheels by version and sha256, the rest from Debian 12 (cmake/apt-packages.txt).
# Used by the build and by the installed package, so that both resolve the same targets.
include(${CMAKE_CURRENT_LIST_DIR}/HearthFetch.cmake)

if(NOT TARGET hearth_dep::mujoco)

# Physics. The engine is pinned exactly: another version gives other bytes.
set(HEARTH_MUJOCO_VERSION 4.0.1)
hearth_fetch_wheel(MUJOCO PACKAGE mujoco-core VERSION ${HEARTH_MUJOCO_VERSION}
  SHA256 be28c0c7587347ef996b4de0487264e9da296282082b092bae211a9163e9aed6
  MEMBERS "mujoco/include/*" "mujoco/libmujoco.so.*")
hearth_wheel_library(hearth_dep::mujoco ROOT ${hearth_MUJOCO_root}
  LIBRARY libmujoco.so.${HEARTH_MUJOCO_VERSION} HEADER mujoco/mujoco.h)
file(STRINGS ${hearth_MUJOCO_root}/include/mujoco/mujoco.h _hearth_line REGEX "#define mjVERSION_HEADER ")
if(NOT _hearth_line MATCHES "mjVERSION_HEADER 4000001$")
  message(FATAL_ERROR "hearth: MuJoCo headers in ${hearth_MUJOCO_root} are not ${HEARTH_MUJOCO_VERSION}: "
                      "${_hearth_line}; unset HEARTH_MUJOCO_ROOT to use the pinned wheel")
endif()

# Networks: the run time with its CPU plugin and the two readers of network files. Its copy of TBB stays behind:
# Embree brings the one of Debian, and two in one process would be one too many.
hearth_fetch_wheel(OPENVINO PACKAGE openvino VERSION 2026.4.1
  SHA256 2d22b1da03f7caf74df30e9f6417d0ab2f637e4a38e08e1dcd294d2c37407aaf
  MEMBERS "openvino/include/openvino/*" "openvino/libs/libopenvino.so.2641"
          "openvino/libs/libopenvino_intel_cpu_plugin.so" "openvino/libs/libopenvino_tensorflow_lite_frontend.so.2641"
          "openvino/libs/libopenvino_onnx_frontend.so.2641")
hearth_wheel_library(hearth_dep::openvino ROOT ${hearth_OPENVINO_root}
  LIBRARY libopenvino.so.2641 HEADER openvino/openvino.hpp)

# Hand networks: files only.
hearth_fetch_wheel(MEDIAPIPE PACKAGE mediapipe VERSION 0.10.21 FLAT
  SHA256 05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3
  MEMBERS "mediapipe/modules/palm_detection/*.tflite" "mediapipe/modules/hand_landmark/*.tflite"
  FILE_SHA256
    palm_detection_full.tflite=1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54
    palm_detection_lite.tflite=e9a4aaddf90dda56a87235303cf00e4c2d3fb28725f68fd88772997dac905c18
    hand_landmark_full.tflite=11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3
    hand_landmark_lite.tflite=048edd3645c9bf7397d19a9f6e3a42957d6e414c9bea6598030a2e9b624156e6)
set(HEARTH_MODEL_DIR ${hearth_MEDIAPIPE_root})

# Parquet.
hearth_fetch_wheel(ARROW PACKAGE pyarrow VERSION 26.0.1
  SHA256 39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c
  MEMBERS "pyarrow/include/arrow/*" "pyarrow/include/parquet/*" "pyarrow/libarrow.so.2600" "pyarrow/libparquet.so.2600")
hearth_wheel_library(hearth_dep::arrow ROOT ${hearth_ARROW_root} LIBRARY libarrow.so.2600 HEADER arrow/api.h)
hearth_wheel_library(hearth_dep::parquet ROOT ${hearth_ARROW_root} LIBRARY libparquet.so.2600 HEADER parquet/api/writer.h
  DEPENDS hearth_dep::arrow)

# Debian.
hearth_package("" PACKAGE Eigen3 VERSION 3.4 APT libeigen3-dev)
hearth_package("" PACKAGE OpenMP APT g++ COMPONENTS CXX)
hearth_package(hearth_dep::ceres PACKAGE Ceres VERSION 2.1 APT libceres-dev IMPORTS Ceres::ceres)
hearth_package(hearth_dep::embree PACKAGE embree VERSION 3.13 APT libembree-dev IMPORTS embree)
hearth_package(hearth_dep::openssl PACKAGE OpenSSL VERSION 3 APT libssl-dev IMPORTS OpenSSL::Crypto)
hearth_package(hearth_dep::json PACKAGE nlohmann_json VERSION 3.11 APT nlohmann-json3-dev IMPORTS nlohmann_json::nlohmann_json)
hearth_package(hearth_dep::cli11 PACKAGE CLI11 VERSION 2.1 APT libcli11-dev IMPORTS CLI11::CLI11)
hearth_package(hearth_dep::fmt PACKAGE fmt VERSION 9.1 APT libfmt-dev IMPORTS fmt::fmt)
hearth_package(hearth_dep::assimp PACKAGE assimp VERSION 5.2 APT libassimp-dev IMPORTS assimp::assimp)
hearth_package(hearth_dep::tinygltf PACKAGE TinyGLTF VERSION 2.7 APT libtinygltf-dev IMPORTS TinyGLTF::TinyGLTF)
hearth_system_library(hearth_dep::random123 APT librandom123-dev HEADER Random123/philox.h)
hearth_system_library(hearth_dep::zlib APT zlib1g-dev HEADER zlib.h LIBRARIES z)
hearth_system_library(hearth_dep::lz4 APT liblz4-dev HEADER lz4frame.h LIBRARIES lz4)
hearth_system_library(hearth_dep::zstd APT libzstd-dev HEADER zstd.h LIBRARIES zstd)
hearth_system_library(hearth_dep::hdf5 APT libhdf5-dev HEADER hdf5.h SUFFIXES hdf5/serial LIBRARIES hdf5_serial)
hearth_system_library(hearth_dep::boost APT libboost-dev HEADER boost/version.hpp)
hearth_system_library(hearth_dep::ffmpeg APT "libavformat-dev libavcodec-dev libavutil-dev libswscale-dev"
  HEADER libavformat/avformat.h LIBRARIES avformat avcodec avutil swscale)
hearth_system_library(hearth_dep::opencv
  APT "libopencv-core-dev libopencv-imgproc-dev libopencv-calib3d-dev libopencv-features2d-dev libopencv-video-dev libopencv-imgcodecs-dev"
  HEADER opencv2/core.hpp SUFFIXES opencv4
  LIBRARIES opencv_core opencv_imgproc opencv_calib3d opencv_features2d opencv_flann opencv_video opencv_imgcodecs)

endif()

# Folders with shared libraries of the wheels, as they are installed below <libdir>/hearth.
set(HEARTH_RUNTIME_FOLDERS mujoco openvino/libs arrow)
