/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/memory_json.h"

#include <jansson.h>
#include <stdlib.h>

static _Thread_local bool lacked;

static void *take(size_t n)
{
    void *got = malloc(n);

    lacked |= got == NULL;
    return got;
}

void memory_json_watch(void)
{
    json_set_alloc_funcs(take, free);
}

bool memory_json_lacked(void)
{
    bool was = lacked;

    lacked = false;
    return was;
}
