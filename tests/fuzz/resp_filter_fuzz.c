/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a Redis says, in pieces of any size: the first byte is that of the pieces. */
#include "adapter/redis/resp_filter.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS = 40, MEMBERS = 6 };

struct sifted {
    char *bytes;
    size_t n;
    bool well;
};

/* All of it, `step` bytes at a time, into as much room as `room`. */
static struct sifted sift(const char *bytes, size_t n, size_t step, size_t room)
{
    // A head of three bytes may become an answer of five.
    struct sifted out = { malloc(2 * n + RESP_FILTER_HEAD_MAX + room), 0, true };
    struct resp_filter filter = { .limits = { TEXTS, MEMBERS } };
    size_t done, left;

    promise(out.bytes != NULL);
    for (size_t at = 0; at < n && out.well; at += done) {
        size_t piece = n - at < step ? n - at : step;

        out.well =
            resp_filter_feed(&filter, bytes + at, piece, &done, out.bytes + out.n, room, &left);
        promise(done <= piece && left <= room && (!out.well || done > 0 || left > 0));
        out.n += left;
    }
    return out;
}

static void promise_the_same(const struct sifted *a, const struct sifted *b)
{
    promise(a->well == b->well && a->n == b->n && memcmp(a->bytes, b->bytes, a->n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *said = n > 0 ? (const char *)bytes + 1 : "";
    size_t length = n > 0 ? n - 1 : 0, step = n > 0 ? (size_t)bytes[0] + 1 : 1;
    struct sifted whole = sift(said, length, SIZE_MAX, 4096);
    struct sifted pieces = sift(said, length, step, RESP_FILTER_HEAD_MAX);
    struct sifted again = sift(whole.bytes, whole.n, SIZE_MAX, 4096);

    promise_the_same(&whole, &pieces);
    promise(again.well && again.n == whole.n && memcmp(again.bytes, whole.bytes, whole.n) == 0);
    free(whole.bytes);
    free(pieces.bytes);
    free(again.bytes);
    return 0;
}
