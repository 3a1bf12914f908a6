#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Raises the alarm at the third missed beat: the key lives for three of them.
while sleep 1; do
    # shellcheck disable=SC2086 # options
    [ "$(redis-cli $REDIS EXISTS '{breachd}:heartbeat')" = 1 ] || echo 'breachd is not heard of'
done
