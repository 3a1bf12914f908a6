# SPDX-License-Identifier: Apache-2.0
# For the desk: quick to build, easy to debug.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
