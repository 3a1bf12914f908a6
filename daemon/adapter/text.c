/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*
 * How many of the `n` bytes are a character of UTF-8, the shortest form of no surrogate; 0: none.
 */
static size_t decode(const unsigned char *at, size_t n, uint32_t *out)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = at[0] < 0x80   ? 1
                    : at[0] < 0xc0 ? 0
                    : at[0] < 0xe0 ? 2
                    : at[0] < 0xf0 ? 3
                    : at[0] < 0xf8 ? 4
                                   : 0;

    if (length == 0 || length > n)
        return 0;
    *out = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        *out = *out << 6 | (at[i] & 0x3fu);
    }
    return *out < least[length] || *out > 0x10ffff || (*out >= 0xd800 && *out < 0xe000) ? 0
                                                                                        : length;
}

/* Alerts are JSON, which holds UTF-8 or nothing. */
static bool is_utf8(const char *text)
{
    uint32_t character;
    size_t left = strlen(text), n = 1;

    for (; left > 0 && n > 0; text += n, left -= n) // a character of the text each turn
        n = decode((const unsigned char *)text, left, &character);
    return left == 0;
}

bool text_is_clean(const char *text, struct fault *why)
{
    if (strlen(text) > TEXT_LONGEST)
        return fault_set(why, "is longer than %d bytes", TEXT_LONGEST);
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return fault_set(why, "holds a control character");
    }
    return is_utf8(text) || fault_set(why, "is not UTF-8");
}

/* ---- safe to show ---- */

/* Ends, fillers and what Unicode 15 calls default ignorable, and Cc. In order. */
static const struct range {
    uint32_t first, last;
} unseen[] = { { 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },  { 0x034f, 0x034f },
               { 0x061c, 0x061c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },  { 0x180b, 0x180f },
               { 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },  { 0x3164, 0x3164 },
               { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },  { 0xfff0, 0xfffb },
               { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff } };

static bool is_unseen(uint32_t character)
{
    size_t i = 0;

    while (i < sizeof unseen / sizeof *unseen && unseen[i].last < character)
        i++;
    return i < sizeof unseen / sizeof *unseen && unseen[i].first <= character;
}

/* One character or byte as it is shown; how many bytes it was. */
static size_t show(const unsigned char *at, size_t n, char out[TEXT_ESCAPE_MAX])
{
    uint32_t character;
    size_t length = decode(at, n, &character);

    if (length == 0)
        snprintf(out, TEXT_ESCAPE_MAX, "\\x%02X", at[0]);
    else if (!is_unseen(character))
        snprintf(out, TEXT_ESCAPE_MAX, "%.*s", (int)length, (const char *)at);
    else if (character < 0x10000)
        snprintf(out, TEXT_ESCAPE_MAX, "\\u%04X", (unsigned)(uint16_t)character);
    else
        snprintf(out, TEXT_ESCAPE_MAX, "\\u%04X\\u%04X",
                 (unsigned)(uint16_t)(0xd7c0 + (character >> 10)),
                 (unsigned)(uint16_t)(0xdc00 + (character & 0x3ff)));
    return length > 0 ? length : 1;
}

size_t text_escape(const char *bytes, size_t n, char *out, size_t room)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t taken = 0, used = 0;

    while (taken < n) {
        char shown[TEXT_ESCAPE_MAX];
        size_t length = show(at + taken, n - taken, shown), size = strlen(shown);

        if (used + size >= room)
            break;
        memcpy(out + used, shown, size);
        used += size;
        taken += length;
    }
    if (room > 0)
        out[used] = '\0';
    return taken;
}

char *text_fit(const char *text, char *out, size_t room)
{
    static const char more[] = "\xE2\x80\xA6"; // …
    size_t used = 0, cut = 0, left = strlen(text);

    for (const char *at = text; left > 0;) { // a character of the text each turn
        uint32_t character;
        size_t n = decode((const unsigned char *)at, left, &character);
        size_t taken = n > 0 ? n : 1;

        if (used + taken >= room) {
            memcpy(out + cut, more, sizeof more);
            return out;
        }
        memcpy(out + used, n > 0 ? at : "?", taken);
        used += taken;
        at += taken;
        left -= taken;
        if (used + sizeof more <= room)
            cut = used;
    }
    out[used] = '\0';
    return out;
}
