# SPDX-License-Identifier: Apache-2.0
# What is installed: optimised, fortified.
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "")
