/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/site.h"

#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct lonlat basildon = { 0.45782, 51.56844 };
static const struct civil always_utc = { 1, { { UTC_ALWAYS, 0 } } };

struct lonlat site_lonlat(const struct site *site, struct metres at)
{
    return (struct lonlat){ site->plane.origin.lon + at.x / site->plane.east,
                            site->plane.origin.lat + at.y / site->plane.north };
}

/* One respondent, one device, one order, one zone. */
static void make_rules(struct site *site, const struct zone_draft *draft)
{
    static const char *const devices[] = { "tag" };
    struct lonlat_box world = { { -179, -89 }, { 179, 89 } };
    struct rulebook_room room = { 1, 1, 1, 0 };
    struct order order = { .id = "O-1",
                           .kind = "DVPO",
                           .clause = "3",
                           .respondent = "R-1",
                           .area = "Essex",
                           .age = -1,
                           .until = UTC_NEVER };
    struct fault why = { .text = "out of memory" };

    site->rules = rulebook_create(&world, &always_utc, room);
    if (site->rules == NULL || !rulebook_add_order(site->rules, &order, devices, 1, &why) ||
        !rulebook_add_zone(site->rules, draft, &why) || !rulebook_seal(site->rules, &why))
        errx(1, "%s: %s", site->name, why.text);
    site->who = rulebook_respondent(site->rules, 0);
}

void site_circle(struct site *site, double radius)
{
    struct zone_draft draft = {
        .order = "O-1", .name = "z", .centre = basildon, .radius = radius, .warn = SITE_WARN_M
    };

    *site = (struct site){ .area = area_circle(radius), .plane = plane_at(basildon) };
    snprintf(site->name, sizeof site->name, "circle %.0f m", radius);
    make_rules(site, &draft);
}

static char *wkt_of(const struct lonlat *ring, size_t n)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    fprintf(out, "POLYGON ((");
    for (size_t i = 0; i <= n; i++)
        fprintf(out, "%s%.9f %.9f", i == 0 ? "" : ", ", ring[i % n].lon, ring[i % n].lat);
    fprintf(out, "))");
    fclose(out);
    return text;
}

void site_polygon(struct site *site, const char *name, const struct lonlat *ring, size_t n)
{
    struct metres corners[AREA_CORNERS_MAX];
    struct zone_draft draft = { .order = "O-1", .name = "z", .warn = SITE_WARN_M };
    char *text;

    if (ring[0].lon == ring[n - 1].lon && ring[0].lat == ring[n - 1].lat)
        n--;
    *site = (struct site){ .plane = plane_at(ring[0]) };
    snprintf(site->name, sizeof site->name, "%s", name);
    for (size_t i = 0; i < n; i++)
        corners[i] = plane_project(&site->plane, ring[i]);
    site->area = area_polygon(corners, n);
    draft.text = text = wkt_of(ring, n);
    make_rules(site, &draft);
    free(text);
}

void site_corner(struct site *site)
{
    static const double arms[][2] = { { 0, 0 },   { 120, 0 },  { 120, 60 },
                                      { 60, 60 }, { 60, 120 }, { 0, 120 } };
    struct site here = { .plane = plane_at(basildon) };
    struct lonlat ring[6];

    for (size_t i = 0; i < 6; i++)
        ring[i] = site_lonlat(&here, (struct metres){ arms[i][0], arms[i][1] });
    site_polygon(site, "corner house", ring, 6);
}

void site_fini(struct site *site)
{
    rulebook_destroy(site->rules);
}

/* The outer ring, or 0 when there are too many corners or more than one ring. */
static size_t read_ring(const json_t *feature, struct lonlat ring[AREA_CORNERS_MAX])
{
    const json_t *geometry = json_object_get(feature, "geometry");
    const json_t *rings = json_object_get(geometry, "coordinates"), *outer;
    const char *type = json_string_value(json_object_get(geometry, "type"));
    size_t n;

    outer = json_array_get(rings, 0);
    n = json_array_size(outer);
    if (type == NULL || strcmp(type, "Polygon") != 0 || json_array_size(rings) != 1 || n < 4 ||
        n > AREA_CORNERS_MAX)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *corner = json_array_get(outer, i);

        ring[i].lon = json_number_value(json_array_get(corner, 0));
        ring[i].lat = json_number_value(json_array_get(corner, 1));
    }
    return n;
}

static const char *property(const json_t *feature, const char *key)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(feature, "properties"), key));

    return text != NULL ? text : "";
}

size_t site_read(const char *path, const char *id_key, double low, double high, struct site *sites,
                 size_t most)
{
    json_t *file = json_load_file(path, 0, NULL);
    const json_t *features = json_object_get(file, "features");
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(features) && n < most; i++) {
        const json_t *feature = json_array_get(features, i);
        struct lonlat ring[AREA_CORNERS_MAX];
        size_t corners = read_ring(feature, ring);

        if (corners == 0)
            continue;
        site_polygon(&sites[n], property(feature, "name"), ring, corners);
        snprintf(sites[n].id, sizeof sites[n].id, "%s", property(feature, id_key));
        if (sites[n].area.depth >= low && sites[n].area.depth <= high)
            n++;
        else
            site_fini(&sites[n]);
    }
    json_decref(file);
    return n;
}
