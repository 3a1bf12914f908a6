/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fit_truth.h"

#include "detect/pile.h"
#include "detect/still.h"

#include "core/plane.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double fine = 15, mast = 200, between_most = 5; // metres, metres, seconds

/* Errors of one kind, in metres and in told accuracies. */
struct errors {
    double *metres, *reported;
    size_t n, room;
};

static void add(struct errors *errors, double metres, double accuracy)
{
    if (errors->n == errors->room) {
        errors->room = errors->room == 0 ? 1024 : 2 * errors->room;
        errors->metres = reallocarray(errors->metres, errors->room, sizeof *errors->metres);
        errors->reported = reallocarray(errors->reported, errors->room, sizeof *errors->reported);
        if (errors->metres == NULL || errors->reported == NULL)
            err(1, "errors");
    }
    errors->metres[errors->n] = metres;
    errors->reported[errors->n++] = metres / accuracy;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double part_of(double *values, size_t n, double part)
{
    qsort(values, n, sizeof *values, ascending);
    return values[(size_t)ceil(part * (double)n) - 1];
}

/* Frees them. */
static void row(FILE *out, const char *who, const char *what, struct errors *errors)
{
    if (errors->n > 0)
        fprintf(out, "| %s | %s | %zu | %.1f | %.1f | %.2f | %.2f |\n", who, what, errors->n,
                part_of(errors->metres, errors->n, 0.68), part_of(errors->metres, errors->n, 0.95),
                part_of(errors->reported, errors->n, 0.68),
                part_of(errors->reported, errors->n, 0.95));
    free(errors->metres);
    free(errors->reported);
    *errors = (struct errors){ 0 };
}

static double metres(const struct recorded *row, struct lonlat place)
{
    return lonlat_distance((struct lonlat){ row->lon, row->lat }, place);
}

static void add_still(struct errors *errors, const struct recorded *rows, size_t n)
{
    struct lonlat place = still_place(rows, n);

    for (size_t i = 0; i < n; i++) {
        if (rows[i].accuracy > 0 && rows[i].accuracy <= mast)
            add(errors, metres(&rows[i], place), rows[i].accuracy);
    }
}

/* Of recordings whose name holds `device`. */
static void still_row(FILE *out, struct pile *pile, int source, const char *device,
                      const char *name)
{
    struct errors errors = { 0 };
    const struct recorded *rows;
    size_t n;

    pile->next = 0;
    while ((rows = pile_next(pile, &n)) != NULL) {
        if (strstr(rows->track, device) != NULL && still_lay(source, rows, n))
            add_still(&errors, rows, n);
    }
    row(out, name, "at rest, from the recording's median", &errors);
}

/* Where the other phone was at that time, between two of its fixes; false: it was not heard. */
static bool other_at(const struct recorded *rows, size_t n, double epoch, struct lonlat *out)
{
    for (size_t i = 1; i < n; i++) {
        double gap = rows[i].epoch - rows[i - 1].epoch, part;

        if (rows[i - 1].epoch > epoch || rows[i].epoch < epoch)
            continue;
        if (!(gap > 0 && gap <= between_most) || !(rows[i].accuracy <= fine) ||
            !(rows[i - 1].accuracy <= fine))
            return false;
        part = (epoch - rows[i - 1].epoch) / gap;
        *out = (struct lonlat){ rows[i - 1].lon + part * (rows[i].lon - rows[i - 1].lon),
                                rows[i - 1].lat + part * (rows[i].lat - rows[i - 1].lat) };
        return true;
    }
    return false;
}

static void add_trip(struct errors *errors, const struct recorded *rows, size_t n,
                     const struct recorded *other, size_t n_other)
{
    for (size_t i = 0; i < n; i++) {
        struct lonlat place;

        if (rows[i].accuracy > 0 && rows[i].accuracy <= fine && rows[i].speed >= 1 &&
            other_at(other, n_other, rows[i].epoch, &place))
            add(errors, metres(&rows[i], place), rows[i].accuracy);
    }
}

static bool is_trip(const struct recorded *rows, const char *device)
{
    return strstr(rows->track, device) != NULL && strstr(rows->track, "unimodal_trip") != NULL;
}

static void trip_row(FILE *out, struct pile *pile, const char *device, const char *other,
                     const char *name)
{
    struct errors errors = { 0 };
    const struct recorded *rows, *others;
    size_t n, n_other;

    pile->next = 0;
    while ((rows = pile_next(pile, &n)) != NULL) {
        struct pile again = *pile;

        again.next = 0;
        while (is_trip(rows, device) && (others = pile_next(&again, &n_other)) != NULL) {
            if (is_trip(others, other) && others[0].epoch < rows[n - 1].epoch &&
                others[n_other - 1].epoch > rows[0].epoch)
                add_trip(&errors, rows, n, others, n_other);
        }
    }
    row(out, name, "in motion, from the other phone", &errors);
}

void fit_truth(FILE *out, const char *shared_data)
{
    struct pile phones = pile_read(shared_data, still_sources[0]);
    struct pile receivers = pile_read(shared_data, still_sources[1]);

    fprintf(
        out,
        "## A told accuracy beside the truth\n\n"
        "At rest: from the median of the recording's fixes of 100 m and better, so an error "
        "that lasts as long as the recording is not seen. In motion at 1 m/s and more: from "
        "the second phone in the same bag, between two of its fixes, both telling 15 m or "
        "better; both phones' errors are in it, and what their clocks differ. The 68 %% in told "
        "accuracies is the scale that would be right there.\n\n"
        "| device | errors | fixes | 68 %% m | 95 %% m | 68 %% in told accuracies | 95 %% |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n");
    still_row(out, &phones, 0, "android", "Android phone");
    trip_row(out, &phones, "android", "ios", "Android phone");
    still_row(out, &phones, 0, "ios", "iPhone");
    trip_row(out, &phones, "ios", "android", "iPhone");
    still_row(out, &receivers, 1, "", "receivers of gpsd");
    fprintf(out, "\n");
    pile_fini(&phones);
    pile_fini(&receivers);
}
