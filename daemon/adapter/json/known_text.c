/* SPDX-License-Identifier: Apache-2.0 */
/* known_text.c - what is known as the text of one row: written without memory, read with mercy. */
#include "adapter/json/known_parts.h"

#include "adapter/memory_json.h"
#include "adapter/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- written ---- */

/* A text that grows in the caller's room; what does not fit any more would be a bug of its size. */
struct page {
    char *text;
    size_t used;
};

static void put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct page *page, const char *format, ...)
{
    size_t room = KNOWN_TEXT_MAX - page->used;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(page->text + page->used, room, format, args);
    va_end(args);
    page->used += n >= 0 && (size_t)n < room ? (size_t)n : room - 1;
}

/* 17 digits give back the same double; a whole one is not to be read as a whole number. */
static void put_real(struct page *page, double value)
{
    size_t from = page->used;

    if (!isfinite(value)) {
        put(page, "null");
        return;
    }
    put(page, "%.17g", value);
    if (page->text[from + strcspn(page->text + from, ".e")] == '\0')
        put(page, ".0");
}

static void put_text(struct page *page, const char *value, size_t room)
{
    char fitted[CUSTODY_NOTE_MAX]; // the longest of them

    text_fit(value, fitted, room < sizeof fitted ? room : sizeof fitted);
    put(page, "\"");
    for (const char *at = fitted; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ')
            put(page, "\\u%04x", (unsigned)*at);
        else
            put(page, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    put(page, "\"");
}

static void put_value(struct page *page, const struct field *field, const char *at)
{
    const void *value = at;

    switch (field->kind) {
    case FLAG:
        put(page, *(const bool *)value ? "true" : "false");
        break;
    case COUNT:
    case CHOICE:
        put(page, "%" PRIu32, *(const uint32_t *)value);
        break;
    case WHOLE:
    case WIDE:
        put(page, "%" PRId64, *(const int64_t *)value);
        break;
    case REAL:
        put_real(page, *(const double *)value);
        break;
    case TEXT:
        put_text(page, at, field->limit);
        break;
    }
}

static void put_members(struct page *page, const struct known_table *table, const void *from)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        const char *at = (const char *)from + field->offset;

        if (known_is_zero(field, at))
            continue;
        put(page, "%s\"%s\":%s", page->used > 1 ? "," : "", field->name, field->n > 0 ? "[" : "");
        put_value(page, field, at);
        for (size_t k = 1; k < field->n; k++) {
            put(page, ",");
            put_value(page, field, at + k * field->stride);
        }
        put(page, field->n > 0 ? "]" : "");
    }
}

static const char *print(const struct known_table *table, const void *from,
                         char text[KNOWN_TEXT_MAX])
{
    struct page page = { text, 0 };

    put(&page, "{");
    put_members(&page, table, from);
    put(&page, "}");
    return text;
}

const char *known_device_print(const struct known_device *device, const struct estimate *estimate,
                               char text[KNOWN_TEXT_MAX])
{
    struct page page = { text, 0 };

    put(&page, "{");
    put_members(&page, &known_devices, device);
    if (estimate != NULL)
        put_members(&page, &known_estimates, estimate);
    put(&page, "}");
    return text;
}

const char *known_incident_print(const struct incident *incident, char text[KNOWN_TEXT_MAX])
{
    return print(&known_incidents, incident, text);
}

const char *known_custody_print(const struct custody *custody, char text[KNOWN_TEXT_MAX])
{
    return print(&known_custodies, custody, text);
}

/* ---- read ---- */

/* NULL, and whether memory was out for it, or it is no JSON. */
static json_t *load(const char *text, bool *out_lacking)
{
    json_t *json;

    memory_json_lacked(); // whatever it was for before
    json = text ? json_loads(text, 0, NULL) : NULL;
    *out_lacking = text == NULL || (json == NULL && memory_json_lacked());
    return json;
}

static enum recall recalled_as(bool lacking, bool whole)
{
    return lacking ? RECALL_LACKING : whole ? RECALL_WHOLE : RECALL_SPOILT;
}

static enum recall recall(const struct known_table *table, const char *text, void *out, size_t size)
{
    bool lacking;
    json_t *json = load(text, &lacking);
    bool whole = known_fill(table, json, out, size);

    json_decref(json);
    return recalled_as(lacking, whole);
}

static enum recall settled(enum recall recalled, bool in_range)
{
    return recalled == RECALL_WHOLE && !in_range ? RECALL_SPOILT : recalled;
}

enum recall known_device_recall(const char *text, struct known_device *out,
                                struct estimate *out_estimate)
{
    bool lacking, in_range;
    json_t *json = load(text, &lacking);
    bool believed = known_fill(&known_estimates, json, out_estimate, sizeof *out_estimate);
    enum recall recalled =
        recalled_as(lacking, known_fill(&known_devices, json, out, sizeof *out) && believed);

    json_decref(json);
    out->estimate = out_estimate;
    if (recalled == RECALL_SPOILT)
        known_device_forget(out);
    in_range = known_device_settle(out);
    out->estimate = NULL;
    return settled(recalled, in_range);
}

enum recall known_incident_recall(const char *text, struct incident *out)
{
    enum recall recalled = recall(&known_incidents, text, out, sizeof *out);

    if (recalled == RECALL_SPOILT)
        incident_forget(out);
    return settled(recalled, incident_settle(out));
}

enum recall known_custody_recall(const char *text, struct custody *out)
{
    return recall(&known_custodies, text, out, sizeof *out);
}
