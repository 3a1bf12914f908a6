/* SPDX-License-Identifier: Apache-2.0 */
/* zones.c - every zone as GeoJSON (RFC 7946), for QGIS and its like. */
#include "adapter/clock.h"
#include "adapter/conf/order_text.h"
#include "adapter/json/polygons.h"
#include "ctl/access.h"
#include "ctl/import_times.h"
#include "ctl/line.h"
#include "ctl/meter.h"
#include "ctl/offline_config.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_ring(const struct zone_ring *ring, void *arg)
{
    polygons_add(arg, ring, SIZE_MAX);
}

static json_t *instant(struct utc at)
{
    char text[UTC_TEXT_MAX];

    return at.ms == UTC_NEVER.ms ? json_null() : json_string(utc_print(at, text));
}

/* What all features are drawn by. */
struct drawing {
    const struct offline_config *config;
    struct order_text_held text; // zones of one order mostly come one after the other
};

/* A key as it is written in the order's text, if it is. */
static void put_written(json_t *out, struct drawing *drawing, const struct order *order,
                        const char *kind, const char *id, const char *key)
{
    char section[2 * NAME_MAX_CHARS + 16], *value;

    snprintf(section, sizeof section, "%s %s", kind, id);
    value = order_text_find(&drawing->text, order, section, key);
    if (value != NULL)
        json_object_set_new(out, key, json_string(value));
    free(value);
}

/* What an import needs to make the same order of it again; a circle is drawn, and told too. */
static void put_rest(json_t *out, struct drawing *drawing, const struct exclusion *exclusion)
{
    const struct order *order = exclusion->order;
    struct lonlat centre;
    char text[64], times[IMPORT_TIMES_MAX];
    double radius;

    json_object_set_new(out, "times", json_string(import_times_print(order, times)));
    put_written(out, drawing, order, "order", order->id, "clause");
    put_written(out, drawing, order, "order", order->id, "devices");
    put_written(out, drawing, order, "order", order->id, "age");
    put_written(out, drawing, order, "order", order->id, "monitoring");
    put_written(out, drawing, order, "zone", exclusion->subject, "schedule");
    if (!zone_circle(exclusion->zone, &centre, &radius))
        return;
    snprintf(text, sizeof text, "%.9g, %.9g", centre.lat, centre.lon);
    json_object_set_new(out, "centre", json_string(text));
    json_object_set_new(out, "radius", json_real(radius));
}

static json_t *properties(struct drawing *drawing, const struct exclusion *exclusion)
{
    const struct order *order = exclusion->order;
    json_t *made = json_pack(
        "{s:s,s:s,s:s*,s:s*,s:s*,s:f,s:o,s:o,s:o,s:s,s:b}", "order", order->id, "zone",
        exclusion->name, "kind", order->kind, "respondent", order->respondent, "area", order->area,
        "warn", exclusion->warn, "from", instant(order->from), "served", instant(order->served),
        "until", instant(order->until), "text", order->digest, "in_force",
        exclusion_standing(exclusion, &drawing->config->civil, clock_utc()) == IN_FORCE);

    put_rest(made, drawing, exclusion);
    return made;
}

/* NULL: the map gave no answer. */
static json_t *feature(struct drawing *drawing, const struct exclusion *exclusion)
{
    json_t *polygons = json_array();

    if (!zone_rings(exclusion->zone, add_ring, polygons)) {
        json_decref(polygons);
        return NULL;
    }
    return json_pack("{s:s,s:s,s:o,s:{s:s,s:o}}", "type", "Feature", "id", exclusion->subject,
                     "properties", properties(drawing, exclusion), "geometry", "type",
                     "MultiPolygon", "coordinates", polygons);
}

static bool put_features(const struct offline_config *config, FILE *out, struct fault *why)
{
    size_t n = rulebook_counts(config->rules).exclusions;
    struct drawing drawing = { .config = config };
    struct meter meter;
    bool ok = true;

    meter_begin(&meter, "zones", n);
    for (size_t i = 0; ok && i < n; i++) { // one at a time is in memory
        const struct exclusion *exclusion = rulebook_exclusion(config->rules, i);
        json_t *one = feature(&drawing, exclusion);

        meter_at(&meter, i);
        if (one == NULL)
            ok = fault_set(why, "%s: its zone cannot be drawn", exclusion->subject);
        else if ((i > 0 && fputs(",\n", out) == EOF) || !line_json_part(out, one))
            ok = fault_set(why, "%s", strerror(errno));
        json_decref(one);
    }
    meter_end(&meter);
    order_text_let_go(&drawing.text);
    return ok;
}

/* A feature a line. */
static bool put_all(const struct offline_config *config, FILE *out, struct fault *why)
{
    return (fputs("{\"type\":\"FeatureCollection\",\"features\":[\n", out) != EOF ||
            fault_set(why, "%s", strerror(errno))) &&
           put_features(config, out, why) &&
           (fputs("\n]}\n", out) != EOF || fault_set(why, "%s", strerror(errno)));
}

/* A file that is not whole does not stay. */
static bool write_out(const struct offline_config *config, const char *path, struct fault *why)
{
    FILE *out = path != NULL ? fopen(path, "wxe") : stdout;
    struct fault cause;
    bool ok;

    if (out == NULL)
        return fault_set(why, "%.300s: %s", path, strerror(errno));
    ok = put_all(config, out, &cause);
    if ((out == stdout ? fflush(out) : fclose(out)) != 0 && ok)
        ok = fault_set(&cause, "%s", strerror(errno));
    if (!ok && path != NULL)
        remove(path);
    return ok || fault_set(why, "%.300s: %.300s", path ? path : "stdout", cause.text);
}

int ctl_zones(int argc, char **argv)
{
    struct offline_config config = { 0 };
    struct ctl_options options;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest) ||
        !ctl_given(options.reason, "--reason WHY") ||
        !ctl_given(options.geojson ? "" : NULL, "--geojson"))
        return ctl_misused("zones");
    ok = offline_config_open(options.settings, options.orders, &config, &why) &&
         access_note(options.ledger ? options.ledger : config.settings.ledger,
                     &(struct access){ "zones", "", options.by, options.reason }, &why) &&
         write_out(&config, options.out, &why);
    offline_config_close(&config);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
