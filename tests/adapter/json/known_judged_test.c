/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known_judged_test.c - two devices come and go about a zone, some pings late, twice or wild, and
 * their clocks wrong for a while. One scene runs through; the other is written as rows of a ledger
 * and read back after each ping, as by a restart. Both must tell the same, byte for byte.
 */
#include "adapter/json/known_pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"

enum { TRACKS = 20, FAR_TRACKS = 8, PINGS = 400, MINUTE = 60 * 1000 };

static const char *const names[SCENE_DEVICES] = { "tag", "phone" };

/* What is on disk: the newest text of each device and of the incident. */
struct disk {
    char *devices[SCENE_DEVICES], *incident;
};

/* Where somebody goes, and how well he is seen. */
struct walk {
    double east, north, to_east, to_north, speed; // metres, m/s
    double accuracy;
    int64_t behind_ms; // their clocks
    struct utc now, alerted;
};

/* The tag is of a kind with such a clock, and with a silence and an accuracy of its own. */
static struct scene *beside(double warn, bool silence, enum device_clock clock)
{
    struct scene *scene = scene_create();
    const struct device_kind kind = { .name = "tags",
                                      .match = { "t*" },
                                      .n_match = 1,
                                      .unknown_accuracy = 12,
                                      .silent_ms = silence ? 20 * MINUTE : 0,
                                      .clock = clock };

    scene->kinds.n = clock != CLOCK_JUDGED;
    scene->kinds.of[0] = kind;

    scene_zone(scene, "home", 0, 0, 200, warn);
    if (silence) {
        scene->detect.silent_least_ms = 5 * MINUTE;
        scene->detect.silent_ms = 30 * MINUTE;
    }
    scene_load(scene);
    return scene;
}

/* Somewhere else, by foot or wheels; `far` metres from the middle at the most. */
static void set_out(struct walk *walk, double far, struct dice *dice)
{
    double angle = dice_between(dice, 0, 2 * M_PI), away = dice_between(dice, 0, far);

    walk->to_east = away * cos(angle);
    walk->to_north = away * sin(angle);
    walk->speed = dice_between(dice, 0, 1) < 0.5 ? 1.4 : dice_between(dice, 3, 15);
    walk->accuracy = dice_between(dice, 0, 1) < 0.2 ? NAN : dice_between(dice, 3, 50);
}

static void step(struct walk *walk, double seconds)
{
    double way = hypot(walk->to_east - walk->east, walk->to_north - walk->north);
    double part = way > 0 ? fmin(walk->speed * seconds / way, 1) : 0;

    walk->east += part * (walk->to_east - walk->east);
    walk->north += part * (walk->to_north - walk->north);
    walk->now = utc_plus(walk->now, (int64_t)(seconds * 1000));
}

/* Mostly right; else hours or weeks behind, or ahead. */
static int64_t some_clock(struct dice *dice)
{
    static const int64_t behind[] = { 0,  0, 0, 3 * 60, 300 * 60, 1024 * 7 * 24 * 60, 30 * 24 * 60,
                                      -70 };

    return behind[dice_below(dice, sizeof behind / sizeof *behind)] * MINUTE;
}

/* The next ping of one of the two, and when it comes; `tidy`: neither late nor wild. */
static struct ping next(struct walk *walk, double far, bool tidy, struct dice *dice,
                        struct utc *out_received)
{
    double wild = tidy ? 0.5 : dice_between(dice, 0, 1);
    double blur = isnan(walk->accuracy) ? 20 : walk->accuracy / 2;
    int64_t late = wild > 0.97 ? (int64_t)(dice_between(dice, 1, 1500) * 1000) : 300;
    struct ping ping;

    if (dice_between(dice, 0, 1) < 0.05)
        set_out(walk, far, dice);
    if (!tidy && dice_between(dice, 0, 1) < 0.03)
        walk->behind_ms = some_clock(dice);
    step(walk, dice_between(dice, 0, 1) < 0.01 ? 2400 : dice_between(dice, 1, 60));
    ping = scene_ping_of(names[dice_below(dice, SCENE_DEVICES)],
                         utc_plus(walk->now, -late - walk->behind_ms),
                         walk->east + dice_between(dice, -blur, blur),
                         walk->north + dice_between(dice, -blur, blur));
    ping.accuracy = walk->accuracy;
    if (wild < 0.02)
        ping.at = scene_place(0, 9000);
    // A clock that creeps for once, on the way or with a leap.
    if (!tidy && dice_between(dice, 0, 1) < 0.1)
        ping.time = utc_plus(walk->alerted, dice_below(dice, 1200));
    walk->alerted = ping.time;
    *out_received = utc_plus(walk->now, 300);
    return ping;
}

static void keep(char **text, const char *newer)
{
    free(*text);
    *text = strdup(newer);
    assert_non_null(*text);
}

static const char *row_of(const struct known_device *device, char room[KNOWN_TEXT_MAX])
{
    static const struct estimate none;

    return known_device_row(device, device->estimate != NULL ? device->estimate : &none, room);
}

/* Into the estimate that it shows, too. */
static void recall(const char *row, struct known_device *out)
{
    struct estimate believed, *shown = out->estimate;

    assert_int_equal(known_device_recall(row, out, &believed), RECALL_WHOLE);
    out->estimate = shown;
    if (shown != NULL)
        *shown = believed;
}

/* Writes what the masks name, and reads all of it back. */
static void restart(struct scene *scene, struct disk *disk, uint32_t devices, uint32_t incidents)
{
    char room[KNOWN_TEXT_MAX];

    for (size_t i = 0; i < SCENE_DEVICES; i++) {
        if ((devices >> i & 1) != 0)
            keep(&disk->devices[i], row_of(&scene->devices[i], room));
        recall(disk->devices[i], &scene->devices[i]);
    }
    if ((incidents & 1) != 0)
        keep(&disk->incident, known_incident_row(&scene->memory[0].incident, room));
    assert_int_equal(known_incident_recall(disk->incident, &scene->memory[0].incident),
                     RECALL_WHOLE);
}

