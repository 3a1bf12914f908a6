/* SPDX-License-Identifier: Apache-2.0 */
#include "core/wording.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * Each begins where a line or a section's name ends, so that no other place is looked at; of two
 * that begin alike the longer one stands first.
 */
static const char *const wordings[] = {
    "]\nkind = non-molestation",
    "]\nkind = ",
    "\nclause = ",
    "\nrespondent = ",
    "\ndevices = ",
    "\narea = ",
    "\nage = ",
    "\nmonitoring = consent",
    "\nmonitoring = ",
    "\nfrom = ",
    "\nserved = ",
    "\nuntil = ",
    "\n[zone ",
    "\n[permit ",
    "]\ncentre = ",
    "]\nwkt = POLYGON ((",
    "]\ngeojson = ",
    "\nradius = ",
    "\nbuffer = ",
    "\nwarn = ",
    "\nschedule = ",
    "]\nzones = ",
    "\nevery = ",
    "\nby = ",
    "\nwhy = ",
};

enum { WORDINGS = sizeof wordings / sizeof *wordings, LOW_BYTES = 8, HIGH_BYTES = 0x0e };

/* Bytes that no text has: 1 to 8 and 14 to 31; the last of these says that one had some. */
enum { AS_IT_IS = 0x1f };
_Static_assert(LOW_BYTES + AS_IT_IS - HIGH_BYTES >= WORDINGS, "a byte for each");

static char byte_of(size_t nth)
{
    return (char)(nth < LOW_BYTES ? nth + 1 : nth - LOW_BYTES + HIGH_BYTES);
}

/* NULL: the byte is what it is. */
static const char *wording_of(char byte)
{
    unsigned char value = (unsigned char)byte;
    size_t nth = value <= LOW_BYTES ? value - 1U : value - HIGH_BYTES + (size_t)LOW_BYTES;

    return value == 0 || (value > LOW_BYTES && value < HIGH_BYTES) || nth >= WORDINGS
               ? NULL
               : wordings[nth];
}

static bool has_our_bytes(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == AS_IT_IS || wording_of(*text) != NULL)
            return true;
    }
    return false;
}

/* Most differ in their second letter already. */
static bool begins_with(const char *at, const char *wording)
{
    return at[0] == wording[0] && at[1] == wording[1] && strncmp(at, wording, strlen(wording)) == 0;
}

/* The wording that stands there; WORDINGS: none. */
static size_t find(const char *at)
{
    size_t nth = 0;

    if (*at != '\n' && *at != ']')
        return WORDINGS;
    while (nth < WORDINGS && !begins_with(at, wordings[nth]))
        nth++;
    return nth;
}

char *wording_pack(const char *text)
{
    bool as_it_is = has_our_bytes(text);
    char *packed = malloc(strlen(text) + 2), *to = packed;

    if (packed == NULL)
        return NULL;
    if (as_it_is)
        *to++ = AS_IT_IS;
    while (*text != '\0') { // a text's length at most
        size_t nth = as_it_is ? WORDINGS : find(text);

        *to++ = nth < WORDINGS ? byte_of(nth) : *text;
        text += nth < WORDINGS ? strlen(wordings[nth]) : 1;
    }
    *to = '\0';
    return packed;
}

/* Writes the text, where `to` is not NULL; its length. */
static size_t unpack(const char *packed, char *to)
{
    size_t n = 0;

    for (; *packed != '\0'; packed++) {
        const char *wording = wording_of(*packed);
        size_t length = wording != NULL ? strlen(wording) : 1;

        if (to != NULL)
            memcpy(to + n, wording != NULL ? wording : packed, length);
        n += length;
    }
    return n;
}

char *wording_unpack(const char *packed)
{
    char *text;
    size_t n;

    if (*packed == AS_IT_IS)
        return strdup(packed + 1);
    n = unpack(packed, NULL);
    text = malloc(n + 1);
    if (text == NULL)
        return NULL;
    unpack(packed, text);
    text[n] = '\0';
    return text;
}
