/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/projection.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_ROOM = 256 };

struct projection {
    PJ_CONTEXT *context;
    PJ *pj;
    char name[NAME_ROOM];
    double accuracy;
};

static void be_silent(void *arg, int level, const char *message)
{
    (void)arg;
    (void)level;
    (void)message;
}

/* All candidates of the region; the best one for each place is PROJ's to choose. */
static PJ *find_way(PJ_CONTEXT *context, const char *crs, const struct lonlat_box *region)
{
    static const char *const options[] = { "ALLOW_BALLPARK=NO", NULL };
    PJ *from = proj_create(context, crs), *to = proj_create(context, "OGC:CRS84"), *way = NULL;
    PJ_AREA *area = proj_area_create();

    if (area != NULL)
        proj_area_set_bbox(area, region->sw.lon, region->sw.lat, region->ne.lon, region->ne.lat);
    if (from != NULL && to != NULL)
        way = proj_create_crs_to_crs_from_pj(context, from, to, area, options);
    proj_area_destroy(area);
    proj_destroy(from);
    proj_destroy(to);
    return way;
}

struct projection *projection_create(const char *crs, const struct lonlat_box *region,
                                     struct fault *why)
{
    struct projection *made = calloc(1, sizeof *made);
    PJ *way = NULL;

    if (made == NULL || (made->context = proj_context_create()) == NULL) {
        fault_set(why, FAULT_MEMORY);
        projection_destroy(made);
        return NULL;
    }
    proj_log_func(made->context, NULL, be_silent);
    proj_context_set_enable_network(made->context, 0);
    way = find_way(made->context, crs, region);
    if (way != NULL)
        made->pj = proj_normalize_for_visualization(made->context, way);
    proj_destroy(way);
    if (made->pj != NULL)
        return made;
    fault_set(why, "%.100s: PROJ knows no such system, or no way of a known accuracy to WGS84",
              crs);
    projection_destroy(made);
    return NULL;
}

void projection_destroy(struct projection *projection)
{
    if (projection == NULL)
        return;
    proj_destroy(projection->pj);
    proj_context_destroy(projection->context);
    free(projection);
}

/* Of the candidate that the newest place went by. */
static bool note_way(struct projection *projection)
{
    PJ *used = proj_trans_get_last_used_operation(projection->pj);

    if (used == NULL)
        return false;
    snprintf(projection->name, sizeof projection->name, "%s", proj_pj_info(used).description);
    projection->accuracy = proj_coordoperation_get_accuracy(projection->context, used);
    proj_destroy(used);
    return projection->accuracy >= 0;
}

bool projection_take(struct projection *projection, double x, double y, struct lonlat *out)
{
    PJ_COORD to = proj_trans(projection->pj, PJ_FWD, proj_coord(x, y, 0, HUGE_VAL));

    if (!isfinite(to.xy.x) || !isfinite(to.xy.y) || !note_way(projection))
        return false;
    *out = (struct lonlat){ to.xy.x, to.xy.y };
    return true;
}

const char *projection_name(const struct projection *projection)
{
    return projection->name;
}

double projection_accuracy(const struct projection *projection)
{
    return projection->accuracy;
}
