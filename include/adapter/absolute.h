/* SPDX-License-Identifier: Apache-2.0 */
/* absolute.h - one name for one file, however a path to it is spelled from here. */
#ifndef ADAPTER_ABSOLUTE_H
#define ADAPTER_ABSOLUTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The path from the root on, without `.` and doubled slashes. Links and `..` stay: where a link
 * leads may change, and with it what is meant. As it is where that has no room, or the working
 * folder no name. Returns `out`.
 */
const char *absolute_path(const char *path, char *out, size_t room);

/* Whether both lead to one file: spelled so, or found so where both are there. */
bool absolute_same(const char *one, const char *other);

#endif
