/* SPDX-License-Identifier: Apache-2.0 */
/* zones.c - every zone as GeoJSON (RFC 7946), for QGIS and its like. */
#include "adapter/clock.h"
#include "adapter/conf/order_text.h"
#include "adapter/json/polygons.h"
#include "ctl/access.h"
#include "ctl/import_times.h"
#include "ctl/line.h"
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

/* A key as it is written in the order's text, if it is. */
static void put_written(json_t *out, const struct order *order, const char *kind, const char *id,
                        const char *key)
{
    char section[2 * NAME_MAX_CHARS + 16], *value;

    snprintf(section, sizeof section, "%s %s", kind, id);
    value = order->text != NULL ? order_text_find(order->text, section, key) : NULL;
    if (value != NULL)
        json_object_set_new(out, key, json_string(value));
    free(value);
}

/* What an import needs to make the same order of it again; a circle is drawn, and told too. */
static void put_rest(json_t *out, const struct exclusion *exclusion)
{
    const struct order *order = exclusion->order;
    struct lonlat centre;
    char text[64], times[IMPORT_TIMES_MAX];
    double radius;

    json_object_set_new(out, "times", json_string(import_times_print(order, times)));
    put_written(out, order, "order", order->id, "clause");
    put_written(out, order, "order", order->id, "devices");
    put_written(out, order, "order", order->id, "age");
    put_written(out, order, "order", order->id, "monitoring");
    put_written(out, order, "zone", exclusion->subject, "schedule");
    if (!zone_circle(exclusion->zone, &centre, &radius))
        return;
    snprintf(text, sizeof text, "%.9g, %.9g", centre.lat, centre.lon);
    json_object_set_new(out, "centre", json_string(text));
    json_object_set_new(out, "radius", json_real(radius));
}

static json_t *properties(const struct exclusion *exclusion, const struct offline_config *config)
{
    const struct order *order = exclusion->order;
    json_t *made = json_pack(
        "{s:s,s:s,s:s*,s:s*,s:s*,s:f,s:o,s:o,s:o,s:s,s:b}", "order", order->id, "zone",
        exclusion->name, "kind", order->kind, "respondent", order->respondent, "area", order->area,
        "warn", exclusion->warn, "from", instant(order->from), "served", instant(order->served),
        "until", instant(order->until), "text", order->digest, "in_force",
        exclusion_standing(exclusion, &config->civil, clock_utc()) == IN_FORCE);

    put_rest(made, exclusion);
    return made;
}

/* NULL: the map gave no answer. */
static json_t *feature(const struct exclusion *exclusion, const struct offline_config *config)
{
    json_t *polygons = json_array();

    if (!zone_rings(exclusion->zone, add_ring, polygons)) {
        json_decref(polygons);
        return NULL;
    }
    return json_pack("{s:s,s:s,s:o,s:{s:s,s:o}}", "type", "Feature", "id", exclusion->subject,
                     "properties", properties(exclusion, config), "geometry", "type",
                     "MultiPolygon", "coordinates", polygons);
}

static json_t *collect(const struct offline_config *config, struct fault *why)
{
    json_t *features = json_array(), *one;

    for (size_t i = 0; i < rulebook_counts(config->rules).exclusions; i++) {
        const struct exclusion *exclusion = rulebook_exclusion(config->rules, i);

        one = feature(exclusion, config);
        if (one == NULL) {
            fault_set(why, "%s: its zone cannot be drawn", exclusion->subject);
            json_decref(features);
            return NULL;
        }
        json_array_append_new(features, one);
    }
    return json_pack("{s:s,s:o}", "type", "FeatureCollection", "features", features);
}

static bool write_out(const json_t *json, const char *path, struct fault *why)
{
    FILE *out = path != NULL ? fopen(path, "wxe") : stdout;
    bool ok = out != NULL && line_json(out, json);

    if (out != NULL && (out == stdout ? fflush(out) : fclose(out)) != 0)
        ok = false;
    return ok || fault_set(why, "%.300s: %s", path ? path : "stdout", strerror(errno));
}

int ctl_zones(int argc, char **argv)
{
    struct offline_config config = { 0 };
    struct ctl_options options;
    json_t *json = NULL;
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest) ||
        !ctl_given(options.reason, "--reason WHY") ||
        !ctl_given(options.geojson ? "" : NULL, "--geojson"))
        return ctl_misused("zones");
    ok = offline_config_open(options.settings, options.orders, &config, &why) &&
         (json = collect(&config, &why)) != NULL &&
         access_note(options.ledger ? options.ledger : config.settings.ledger,
                     &(struct access){ "zones", "", options.by, options.reason }, &why) &&
         write_out(json, options.out, &why);
    json_decref(json);
    offline_config_close(&config);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
