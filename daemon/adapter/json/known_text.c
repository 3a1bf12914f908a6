/* SPDX-License-Identifier: Apache-2.0 */
/* known_text.c - what is known as the text of one row: written without memory, read with mercy. */
#include "adapter/json/known_parts.h"

#include "adapter/memory_json.h"
#include "adapter/text.h"

#include <stdio.h>
#include <string.h>

/* ---- written ---- */

static void put_text(struct page *page, const char *value, size_t room)
{
    char fitted[CUSTODY_NOTE_MAX]; // the longest of them
    char escaped[8];

    text_fit(value, fitted, room < sizeof fitted ? room : sizeof fitted);
    page_put(page, "\"");
    for (const char *at = fitted; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ')
            snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*at);
        else
            snprintf(escaped, sizeof escaped, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
        page_put(page, escaped);
    }
    page_put(page, "\"");
}

static void put_value(struct page *page, const struct field *field, const char *at)
{
    const void *value = at;

    switch (field->kind) {
    case FLAG:
        page_put(page, *(const bool *)value ? "true" : "false");
        break;
    case COUNT:
    case CHOICE:
        page_whole(page, *(const uint32_t *)value);
        break;
    case WHOLE:
    case WIDE:
        page_whole(page, *(const int64_t *)value);
        break;
    case REAL:
        page_real(page, *(const double *)value);
        break;
    case TEXT:
        put_text(page, at, field->limit);
        break;
    }
}

void known_put_members(struct page *page, const struct known_table *table, const void *from,
                       const bool *only)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        const char *at = (const char *)from + field->offset;

        if ((only != NULL && !only[i]) || known_is_zero(field, at))
            continue;
        page_name(page, field->name);
        page_put(page, field->n > 0 ? "[" : "");
        put_value(page, field, at);
        for (size_t k = 1; k < field->n; k++) {
            page_put(page, ",");
            put_value(page, field, at + k * field->stride);
        }
        page_put(page, field->n > 0 ? "]" : "");
    }
}

static void put(struct page *page, const struct known_table *table, const void *from)
{
    page_put(page, "{");
    known_put_members(page, table, from, NULL);
    page_put(page, "}");
}

void known_device_put(struct page *page, const struct known_device *device,
                      const struct estimate *estimate)
{
    page_put(page, "{");
    known_put_members(page, &known_devices, device, NULL);
    if (estimate != NULL)
        known_put_members(page, &known_estimates, estimate, NULL);
    page_put(page, "}");
}

void known_incident_put(struct page *page, const struct incident *incident)
{
    put(page, &known_incidents, incident);
}

void known_ping_put(struct page *page, const struct ping *ping)
{
    page_put(page, "{");
    known_put_members(page, &known_pings, ping, NULL);
    page_name(page, "device");
    page_string(page, ping->device);
    page_put(page, "}");
}

const char *known_device_print(const struct known_device *device, const struct estimate *estimate,
                               char text[KNOWN_TEXT_MAX])
{
    struct page page = page_in(text, KNOWN_TEXT_MAX);

    known_device_put(&page, device, estimate);
    return text;
}

const char *known_incident_print(const struct incident *incident, char text[KNOWN_TEXT_MAX])
{
    struct page page = page_in(text, KNOWN_TEXT_MAX);

    put(&page, &known_incidents, incident);
    return text;
}

const char *known_custody_print(const struct custody *custody, char text[KNOWN_TEXT_MAX])
{
    struct page page = page_in(text, KNOWN_TEXT_MAX);

    put(&page, &known_custodies, custody);
    return text;
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

/* Zeroed before. What stands in a member of its own counts, also where it is packed too. */
static bool fill(const struct known_whole *wholes, size_t n, const json_t *json)
{
    const json_t *packed = json_object_get(json, "packed");
    bool ok = packed == NULL ||
              (json_is_string(packed) && known_unpack(json_string_value(packed), wholes, n));

    for (size_t i = 0; i < n; i++)
        ok = known_fill_over(wholes[i].table, json, wholes[i].to) && ok;
    return ok;
}

static enum recall recall(const struct known_table *table, const char *text, void *out, size_t size)
{
    bool lacking, whole;
    json_t *json = load(text, &lacking);

    memset(out, 0, size);
    whole = fill(&(struct known_whole){ table, out }, 1, json);
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
    const struct known_whole both[] = { { &known_devices, out },
                                        { &known_estimates, out_estimate } };
    enum recall recalled;

    memset(out, 0, sizeof *out);
    memset(out_estimate, 0, sizeof *out_estimate);
    recalled = recalled_as(lacking, fill(both, 2, json));
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
