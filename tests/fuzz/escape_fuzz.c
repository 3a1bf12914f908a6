/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes, as they are shown to people, and any text within JSON that a terminal may show. */
#include "adapter/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* What no terminal may be sent: written down a second time, by bytes. */
static void promise_harmless(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    promise(is_utf8(text));
    for (; *at != '\0'; at++) {
        promise(*at >= ' ' && *at != 0x7f);
        promise(at[0] != 0xc2 || at[1] >= 0xa0);
        promise(at[0] != 0xd8 || at[1] != 0x9c);
        promise(at[0] != 0xe2 || at[1] != 0x80 || at[2] < 0x8b || (at[2] > 0x8f && at[2] < 0xa8) ||
                at[2] > 0xae);
        promise(at[0] != 0xe2 || at[1] != 0x81 || at[2] < 0xa0 || at[2] > 0xaf);
        promise(at[0] != 0xef || at[1] != 0xbb || at[2] != 0xbf);
        promise(at[0] != 0xf3 || at[1] != 0xa0); // tags, selectors
    }
}

/* The same in small pieces, into a room of exactly its size. */
static void try_pieces(const char *bytes, size_t n, const char *whole)
{
    size_t done = 0;

    for (size_t taken = 0, some; taken < n; taken += some) {
        char *piece = malloc(TEXT_ESCAPE_MAX);

        promise(piece != NULL);
        some = text_escape(bytes + taken, n - taken, piece, TEXT_ESCAPE_MAX);
        promise(some > 0 && strncmp(whole + done, piece, strlen(piece)) == 0);
        done += strlen(piece);
        free(piece);
    }
    promise(whole[done] == '\0');
}

/* Compact JSON escaped is JSON, and means the same. */
static void try_json(const char *bytes, size_t n, char *out, size_t room)
{
    json_t *said = json_pack("{s:o}", "by", json_stringn(bytes, n)), *read;
    char *printed = said != NULL ? json_dumps(said, JSON_COMPACT) : NULL;

    if (printed == NULL) // no UTF-8
        return;
    promise(text_escape(printed, strlen(printed), out, room) == strlen(printed));
    promise_harmless(out);
    read = json_loads(out, JSON_ALLOW_NUL, NULL);
    promise(read != NULL && json_equal(read, said));
    json_decref(read);
    json_decref(said);
    free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = n > 0 ? (const char *)bytes : "";
    size_t room = 12 * n + 64; // a NUL is \u0000 in JSON
    char *out = malloc(room), *again = malloc(room);

    promise(out != NULL && again != NULL);
    promise(text_escape(text, n, out, room) == n);
    promise_harmless(out);
    promise(text_escape(out, strlen(out), again, room) == strlen(out) && strcmp(out, again) == 0);
    try_pieces(text, n, out);
    try_json(text, n, out, room);
    free(out);
    free(again);
    return 0;
}
