#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds breachd and tortures it: sh tests/torture/run.sh --faults 10000 --seed 1
exec sh "$(dirname "$0")/../support/run_built.sh" torture "$@"
