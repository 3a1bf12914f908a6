/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/text.h"

#include <iconv.h>
#include <string.h>

/* Alerts are JSON, which holds UTF-8 or nothing. */
static bool is_utf8(const char *text)
{
    union {
        const char *borrowed;
        char *in; // iconv only lacks the const
    } at = { text };
    char wide[4 * TEXT_LONGEST], *out = wide;
    size_t left = strlen(text), room = sizeof wide;
    iconv_t utf8 = iconv_open("UTF-32", "UTF-8");
    bool ok = utf8 != (iconv_t)-1 && iconv(utf8, &at.in, &left, &out, &room) != (size_t)-1;

    if (utf8 != (iconv_t)-1)
        iconv_close(utf8);
    return ok;
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

/* Bytes of the character at `at`; 0: it is none (RFC 3629: the shortest form, no surrogates). */
static size_t character(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n = *at < 0x80   ? 1
               : *at < 0xC2 ? 0
               : *at < 0xE0 ? 2
               : *at < 0xF0 ? 3
               : *at < 0xF5 ? 4
                            : 0;

    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F) ||
        (*at == 0xF0 && at[1] < 0x90) || (*at == 0xF4 && at[1] > 0x8F))
        return 0;
    return n;
}

char *text_fit(const char *text, char *out, size_t room)
{
    static const char more[] = "\xE2\x80\xA6"; // …
    size_t used = 0, cut = 0;

    for (const char *at = text; *at != '\0';) {
        size_t n = character(at);

        if (used + (n > 0 ? n : 1) >= room) {
            memcpy(out + cut, more, sizeof more);
            return out;
        }
        memcpy(out + used, n > 0 ? at : "?", n > 0 ? n : 1);
        used += n > 0 ? n : 1;
        at += n > 0 ? n : 1;
        if (used + sizeof more <= room)
            cut = used;
    }
    out[used] = '\0';
    return out;
}
