/* SPDX-License-Identifier: Apache-2.0 */
#include "web/json_line.h"

#include "adapter/text.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15 }; // of a number: as many as it has, and no more

static json_t *read_object(const char *bytes, size_t n)
{
    json_t *json = n <= JSON_LINE_MAX ? json_loadb(bytes, n, 0, NULL) : NULL;

    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

static void join_lines(char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) { // within a string none can stand bare
        if (bytes[i] == '\r' || bytes[i] == '\n')
            bytes[i] = ' ';
    }
}

bool json_line_check(char *bytes, size_t n)
{
    json_t *json = read_object(bytes, n);
    bool good = json != NULL;

    json_decref(json);
    if (good)
        join_lines(bytes, n);
    return good;
}

/* ---- places ---- */

/* True when there was one. As deep as jansson reads: 2048. */
static bool take_places(json_t *json)
{
    bool some = json_object_del(json, "lat") == 0;
    const char *key;
    json_t *value;
    size_t i;

    some = json_object_del(json, "lon") == 0 || some;
    json_object_foreach(json, key, value)
    {
        some = take_places(value) || some;
    }
    json_array_foreach(json, i, value)
    {
        some = take_places(value) || some;
    }
    return some;
}

static char *copy_of(const char *bytes, size_t n)
{
    char *line = malloc(n + 1);

    if (line == NULL)
        return NULL;
    memcpy(line, bytes, n);
    line[n] = '\0';
    join_lines(line, n);
    return line;
}

char *json_line_placeless(const char *bytes, size_t n)
{
    json_t *json = read_object(bytes, n);
    char *line = NULL;

    if (json == NULL)
        return NULL;
    line = take_places(json) ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS))
                             : copy_of(bytes, n);
    json_decref(json);
    return line;
}

/* ---- texts ---- */

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
