/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of tracks in shared/data: Movebank's own, and those that were made of all of them. */
#include "adapter/ping/ping_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

#define MOVEBANK SHARED_DATA "/tracks-movebank-fishers/raw/"

struct tally {
    size_t lines; // below that of names
    size_t pings, no_fix, incomplete, other;
    char why[200];
};

static void take(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct tally *tally = arg;
    (void)index;

    ping = why == NULL ? ping : NULL;
    tally->pings += ping != NULL;
    tally->no_fix += ping != NULL && ping->no_fix;
    if (ping == NULL && strstr(why, ": missing") != NULL)
        tally->incomplete++;
    else if (ping == NULL && tally->other++ == 0)
        snprintf(tally->why, sizeof tally->why, "%s", why);
}

/* The file, unpacked by gzip; skips the test when there is none. */
static char *unpack(const char *path, size_t *out_n)
{
    char command[400], *bytes = NULL;
    size_t room = 0, n = 0;
    FILE *pipe;

    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    do {
        room = 2 * room + 65536;
        bytes = realloc(bytes, room);
        assert_non_null(bytes);
        n += fread(bytes + n, 1, room - n, pipe);
    } while (n == room);
    assert_int_equal(pclose(pipe), 0);
    *out_n = n;
    return bytes;
}

static struct tally read_table(const char *path)
{
    struct tally tally = { 0 };
    struct fault why = { .text = "" };
    size_t n;
    char *bytes = unpack(path, &n);

    if (!ping_csv_read(&(struct ping_body){ .bytes = bytes, .n = n, .names = { "tag-1" } }, take,
                       &tally, &why))
        fail_msg("%s: %s", path, why.text);
    for (size_t i = 0; i < n; i++)
        tally.lines += bytes[i] == '\n';
    tally.lines--;
    print_message(
        "%s: %zu pings, %zu of them not trusted, %zu lines that lack something, %zu others\n", path,
        tally.pings, tally.no_fix, tally.incomplete, tally.other);
    if (tally.other > 0)
        fail_msg("%s: %s", path, tally.why);
    free(bytes);
    return tally;
}

/* As its owner has them, by Movebank and by R: what lacks a place says so, and nothing else. */
static void movebank_s_tables_are_read_to_the_last_line(void **state)
{
    static const char *const tables[] = { MOVEBANK "leroy.csv.gz", MOVEBANK "ricky.csv.gz",
                                          MOVEBANK "fishersSubset.csv.gz" };

    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct tally tally = read_table(tables[i]);

        assert_true(tally.pings > 900);
        assert_int_equal(tally.pings + tally.incomplete, tally.lines);
    }
}

static void the_tables_of_all_tracks_are_read_to_the_last_line(void **state)
{
    static const char *const folders[] = { "emission",    "geolife",          "gpsbabel",  "gpsd",
                                           "mobilitynet", "movebank-fishers", "trackeR-uk" };
    struct tally tally;
    char path[300];

    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, SHARED_DATA "/tracks-%s/tracks.csv.gz", folders[i]);
        tally = read_table(path);
        assert_int_equal(tally.pings + tally.incomplete, tally.lines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(movebank_s_tables_are_read_to_the_last_line),
        cmocka_unit_test(the_tables_of_all_tracks_are_read_to_the_last_line),
    };

    return cmocka_run_group_tests_name("track_tables", tests, NULL, NULL);
}
