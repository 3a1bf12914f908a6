/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/import_features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n", name[] = "\"features\"";

/* Past a string that begins there. */
static const char *past_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : end;
}

/* Past what stands in brackets from there on; what is wrong in it is seen when it is read. */
static const char *past_brackets(const char *at, const char *end)
{
    int depth = 0;

    while (at < end) {
        if (*at == '"') {
            at = past_string(at, end);
            continue;
        }
        depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
        at++;
        if (depth == 0)
            return at;
    }
    return end;
}

static const char *past_blanks(const char *at, const char *end)
{
    while (at < end && strchr(blanks, *at) != NULL && *at != '\0')
        at++;
    return at;
}

/* Where the list begins, as a member of the outermost object; NULL: it has none. */
static const char *find_list(const char *at, const char *end)
{
    at = past_blanks(at, end);
    if (at == end || *at++ != '{')
        return NULL;
    while (at < end) {
        const char *value;

        if (*at == '[' || *at == '{') {
            at = past_brackets(at, end);
        } else if (*at == '"') {
            value = past_blanks(past_string(at, end), end);
            if (value < end && *value == ':' && strncmp(at, name, strlen(name)) == 0) {
                value = past_blanks(value + 1, end);
                return value < end && *value == '[' ? value : NULL;
            }
            at = past_string(at, end);
        } else {
            at++;
        }
    }
    return NULL;
}

static bool refuse(const struct import_features *features, const char *from,
                   const json_error_t *error, struct fault *why)
{
    int line = error->line;

    for (const char *at = features->text; at < from; at++)
        line += *at == '\n';
    return fault_set(why, "cannot be read as JSON, line %d: %.200s", line, error->text);
}

bool import_features_open(struct import_features *features, const char *text, size_t n,
                          struct fault *why)
{
    const char *end = text + n, *list = find_list(text, end);
    const char *behind = list != NULL ? past_brackets(list, end) : end;
    size_t before = (size_t)((list != NULL ? list + 1 : end) - text);
    size_t after = list != NULL && behind[-1] == ']' ? (size_t)(end - behind) + 1 : 0;
    char *rest = malloc(before + after + 1);
    json_error_t error;

    *features = (struct import_features){
        .text = text, .at = list != NULL ? list + 1 : end, .end = behind, .listed = list != NULL
    };
    if (rest == NULL)
        return fault_set(why, FAULT_MEMORY);
    memcpy(rest, text, before);
    memcpy(rest + before, behind - (after > 0), after);
    features->root = json_loadb(rest, before + after, JSON_DECODE_INT_AS_REAL, &error);
    free(rest);
    return features->root != NULL || refuse(features, text, &error, why);
}

json_t *import_features_next(struct import_features *features, bool *ok, struct fault *why)
{
    const char *at = past_blanks(features->at, features->end);
    json_error_t error;
    json_t *one = NULL;

    *ok = true;
    if (!features->listed || at == features->end || *at == ']')
        return NULL;
    one = json_loadb(at, (size_t)(features->end - at),
                     JSON_DECODE_INT_AS_REAL | JSON_DISABLE_EOF_CHECK, &error);
    if (one == NULL) {
        *ok = refuse(features, at, &error, why);
        return NULL;
    }
    at = past_blanks(at + error.position, features->end);
    if (at < features->end && *at == ',') {
        features->at = at + 1;
        return one;
    }
    features->at = at;
    if (at < features->end && *at == ']')
        return one;
    snprintf(error.text, sizeof error.text, "a comma or ] is wanted between features");
    error.line = 1;
    *ok = refuse(features, at, &error, why);
    json_decref(one);
    return NULL;
}

void import_features_close(struct import_features *features)
{
    json_decref(features->root);
    *features = (struct import_features){ 0 };
}
