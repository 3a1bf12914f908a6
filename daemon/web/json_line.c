/* SPDX-License-Identifier: Apache-2.0 */
#include "web/json_line.h"

#include "adapter/text.h"

#include <string.h>

bool json_line_check(char *bytes, size_t n)
{
    json_t *json = n <= JSON_LINE_MAX ? json_loadb(bytes, n, 0, NULL) : NULL;
    bool good = json_is_object(json);

    json_decref(json);
    for (size_t i = 0; good && i < n; i++) { // within a string none can stand bare
        if (bytes[i] == '\r' || bytes[i] == '\n')
            bytes[i] = ' ';
    }
    return good;
}

char *json_line_print(json_t *json)
{
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    json_decref(json);
    return text;
}

char *json_line_error(const char *why)
{
    char fit[FAULT_TEXT_MAX];

    return json_line_print(json_pack("{s:s}", "error", text_fit(why, fit, sizeof fit)));
}

bool json_line_text(const json_t *object, const char *name, size_t most, const char **out,
                    struct fault *why)
{
    const json_t *value = json_object_get(object, name);
    struct fault cause;

    *out = "";
    if (value == NULL || json_is_null(value))
        return true;
    if (!json_is_string(value))
        return fault_set(why, "%s: is no text", name);
    *out = json_string_value(value);
    if (strlen(*out) > most)
        return fault_set(why, "%s: is longer than %zu bytes", name, most);
    return text_is_clean(*out, &cause) || fault_set(why, "%s: %s", name, cause.text);
}
