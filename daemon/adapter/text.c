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
