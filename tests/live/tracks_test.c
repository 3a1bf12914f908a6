/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real tracks, moved rigidly onto Essex and sent through the running daemon: each zone's breaches
 * and clearings are those that GEOS finds on the same fixes, at the same times.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/oracle.h"
#include "live/track.h"
#include "support/house.h"
#include "support/test.h"

#define ZONES      5
#define BATCH      250
#define CLOSE_CALL 0.5 // metres: fixes nearer to an edge are left out, so that nobody can be unsure

static const struct journey {
    const char *says, *folder, *name;
    struct place to;
    double scale; // metres: the smallest radius; the others are multiples of it
} journeys[] = {
    { "walk", "tracks-gpsbabel", "track/vitovtt-sample.gpx", { 51.56844, 0.45782 }, 25 },
    { "drive", "tracks-gpsbabel", "track/sbn-v13.gpx", { 51.73575, 0.46958 }, 100 },
    { "UK run", "tracks-trackeR-uk", "20170708-154835-Run.gpx", { 51.78967, 1.15597 }, 60 },
};

struct stage {
    struct track track;
    struct oracle *zones[ZONES];
};

/* An L, so that a box around it is not enough. */
static struct oracle *corner_house(struct place centre, double scale, double buffer)
{
    const struct flat corners[] = { { -2 * scale, -2 * scale }, { 2 * scale, -2 * scale },
                                    { 2 * scale, 0.4 * scale }, { 0.4 * scale, 0.4 * scale },
                                    { 0.4 * scale, 2 * scale }, { -2 * scale, 2 * scale } };

    return oracle_polygon(centre, corners, sizeof(corners) / sizeof(*corners), buffer);
}

/* Zones stand on the path itself, a sixth of the track apart. */
static void stage_build(struct stage *stage, double scale)
{
    struct place on_path[ZONES];

    for (size_t i = 0; i < ZONES; i++)
        on_path[i] = stage->track.fixes[(i + 1) * stage->track.n / (ZONES + 1)].at;
    stage->zones[0] = oracle_circle(on_path[0], scale);
    stage->zones[1] = corner_house(on_path[1], scale, 0);
    stage->zones[2] = oracle_circle(on_path[2], 2 * scale);
    stage->zones[3] = corner_house(on_path[3], scale, scale / 2);
    stage->zones[4] = oracle_circle(on_path[4], 4 * scale);
}

static bool close_call(const struct stage *stage, struct place at)
{
    for (size_t i = 0; i < ZONES; i++)
        if (oracle_to_edge(stage->zones[i], at) < CLOSE_CALL)
            return true;
    return false;
}

static void leave_close_calls_out(struct stage *stage)
{
    size_t kept = 0;

    for (size_t i = 0; i < stage->track.n; i++)
        if (!close_call(stage, stage->track.fixes[i].at))
            stage->track.fixes[kept++] = stage->track.fixes[i];
    assert_true(kept > stage->track.n * 9 / 10);
    stage->track.n = kept;
}

static void write_order(const struct house *house, const struct stage *stage)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    fprintf(out, "[order A]\nkind = DVPO\nclause = 3\nrespondent = R-A\ndevices = tag-1\n"
                 "area = Essex\nmonitoring = consent\nfrom = 2000-01-01T00:00:00Z\n"
                 "served = 2000-01-01T00:00:00Z\n");
    for (size_t i = 0; i < ZONES; i++)
        fprintf(out, "[zone A/z%zu]\n%s", i, oracle_lines(stage->zones[i]));
    fclose(out);
    house_write(house, "orders.d/A.conf", text, length);
    free(text);
}

/* The fixes from `from` on, a batch of them, a line each. */
static void send_batch(struct house *house, const struct track *track, size_t from)
{
    char *text, want[64];
    size_t length, until = from + BATCH < track->n ? from + BATCH : track->n;
    FILE *out = open_memstream(&text, &length);

    for (const struct fix *fix = track->fixes + from; fix < track->fixes + until; fix++)
        fprintf(out, "{\"device\":\"tag-1\",\"time\":\"%s\",\"lat\":%.7f,\"lon\":%.7f}\n",
                fix->time, fix->at.lat, fix->at.lon);
    fclose(out);
    assert_int_equal(house_post_lines(house, text), 200);
    snprintf(want, sizeof(want), "\"accepted\":%zu,\"rejected\":[]", until - from);
    assert_non_null(strstr(house->body, want));
    free(text);
}

