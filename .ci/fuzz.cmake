# SPDX-License-Identifier: Apache-2.0
# libFuzzer targets: clang, sanitizers, coverage.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "")
set(BREACHD_SANITIZE ON CACHE BOOL "")
set(BREACHD_FUZZ ON CACHE BOOL "")
