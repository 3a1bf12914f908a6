/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/user_map.h"

#include <stdio.h>
#include <string.h>

enum { MAP_MAX = 4096 }; // bytes: some 100 lines; systemd writes two

bool user_map_has(const char *map, long uid)
{
    unsigned long inside, outside, count;
    int n;

    // A line of /proc/self/uid_map each turn, of which the kernel takes 340.
    for (; sscanf(map, "%lu %lu %lu%n", &inside, &outside, &count, &n) == 3; map += n) {
        if (uid >= 0 && (unsigned long)uid >= inside && (unsigned long)uid - inside < count)
            return true;
    }
    return false;
}

bool user_map_names(long uid)
{
    FILE *file = uid == USER_MAP_OVERFLOW ? fopen("/proc/self/uid_map", "re") : NULL;
    char map[MAP_MAX];
    size_t n;

    if (file == NULL)
        return true;
    n = fread(map, 1, sizeof map - 1, file);
    fclose(file);
    map[n] = '\0';
    return n == 0 || user_map_has(map, uid);
}
