/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/listen.h"

#include <string.h>

bool listen_parse(const struct listen_setting *setting, const char *text,
                  struct endpoint out[LISTEN_MAX], size_t *out_n, struct complaints *complaints)
{
    char copy[LISTEN_MAX * ENDPOINT_TEXT_MAX], *rest = copy, *one;
    size_t errors = complaints->errors, n = 0;
    struct endpoint place;
    struct fault why;

    *out_n = 0;
    if (strlen(text) >= sizeof copy) {
        complain(complaints, setting->file, setting->line, "%s: longer than %zu characters",
                 setting->key, sizeof copy - 1);
        return false;
    }
    strcpy(copy, text);
    while ((one = strsep(&rest, ", \t")) != NULL) { // words of `copy`
        if (*one == '\0')
            continue;
        if (!endpoint_parse(one, setting->folder, &place, &why))
            complain(complaints, setting->file, setting->line, "%s: %s", setting->key, why.text);
        else if (n++ < LISTEN_MAX)
            out[(*out_n)++] = place;
    }
    if (n > LISTEN_MAX)
        complain(complaints, setting->file, setting->line, "%s: more than %d places to listen",
                 setting->key, LISTEN_MAX);
    if (n == 0 && complaints->errors == errors)
        complain(complaints, setting->file, setting->line,
                 "%s: nowhere to listen: no door would be open", setting->key);
    return complaints->errors == errors;
}
