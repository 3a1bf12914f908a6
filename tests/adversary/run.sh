#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds breachd and sets each adversary upon it: sh tests/adversary/run.sh --seconds 60 --rounds 5 --seed 1
exec sh "$(dirname "$0")/../support/run_built.sh" adversary "$@"
