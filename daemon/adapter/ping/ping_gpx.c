/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_gpx.h"

#include "adapter/ping/ping_columns.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

struct gpx {
    ping_taker *take;
    void *arg;
    const char *device;
    size_t index;
    bool in_point;
    enum ping_field open; // of the element whose text comes; PING_FIELDS: none
    char text[PING_FIELDS][PING_GPX_TEXT_MAX];
    size_t length;
    XML_Parser parser;
};

/* "ns:speed" is "speed": extensions have their own prefixes. */
static const char *bare(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

static bool is_point(const char *name)
{
    return strcmp(name, "trkpt") == 0 || strcmp(name, "wpt") == 0 || strcmp(name, "rtept") == 0;
}

static void on_start(void *arg, const char *name, const char **attributes)
{
    struct gpx *gpx = arg;

    name = bare(name);
    gpx->open = PING_FIELDS;
    if (is_point(name)) {
        gpx->in_point = true;
        memset(gpx->text, 0, sizeof gpx->text);
        for (size_t i = 0; attributes[i] != NULL; i += 2) { // a list that ends with NULL
            enum ping_field field = ping_columns_field(attributes[i]);

            if (field == ROW_LAT || field == ROW_LON)
                snprintf(gpx->text[field], PING_GPX_TEXT_MAX, "%s", attributes[i + 1]);
        }
    } else if (gpx->in_point) {
        gpx->open = ping_columns_field(name);
        gpx->length = 0;
    }
}

static void on_text(void *arg, const char *text, int n)
{
    struct gpx *gpx = arg;

    for (int i = 0; i < n && gpx->open != PING_FIELDS; i++) {
        if (strchr(" \t\r\n", text[i]) == NULL && gpx->length + 1 < PING_GPX_TEXT_MAX) {
            gpx->text[gpx->open][gpx->length++] = text[i];
            gpx->text[gpx->open][gpx->length] = '\0';
        }
    }
}

static void on_end(void *arg, const char *name)
{
    struct gpx *gpx = arg;
    struct ping_row row = { .value = { gpx->device } };
    struct fault why;
    struct ping ping;

    gpx->open = PING_FIELDS;
    if (!is_point(bare(name)) || !gpx->in_point)
        return;
    gpx->in_point = false;
    for (int i = ROW_TIME; i < PING_FIELDS; i++)
        row.value[i] = gpx->text[i];
    if (ping_row_read(&row, &ping, &why))
        gpx->take(&ping, gpx->index++, NULL, gpx->arg);
    else
        gpx->take(NULL, gpx->index++, why.text, gpx->arg);
}

/* A GPX file needs none, and they can make a small file large. */
static void on_entity(void *arg, const char *name, int is_parameter, const char *value, int n,
                      const char *base, const char *system, const char *public_id,
                      const char *notation)
{
    struct gpx *gpx = arg;

    (void)name;
    (void)is_parameter;
    (void)value;
    (void)n;
    (void)base;
    (void)system;
    (void)public_id;
    (void)notation;
    XML_StopParser(gpx->parser, XML_FALSE);
}

bool ping_gpx_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    struct gpx gpx = { .take = take, .arg = arg, .device = body->names[0], .open = PING_FIELDS };
    size_t at = 0;
    bool ok;

    gpx.parser = XML_ParserCreate(NULL);
    if (gpx.parser == NULL)
        return fault_set(why, "out of memory");
    XML_SetUserData(gpx.parser, &gpx);
    XML_SetElementHandler(gpx.parser, on_start, on_end);
    XML_SetCharacterDataHandler(gpx.parser, on_text);
    XML_SetEntityDeclHandler(gpx.parser, on_entity);
    do { // expat counts bytes as int
        size_t some = body->n - at < 1 << 20 ? body->n - at : 1 << 20;

        at += some;
        ok = XML_Parse(gpx.parser, body->bytes + at - some, (int)some, at == body->n) ==
             XML_STATUS_OK;
    } while (ok && at < body->n);
    if (!ok)
        fault_set(why, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(gpx.parser),
                  XML_ErrorString(XML_GetErrorCode(gpx.parser)));
    XML_ParserFree(gpx.parser);
    // What stood before the mistake is handed over: then the mistake is one message more.
    if (!ok && gpx.index > 0)
        take(NULL, gpx.index, why->text, arg);
    return ok || gpx.index > 0;
}
