/* SPDX-License-Identifier: Apache-2.0 */
/* Any entry of the ping stream: a field a line, `name=value`, any bytes. */
#include "adapter/ping/ping_entry.h"

#include "fuzz/fuzz.h"
#include "fuzz/readers.h"

#include <stdlib.h>
#include <string.h>

#include "support/entry.h"

static bool read_entry(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    struct entry_text texts[ENTRY_TEXTS_MAX];
    char *copy = malloc(body->n + 1);
    struct fault refused;
    struct ping ping;
    size_t n;

    (void)why;
    promise(copy != NULL);
    memcpy(copy, body->bytes, body->n);
    copy[body->n] = '\0';
    n = entry_split(copy, body->n, '\n', texts);
    if (ping_entry_read(texts, n, &ping, &refused))
        take(&ping, 0, NULL, arg);
    else
        take(NULL, 0, refused.text, arg);
    free(copy);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    readers_try(read_entry, bytes, n);
    return 0;
}
