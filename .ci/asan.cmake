# SPDX-License-Identifier: Apache-2.0
# Every test again, with the sanitizers watching.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS "-O1" CACHE STRING "")
set(BREACHD_SANITIZE ON CACHE BOOL "")
