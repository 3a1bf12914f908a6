/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void promise_broken(const char *file, int line, const char *that)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, that);
    abort();
}

/* Length of the character at `at`, 0 when it is none. */
static size_t character(const unsigned char *at)
{
    static const struct lead {
        unsigned char low, high, second_low, second_high;
        size_t length;
    } leads[] = { { 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
                  { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
                  { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
                  { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
                  { 0xf4, 0xf4, 0x80, 0x8f, 4 } };

    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        const struct lead *lead = &leads[i];

        if (*at < lead->low || *at > lead->high)
            continue;
        if (lead->length > 1 && (at[1] < lead->second_low || at[1] > lead->second_high))
            return 0;
        for (size_t k = 2; k < lead->length; k++) {
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        }
        return lead->length;
    }
    return 0;
}

bool is_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        size_t length = character(at);

        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

char *as_text(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);

    promise(text != NULL);
    if (n > 0)
        memcpy(text, bytes, n);
    text[n] = '\0';
    return text;
}

static char folder[64];

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what;
    (void)kind;
    (void)where;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    if (folder[0] == '\0') {
        // In memory where that is to be had: a disk would be the slowest part.
        snprintf(folder, sizeof folder, "%s/breachd-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        promise(mkdtemp(folder) != NULL);
        atexit(remove_folder);
    }
    return folder;
}

void fuzz_write(const char *name, const uint8_t *bytes, size_t n)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    file = fopen(path, "we");
    promise(file != NULL);
    promise(n == 0 || fwrite(bytes, 1, n, file) == n);
    promise(fclose(file) == 0);
}
