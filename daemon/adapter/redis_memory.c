/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis_memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What stands after `name:` at the beginning of a line; NULL: no such line. */
static const char *line_of(const char *info, const char *name)
{
    size_t n = strlen(name);

    // The lines of one answer.
    while (info != NULL && (strncmp(info, name, n) != 0 || info[n] != ':')) {
        info = strchr(info, '\n');
        info = info ? info + 1 : NULL;
    }
    return info ? info + n + 1 : NULL;
}

static bool read_bytes(const char *info, const char *name, uint64_t *out)
{
    const char *at = line_of(info, name);

    if (at == NULL || *at < '0' || *at > '9')
        return false;
    *out = strtoull(at, NULL, 10);
    return true;
}

bool redis_memory_read(const char *info, struct redis_memory *memory)
{
    struct redis_memory now = { .short_of = memory->short_of };
    const char *policy = line_of(info, "maxmemory_policy");
    size_t n = policy ? strcspn(policy, "\r\n") : 0;
    double share;

    if (!read_bytes(info, "used_memory", &now.used) || !read_bytes(info, "maxmemory", &now.most) ||
        n == 0 || n >= sizeof now.policy)
        return false;
    memcpy(now.policy, policy, n);
    share = redis_memory_share(&now);
    if (share >= REDIS_MEMORY_TELL)
        now.short_of = true;
    else if (share < REDIS_MEMORY_CALM)
        now.short_of = false;
    *memory = now;
    return true;
}

double redis_memory_share(const struct redis_memory *memory)
{
    return memory->most > 0 ? 100.0 * (double)memory->used / (double)memory->most : 0;
}

bool redis_memory_evicts(const struct redis_memory *memory)
{
    return memory->policy[0] != '\0' && strcmp(memory->policy, "noeviction") != 0;
}
