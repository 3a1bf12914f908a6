/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real tracks, moved rigidly onto Essex and sent through the running daemon, with an accuracy of 4
 * m: while GEOS finds a fix well inside a zone an incident is open, and none opens or ends where
 * GEOS finds the contrary.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "live/oracle.h"
#include "live/track.h"
#include "support/test.h"
#include "support/testbed.h"

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
static struct oracle *corner_home(struct place centre, double scale, double buffer)
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
    stage->zones[1] = corner_home(on_path[1], scale, 0);
    stage->zones[2] = oracle_circle(on_path[2], 2 * scale);
    stage->zones[3] = corner_home(on_path[3], scale, scale / 2);
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

static void write_order(const struct testbed *testbed, const struct stage *stage)
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
    testbed_write(testbed, "orders.d/A.conf", text, length);
    free(text);
}

/* The fixes from `from` on, a batch of them, a line each. */
static void send_batch(struct testbed *testbed, const struct track *track, size_t from)
{
    char *text, want[64];
    size_t length, until = from + BATCH < track->n ? from + BATCH : track->n;
    FILE *out = open_memstream(&text, &length);

    for (const struct fix *fix = track->fixes + from; fix < track->fixes + until; fix++)
        fprintf(out,
                "{\"device\":\"tag-1\",\"time\":\"%s\",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":4}\n",
                fix->time, fix->at.lat, fix->at.lon);
    fclose(out);
    assert_int_equal(testbed_post_lines(testbed, text), 200);
    snprintf(want, sizeof(want), "\"accepted\":%zu,", until - from);
    assert_non_null(strstr(testbed->body, want));
    assert_non_null(strstr(testbed->body, "\"rejected\":[]}"));
    free(text);
}

/* What was told of one zone, alert by alert, beside the fixes. */
struct telling {
    const struct testbed *testbed;
    char subject[16];
    size_t next; // alert to come
    bool possible, breach;
    bool crossed; // the newest `possible` is of a way between two fixes
    size_t opened;
    long inside; // second at which he was, last
};

static long second_of(const char *time)
{
    struct tm tm = { 0 };

    assert_non_null(strptime(time, "%Y-%m-%dT%H:%M:%S", &tm));
    return timegm(&tm);
}

/* Who came in three times goes on for six minutes when he is gone: breachd(8), tamper. */
static bool lasts(const struct telling *telling, const char *now)
{
    return telling->opened >= 3 && second_of(now) - telling->inside <= 6 * 60;
}

/* Takes the alerts of the fix at `time`. */
static void listen(struct telling *telling, const char *time)
{
    const json_t *alert;

    while ((alert = json_array_get(telling->testbed->alerts, telling->next)) != NULL) {
        const char *type = alert_text(alert, "type") + strlen("breachd.");

        if (strcmp(alert_text(alert, "subject"), telling->subject) != 0) {
            telling->next++;
            continue;
        }
        if (strcmp(alert_text(alert, "time"), time) > 0)
            return;
        telling->next++;
        if (strcmp(type, "possible") == 0) {
            telling->possible = true;
            telling->opened++;
            telling->crossed = strstr(alert_text(alert, "data.reason"), "two pings") != NULL;
        }
        telling->breach |= strcmp(type, "breach") == 0;
        if (strcmp(type, "cleared") == 0)
            telling->possible = telling->breach = false;
    }
}

/* One zone; returns how often GEOS finds that an edge was crossed. */
static size_t check_zone(const struct testbed *testbed, const struct stage *stage, size_t nth)
{
    const struct oracle *zone = stage->zones[nth];
    struct telling telling = { .testbed = testbed };
    bool inside = false, was = false;
    size_t crossings = 0;

    snprintf(telling.subject, sizeof(telling.subject), "A/z%zu", nth);
    for (const struct fix *fix = stage->track.fixes; fix < stage->track.fixes + stage->track.n;
         fix++) {
        double edge = oracle_to_edge(zone, fix->at);
        bool open = telling.possible || telling.breach, breach = telling.breach;

        was = inside;
        inside = oracle_inside(zone, fix->at);
        if (inside)
            telling.inside = second_of(fix->time);
        crossings += inside != was;
        listen(&telling, fix->time);
        if (inside && edge > 12 && !telling.breach)
            fail_msg("%s: %.0f m inside at %s, and no breach is open", telling.subject, edge,
                     fix->time);
        if (!inside && edge > 4 && telling.breach && !breach)
            fail_msg("%s: a breach %.0f m outside at %s", telling.subject, edge, fix->time);
        if (!inside && edge > 25 && telling.possible && !open && !telling.crossed)
            fail_msg("%s: possible %.0f m outside at %s", telling.subject, edge, fix->time);
        if (inside && open && !telling.possible && !telling.breach)
            fail_msg("%s: cleared inside at %s", telling.subject, fix->time);
        if (!inside && edge > 60 && telling.breach && !lasts(&telling, fix->time))
            fail_msg("%s: %.0f m outside at %s, and not cleared", telling.subject, edge, fix->time);
    }
    return crossings;
}

static void assert_told_as_geos_finds(const struct testbed *testbed, const struct stage *stage)
{
    size_t crossings = 0;

    for (size_t zone = 0; zone < ZONES; zone++)
        crossings += check_zone(testbed, stage, zone);
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

static void travel(struct testbed *testbed, const struct journey *journey)
{
    struct stage stage;

    load(&stage, journey);
    stage_build(&stage, journey->scale);
    leave_close_calls_out(&stage);
    write_order(testbed, &stage);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    for (size_t from = 0; from < stage.track.n; from += BATCH)
        send_batch(testbed, &stage.track, from);
    testbed_gather(testbed);
    assert_told_as_geos_finds(testbed, &stage);
    for (size_t i = 0; i < ZONES; i++)
        oracle_destroy(stage.zones[i]);
    track_fini(&stage.track);
    testbed_close(testbed);
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
        testbed_test(a_walk_is_told_as_geos_finds_it),
        testbed_test(a_drive_is_told_as_geos_finds_it),
        testbed_test(a_run_in_the_uk_is_told_as_geos_finds_it),
    };

    return cmocka_run_group_tests_name("tracks", tests, NULL, NULL);
}
