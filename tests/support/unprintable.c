/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unprintable.c - JSON about a ping of tag-pill cannot be printed. Preloaded into breachd: there
 * is no value any more that does it by itself.
 */
#include <dlfcn.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

char *json_dumps(const json_t *json, size_t flags)
{
    static char *(*real)(const json_t *json, size_t flags);
    char *text;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "json_dumps");
    text = real(json, flags);
    if (text == NULL || strstr(text, "tag-pill") == NULL || strstr(text, "\"ping\":{") == NULL)
        return text;
    free(text);
    return NULL;
}