static void forget(struct disk *disk)
{
    for (size_t i = 0; i < SCENE_DEVICES; i++)
        free(disk->devices[i]);
    free(disk->incident);
}

static void assert_same_words(const struct scene *through, const struct scene *restarted, int ping)
{
    if (through->n_lines != restarted->n_lines)
        fail_msg("ping %d: %zu alerts, after a restart %zu", ping, through->n_lines,
                 restarted->n_lines);
    for (size_t i = 0; i < through->n_lines; i++)
        assert_string_equal(restarted->lines[i], through->lines[i]);
}

/* One track; `all`: all that is known is written, else what the outcome says must survive. */
static void run(struct dice *dice, double far, double warn, bool all, enum device_clock clock,
                struct tally *tally)
{
    struct scene *through = beside(warn, all, clock), *restarted = beside(warn, all, clock);
    struct disk disk = { 0 };
    struct walk walk = { .now = utc_of("2020-06-23T08:00:00Z") };

    set_out(&walk, far, dice);
    walk.east = walk.to_east;
    walk.north = walk.to_north;
    through->on_alert = tally_count;
    through->on_alert_arg = tally;
    restart(restarted, &disk, UINT32_MAX, UINT32_MAX);
    for (int i = 0; i < PINGS; i++) {
        struct utc received;
        struct ping ping = next(&walk, far, !all, dice, &received);

        scene_ping(through, &ping, received);
        scene_ping(restarted, &ping, received);
        assert_same_words(through, restarted, i);
        restart(restarted, &disk, all ? UINT32_MAX : restarted->devices_changed,
                all ? UINT32_MAX : (uint32_t)restarted->incidents_changed.words[0]);
        scene_hush(through);
        scene_hush(restarted);
    }
    forget(&disk);
    scene_destroy(through);
    scene_destroy(restarted);
}

static void what_is_read_back_judges_alike(void **state)
{
    static const enum alert_type wanted[] = {
        ALERT_APPROACH, ALERT_POSSIBLE, ALERT_BREACH,        ALERT_UPDATE, ALERT_CLEARED,
        ALERT_SILENT,   ALERT_HEARD,    ALERT_RETROSPECTIVE, ALERT_CLOCK,
    };
    struct dice dice = dice_begin();
    struct tally tally = { { 0 } };

    (void)state;
    for (int i = 0; i < TRACKS; i++)
        run(&dice, 1500, 400, true, (enum device_clock)(i % 3), &tally);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(tally.of[wanted[i]] > 0);
}

static void within_the_ring(unsigned long seed, int clocks)
{
    struct dice dice = { seed };
    struct tally tally = { { 0 } };

    print_message("DICE_SEED=%lu\n", seed);
    for (int i = 0; i < TRACKS; i++)
        run(&dice, 500, 800, false, (enum device_clock)(i % clocks), &tally);
    assert_true(tally.of[ALERT_BREACH] > 0 && tally.of[ALERT_CLEARED] > 0);
}

/* Within the ring each plain ping matters: no more is needed than what is said to have changed. */
static void what_changed_is_enough_within_the_ring(void **state)
{
    (void)state;
    within_the_ring(dice_seed(), 3);
}

/* The evidence began anew, with as many pings and as good a score as before. */
static void a_new_beginning_is_kept(void **state)
{
    (void)state;
    within_the_ring(4, 1);
}

/* Puts back what was let go of, as if a restart had brought it back. */
static int put_back(struct scene *scene, const struct estimate before[SCENE_DEVICES])
{
    int n = 0;

    for (size_t i = 0; i < SCENE_DEVICES; i++) {
        if (before[i].belief.n == 0 || scene->estimates[i].belief.n > 0)
            continue;
        scene->estimates[i] = before[i];
        n++;
    }
    return n;
}

/* Far and near in turn: whether what is believed of who is far is taken away is all the same. */
static void what_is_let_go_makes_no_difference(void **state)
{
    struct dice dice = dice_begin();
    struct tally tally = { { 0 } };
    int let_go = 0;

    (void)state;
    for (int track = 0; track < FAR_TRACKS; track++) {
        enum device_clock clock = (enum device_clock)(track % 3);
        struct scene *through = beside(400, true, clock), *holding = beside(400, true, clock);
        struct walk walk = { .now = utc_of("2020-06-23T08:00:00Z") };

        through->on_alert = tally_count;
        through->on_alert_arg = &tally;
        for (int i = 0; i < PINGS; i++) {
            struct estimate before[SCENE_DEVICES] = { holding->estimates[0],
                                                      holding->estimates[1] };
            struct utc received;
            struct ping ping = next(&walk, track % 2 == 0 ? 5000 : 2000, false, &dice, &received);

            scene_ping(through, &ping, received);
            scene_ping(holding, &ping, received);
            assert_same_words(through, holding, i);
            let_go += put_back(holding, before);
            scene_hush(through);
            scene_hush(holding);
        }
        scene_destroy(through);
        scene_destroy(holding);
    }
    print_message("let go %d times\n", let_go);
    assert_true(let_go > FAR_TRACKS && tally.of[ALERT_BREACH] > 0 && tally.of[ALERT_CLEARED] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_back_judges_alike),
        cmocka_unit_test(what_changed_is_enough_within_the_ring),
        cmocka_unit_test(a_new_beginning_is_kept),
        cmocka_unit_test(what_is_let_go_makes_no_difference),
    };

    return cmocka_run_group_tests_name("known_judged", tests, NULL, NULL);
}