/* What must be told of one zone: "breach TIME A/z0/1\ncleared TIME A/z0/1\n…"; the caller frees it.
 */
static char *foretold(const struct stage *stage, size_t zone, size_t *crossings)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bool inside = false;
    int incident = 0;

    for (const struct fix *fix = stage->track.fixes; fix < stage->track.fixes + stage->track.n;
         fix++) {
        if (oracle_inside(stage->zones[zone], fix->at) == inside)
            continue;
        inside = !inside;
        incident += inside ? 1 : 0;
        fprintf(out, "%s %s A/z%zu/%d\n", inside ? "breach" : "cleared", fix->time, zone, incident);
        (*crossings)++;
    }
    fclose(out);
    return text;
}

static char *told(const struct house *house, size_t zone)
{
    char *text, subject[16];
    size_t length;
    const json_t *alert;
    FILE *out = open_memstream(&text, &length);

    snprintf(subject, sizeof(subject), "A/z%zu", zone);
    for (size_t i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++) {
        const char *type = alert_text(alert, "type");

        if (strcmp(alert_text(alert, "subject"), subject) == 0 &&
            strcmp(type, "breachd.update") != 0)
            fprintf(out, "%s %s %s\n", type + strlen("breachd."), alert_text(alert, "time"),
                    alert_text(alert, "data.incident"));
    }
    fclose(out);
    return text;
}

static void assert_told_as_foretold(const struct house *house, const struct stage *stage)
{
    size_t crossings = 0;

    for (size_t zone = 0; zone < ZONES; zone++) {
        char *want = foretold(stage, zone, &crossings), *got = told(house, zone);

        assert_string_equal(got, want);
        free(want);
        free(got);
    }
    print_message("%zu fixes, %zu crossings\n", stage->track.n, crossings);
    assert_true(crossings >= 2 * ZONES - 1);
}

static void load(struct stage *stage, const struct journey *journey)
{
    char folder[512];
    double before;

    snprintf(folder, sizeof(folder), SHARED_DATA "/%s", journey->folder);
    if (!track_read(folder, journey->name, &stage->track)) {
        print_message("skipped: no %s in %s\n", journey->name, folder);
        skip();
    }
    before = track_length(&stage->track);
    track_move(&stage->track, journey->to);
    assert_true(fabs(track_length(&stage->track) - before) < before / 1000);
}

static void travel(struct house *house, const struct journey *journey)
{
    struct stage stage;

    load(&stage, journey);
    stage_build(&stage, journey->scale);
    leave_close_calls_out(&stage);
    write_order(house, &stage);
    house_redis_start(house, "");
    house_start(house, "--rehearse", NULL);
    for (size_t from = 0; from < stage.track.n; from += BATCH)
        send_batch(house, &stage.track, from);
    house_gather(house);
    assert_told_as_foretold(house, &stage);
    for (size_t i = 0; i < ZONES; i++)
        oracle_destroy(stage.zones[i]);
    track_fini(&stage.track);
    house_close(house);
}

static void a_walk_is_told_as_geos_finds_it(void **state)
{
    travel(*state, &journeys[0]);
}

static void a_drive_is_told_as_geos_finds_it(void **state)
{
    travel(*state, &journeys[1]);
}

static void a_run_in_the_uk_is_told_as_geos_finds_it(void **state)
{
    travel(*state, &journeys[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_walk_is_told_as_geos_finds_it),
        house_test(a_drive_is_told_as_geos_finds_it),
        house_test(a_run_in_the_uk_is_told_as_geos_finds_it),
    };

    return cmocka_run_group_tests_name("tracks", tests, NULL, NULL);
}
