/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user_map.h - which users the kernel can name to us. In a user namespace, as that of systemd's
 * PrivateUsers=yes, it has a number only for who is mapped there: all others are one, the overflow
 * user, 65534, which may or may not be `nobody` (user_namespaces(7)).
 */
#ifndef ADAPTER_USER_MAP_H
#define ADAPTER_USER_MAP_H

#include <stdbool.h>

/* The number of who is somewhere else, if the administrator has not set another. */
enum { USER_MAP_OVERFLOW = 65534 };

/* Whether a text like /proc/self/uid_map, lines of `INSIDE OUTSIDE COUNT`, has the user inside. */
bool user_map_has(const char *map, long uid);

/* Whether that number says who it is; true where the map cannot be read, or it is no overflow. */
bool user_map_names(long uid);

#endif
