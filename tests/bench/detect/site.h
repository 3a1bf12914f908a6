/* SPDX-License-Identifier: Apache-2.0 */
/* site.h - one area twice: as the truth has it, and as a zone in a rulebook of core's. */
#ifndef DETECT_SITE_H
#define DETECT_SITE_H

#include "core/rulebook.h"
#include "detect/area.h"
#include "detect/run.h"

#define SITE_WARN_M 500.0 /* of every zone */

struct site {
    char name[48], id[16];
    struct area area;
    struct plane plane;
    struct rulebook *rules;
    const struct respondent *who;
};

/* Made in place; a site that cannot be made ends the program. */
void site_circle(struct site *site, double radius);
/* A ring in degrees, closed or not; it is put where it is. */
void site_polygon(struct site *site, const char *name, const struct lonlat *ring, size_t n);
/* An L with arms of 120 m, for where there are no real polygons. */
void site_corner(struct site *site);
void site_fini(struct site *site);

struct lonlat site_lonlat(const struct site *site, struct metres at);

/*
 * Up to `most` polygons of a GeoJSON file whose deepest place is `low` to `high` metres deep; their
 * property `id_key` becomes `id`, `name` the name. 0 when there is no such file.
 */
size_t site_read(const char *path, const char *id_key, double low, double high, struct site *sites,
                 size_t most);

#endif
