/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fit_data.c - which recordings are fitted to, and as whose. A stretch has no gap of over a day and
 * stays within 100 km; each recording is heard twice, thinned to a fix in 5 s and in 60 s, as tags
 * ping; of a device no more than a few hundred fixes either way, from all of its recordings alike,
 * and no device of less than twenty.
 */
#include "detect/fit.h"
#include "detect/pile.h"
#include "detect/still.h"

#include "core/ping.h"
#include "core/plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { A_DEVICE_MAX = 250, A_DEVICE_LEAST = 20, THINNINGS = 2, GPSD = 1 };
static const double thinned_s[THINNINGS] = { 5, 60 };
static const double gap_most = 86400, far_most = 100e3; // seconds, metres

/* What of a recording's name is its device's. */
enum key { KEY_FOLDER, KEY_WHOLE, KEY_YEAR };

static const struct source {
    const char *name;
    enum key key;
    bool reported;      // its fixes tell an accuracy: those that do not are left out
    size_t least;       // rows that a recording must have
    const char *unless; // recordings that begin so are others' again
} sources[] = {
    { "mobilitynet", KEY_FOLDER, true, 6, NULL },
    { "emission", KEY_WHOLE, true, 6, NULL },
    { "movebank-fishers", KEY_FOLDER, true, 6, "fishersSubset" },
    { "gpsd", KEY_WHOLE, true, 200, NULL },
    { "geolife", KEY_FOLDER, false, 6, "skmob" },
    { "trackeR-uk", KEY_YEAR, false, 6, NULL }, // one runner's watch a year
};

static struct fit_device *device_of(struct fit_set *set, const struct source *source,
                                    const char *track)
{
    char name[FIT_NAME_MAX];
    size_t n = source->key == KEY_FOLDER ? strcspn(track, "/")
               : source->key == KEY_YEAR ? 4
                                         : strlen(track);

    snprintf(name, sizeof name, "%s: %.*s", source->name, (int)n, track);
    return fit_device(set, name);
}

static bool is_of(const struct source *source, const struct recorded *row)
{
    return !source->reported || (row->accuracy > 0 && row->accuracy <= PING_ACCURACY_MAX);
}

static bool is_still(const struct source *source, const struct recorded *rows, size_t n)
{
    bool phones = strcmp(source->name, still_sources[0]) == 0;

    return (phones || strcmp(source->name, still_sources[GPSD]) == 0) &&
           still_lay(phones ? 0 : GPSD, rows, n);
}

/* Up to `most` fixes of one recording, each at least `apart` seconds after the one before. */
static void add_thinned(struct fit_device *device, const struct source *source,
                        const struct recorded *rows, size_t n, double apart, size_t most)
{
    struct plane plane = { 0 };
    double before = NAN;
    bool still = is_still(source, rows, n);

    for (size_t i = 0, taken = 0; i < n && taken < most; i++) {
        const struct recorded *row = &rows[i];
        struct fit_fix fix = { .heard = { .accuracy = source->reported ? row->accuracy : NAN },
                               .still = still };

        if (!is_of(source, row) || row->epoch - before < apart)
            continue;
        fix.heard.at = plane_project(&plane, (struct lonlat){ row->lon, row->lat });
        if (isnan(before) || row->epoch - before > gap_most ||
            !(hypot(fix.heard.at.x, fix.heard.at.y) < far_most)) {
            plane = plane_at((struct lonlat){ row->lon, row->lat });
            fix.heard.at = (struct metres){ 0, 0 };
            fix.first = true;
        }
        before = row->epoch;
        fix.heard.when.ms = llround(row->epoch * 1000);
        fit_add(device, &fix);
        taken++;
    }
}

static bool is_wanted(const struct source *source, const struct recorded *rows, size_t n)
{
    return n >= source->least && (source->unless == NULL || strncmp(rows->track, source->unless,
                                                                    strlen(source->unless)) != 0);
}

/* How many recordings of the same source its device has. */
static size_t recordings_of(struct pile *pile, struct fit_set *set, const struct source *source,
                            const struct fit_device *device)
{
    struct pile again = *pile;
    const struct recorded *rows;
    size_t n, count = 0;

    again.next = 0;
    while ((rows = pile_next(&again, &n)) != NULL)
        count += is_wanted(source, rows, n) && device_of(set, source, rows->track) == device;
    return count;
}

static void read_source(const char *shared_data, const struct source *source, struct fit_set *out)
{
    struct pile pile = pile_read(shared_data, source->name);
    const struct recorded *rows;
    size_t n;

    while ((rows = pile_next(&pile, &n)) != NULL) {
        struct fit_device *device;
        size_t most;

        if (!is_wanted(source, rows, n))
            continue;
        device = device_of(out, source, rows->track);
        most = A_DEVICE_MAX / recordings_of(&pile, out, source, device);
        for (int i = 0; i < THINNINGS; i++)
            add_thinned(device, source, rows, n, thinned_s[i], most > 10 ? most : 10);
    }
    pile_fini(&pile);
}

/* Of who says next to nothing no fold can tell anything. */
static void leave_short(struct fit_set *set)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->n; i++) {
        if (set->devices[i].n >= A_DEVICE_LEAST)
            set->devices[kept++] = set->devices[i];
        else
            free(set->devices[i].fixes);
    }
    set->n = kept;
}

void fit_read(const char *shared_data, struct fit_set *out)
{
    *out = (struct fit_set){ 0 };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        read_source(shared_data, &sources[i], out);
    leave_short(out);
}
