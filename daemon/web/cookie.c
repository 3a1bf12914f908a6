/* SPDX-License-Identifier: Apache-2.0 */
#include "web/cookie.h"

#include <stdio.h>
#include <string.h>

static const char *name_of(bool secure)
{
    return secure ? "__Host-breachd" : "breachd";
}

static bool is_id(const char *text, size_t n)
{
    return n == SECRET_HEX - 1 && strspn(text, "0123456789abcdef") >= n;
}

bool cookie_read(const char *header, bool secure, char out[SECRET_HEX])
{
    const char *name = name_of(secure), *found = NULL;
    size_t length = strlen(name), n, found_n = 0;

    for (const char *at = header != NULL ? header : ""; *at != '\0'; at += n + (at[n] == ';')) {
        at += strspn(at, " \t");
        n = strcspn(at, ";");
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        if (found != NULL)
            return false; // one of the two is not ours
        found = at + length + 1;
        found_n = n - length - 1;
    }
    while (found_n > 0 && strchr(" \t", found[found_n - 1]) != NULL)
        found_n--;
    if (found == NULL || !is_id(found, found_n))
        return false;
    memcpy(out, found, found_n);
    out[found_n] = '\0';
    return true;
}

char *cookie_print(const char *id, bool secure, char text[COOKIE_TEXT_MAX])
{
    snprintf(text, COOKIE_TEXT_MAX, "%s=%.64s; Path=/; HttpOnly; SameSite=Strict%s%s",
             name_of(secure), id, secure ? "; Secure" : "", id[0] == '\0' ? "; Max-Age=0" : "");
    return text;
}
