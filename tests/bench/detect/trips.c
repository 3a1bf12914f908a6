/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/trips.h"

#include "detect/pile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PLACES_MAX = 32, MARKS_MAX = 256 };

#define NEAR_S 300.0 // a mark is told when an incident is open within so long of it

/* Which places the legs of the recorded trips join; from legs.geojson. */
static const struct {
    const char *leg, *from, *to;
} legs[] = { { "suburb_city_driving_weekend", "Mountain View Library", "Los Altos Library" },
             { "suburb_bicycling", "Los Altos Library", "Mountain View Library" } };

struct mark {
    const char *place;
    double epoch;
};

struct atlas {
    struct site places[PLACES_MAX];
    size_t n;
    struct mark marks[MARKS_MAX];
    size_t n_marks;
};

static void add_mark(struct atlas *atlas, const char *transition, const char *leg, double epoch)
{
    bool start = strcmp(transition, "START_EVALUATION_TRIP") == 0;
    bool stop = strcmp(transition, "STOP_EVALUATION_TRIP") == 0;

    for (size_t i = 0; i < sizeof legs / sizeof *legs; i++) {
        if ((start || stop) && strcmp(leg, legs[i].leg) == 0 && atlas->n_marks < MARKS_MAX)
            atlas->marks[atlas->n_marks++] =
                (struct mark){ start ? legs[i].from : legs[i].to, epoch };
    }
}

/* phone,spec,ts,transition,trip_or_leg,… */
static void read_marks(struct atlas *atlas, const char *shared_data)
{
    char path[512], line[512], spec[128], transition[64], leg[128];
    double epoch;
    FILE *file;

    snprintf(path, sizeof path, "%s/tracks-mobilitynet/truth/transitions.csv", shared_data);
    file = fopen(path, "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%*[^,],%127[^,],%lf,%63[^,],%127[^,]", spec, &epoch, transition, leg) ==
                4 &&
            strcmp(spec, "unimodal_trip_car_bike_mtv_la") == 0)
            add_mark(atlas, transition, leg, epoch);
    }
    fclose(file);
}

static struct site *place_of(struct atlas *atlas, const char *id)
{
    for (size_t i = 0; i < atlas->n; i++) {
        if (strcmp(atlas->places[i].id, id) == 0)
            return &atlas->places[i];
    }
    return NULL;
}

/* track,epoch,lat,lon,acc_m,zone,inside,… The distances there are of a round earth: not asked. */
static void ask_oracle(struct atlas *atlas, const char *shared_data, struct trips *out)
{
    char path[512], line[512], id[16];
    struct lonlat at;
    int inside;
    gzFile file;

    snprintf(path, sizeof path, "%s/tracks-mobilitynet/truth/oracle-fix-inside.csv.gz",
             shared_data);
    file = gzopen(path, "r");
    while (file != NULL && gzgets(file, line, sizeof line) != NULL) {
        const struct site *site;

        if (sscanf(line, "%*[^,],%*[^,],%lf,%lf,%*[^,],%15[^,],%d", &at.lat, &at.lon, id,
                   &inside) != 4)
            continue;
        site = place_of(atlas, id);
        if (site == NULL)
            continue;
        out->oracle++;
        out->agreed +=
            (area_distance(&site->area, plane_project(&site->plane, at)) <= 0) == (inside != 0);
    }
    if (file != NULL)
        gzclose(file);
}

static void make_run(struct run *run, const struct recorded *rows, size_t n,
                     const struct site *site)
{
    double arrival = 0;

    run->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct fix fix = { .t = rows[i].epoch - rows[0].epoch, .true_distance = NAN, .error = NAN };

        fix.seen.at = plane_project(&site->plane, (struct lonlat){ rows[i].lon, rows[i].lat });
        fix.seen.accuracy = rows[i].accuracy > 0 ? rows[i].accuracy : NAN;
        fix.distance = area_distance(&site->area, fix.seen.at);
        fix.arrival = arrival = fmax(arrival, fix.t + 1);
        run_add(run, &fix);
    }
    run->end = arrival;
}

/* Whether an incident of that grade was open at some time within 5 min of the instant. */
static bool alert_near(const struct sayings *sayings, bool breach, double at)
{
    bool open = false;

    for (size_t i = 0; i < sayings->n && sayings->list[i].about <= at + NEAR_S; i++) {
        const struct saying *saying = &sayings->list[i];

        if (open && saying->about >= at - NEAR_S)
            return true;
        if (saying->word == SAYS_CLEARED)
            open = false;
        if (saying->word == SAYS_BREACH || (saying->word == SAYS_POSSIBLE && !breach))
            open = true;
    }
    return open;
}

/* Marks of that place in the span of the recording. */
static size_t score_marks(const struct atlas *atlas, const struct site *site,
                          const struct recorded *rows, size_t n, const struct sayings *sayings,
                          struct trip_score *score)
{
    size_t marks = 0;

    for (size_t i = 0; i < atlas->n_marks; i++) {
        const struct mark *mark = &atlas->marks[i];
        double at = mark->epoch - rows[0].epoch;

        if (strcmp(mark->place, site->name) != 0 || at < 0 || mark->epoch > rows[n - 1].epoch)
            continue;
        marks++;
        score->possible += alert_near(sayings, false, at);
        score->breach += alert_near(sayings, true, at);
    }
    return marks;
}

static void one_place(const struct atlas *atlas, const struct site *site,
                      const struct recorded *rows, size_t n, const struct detect *detect,
                      bool rivals, struct trips *out)
{
    struct run run = { 0 };
    struct sayings sayings = { 0 };

    make_run(&run, rows, n, site);
    for (enum judge judge = OURS; judge < (rivals ? JUDGES : PLAIN + 1); judge++) {
        struct trip_score *score = &out->of[judge];
        size_t marks;

        judge_run(judge, detect, site, &run, &sayings);
        marks = score_marks(atlas, site, rows, n, &sayings, score);
        out->marks += judge == OURS ? marks : 0;
        for (size_t i = 0; i < sayings.n; i++) {
            enum word word = sayings.list[i].word;

            score->alerts += marks > 0;
            score->elsewhere +=
                marks == 0 && (word == SAYS_POSSIBLE || word == SAYS_BREACH || word == SAYS_PAST);
        }
    }
    run_fini(&run);
    sayings_fini(&sayings);
}

void trips_run(const char *shared_data, const struct detect *detect, bool rivals, struct trips *out)
{
    static struct atlas atlas;
    struct pile pile = pile_read(shared_data, "mobilitynet");
    const struct recorded *rows;
    char path[512];
    size_t n;

    *out = (struct trips){ 0 };
    snprintf(path, sizeof path, "%s/tracks-mobilitynet/truth/zones.geojson", shared_data);
    atlas.n = site_read(path, "zone", 0, INFINITY, atlas.places, PLACES_MAX);
    read_marks(&atlas, shared_data);
    ask_oracle(&atlas, shared_data, out);
    out->polygons = atlas.n;
    while ((rows = pile_next(&pile, &n)) != NULL) {
        if (strstr(rows->track, "trip") == NULL)
            continue;
        for (size_t i = 0; i < atlas.n; i++)
            one_place(&atlas, &atlas.places[i], rows, n, detect, rivals, out);
        out->recordings++;
    }
    pile_fini(&pile);
    for (size_t i = 0; i < atlas.n; i++)
        site_fini(&atlas.places[i]);
}
