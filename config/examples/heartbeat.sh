#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Raises the alarm at the third missed beat, as the key lives for three of them; and at once when
# breachd was stopped, for its last beat says so.
while sleep 1; do
    # shellcheck disable=SC2086 # options
    beat=$(redis-cli $REDIS GET '{breachd}:heartbeat')
    case $beat in
    *'"stopped":true'*) echo 'breachd is stopped' ;;
    '{'*) ;;
    *) echo 'breachd is not heard of' ;;
    esac
done
