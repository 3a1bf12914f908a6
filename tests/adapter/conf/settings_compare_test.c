/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a reload changes, from what to what; no secret, and no place. */
#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/settings_load.h"

#define BROKER "[mqtt]\nurl = mqtt://u@h\ndevice = topic\n"

static const struct row {
    const char *says, *was, *is, *want;
    size_t thresholds;
} rows[] = {
    { "nothing", "", "", "", 0 },
    { "the same in other words", "[detect]\nlate = 10m\n", "[detect]\nlate = 600s\n", "", 0 },
    { "a threshold", "", "[detect]\nprobability-breach = 71.5 %\n",
      "[detect]: probability-breach 71.5 %, was 70 %\n", 1 },
    { "and back", "[detect]\nprobability-breach = 71.5 %\n", "",
      "[detect]: probability-breach 70 %, was 71.5 %\n", 1 },
    { "several, as the table has them", "[detect]\nlate = 11m\n",
      "[alerts]\nsilent-after = 90m\nremind = 6m\n[detect]\nreach-speed = 20 m/s\nmast = 1.5 km\n",
      "[alerts]: remind 6m, was 5m\n[detect]: late 10m, was 11m\n"
      "[detect]: reach-speed 20 m/s, was 13.4 m/s\n[detect]: mast 1500 m, was 2 km\n"
      "[alerts]: silent-after 90m, was 1h\n",
      4 },
    { "a count, a size", "", "[http]\nrate = 0\nmax-body = 64 KiB\n[alerts]\ndevice-day = 10\n",
      "[http]: rate 0, was 1000\n[http]: max-body 64 KiB, was 1 MiB\n"
      "[alerts]: device-day 10, was 500\n",
      1 },
    { "words", "", "[site]\nreload = by-file\n[redis]\npings = on\n[alerts]\nposition = none\n",
      "[site]: reload by-file, was whole\n[redis]: pings on, was off\n"
      "[alerts]: position none, was full\n",
      0 },
    { "a file that was none", "", "[http]\ntokens = /srv/tokens\n",
      "[http]: tokens /srv/tokens, was not given\n", 0 },
    { "an address", "", "[redis]\nurl = redis://h:1/2\n" BROKER,
      "[redis]: url redis://h:1/2, was redis://127.0.0.1:6379/0\n"
      "[mqtt]: url mqtt://u@h, was not given\n[mqtt]: device topic, was any\n",
      0 },
    { "a password is not told", "", "[redis]\npassword-file = swordfish\n",
      "[redis]: password-file changed\n", 0 },
    { "nor are topics", BROKER, BROKER "topics = a/+\n", "[mqtt]: topics changed\n", 0 },
    { "what cannot change is complained of elsewhere", "", "[ledger]\npath = /srv/b.db\n", "", 0 },
    { "kinds of devices are told by themselves", "", "[devices a]\nmatch = a\n", "", 0 },
};

static char stated[4096];
static size_t thresholds;

static void note(const char *line, bool is_threshold, void *arg)
{
    size_t n = strlen(stated);

    (void)arg;
    thresholds += is_threshold;
    snprintf(stated + n, sizeof stated - n, "%s\n", line);
}

static size_t compare(const char *site, const char *was, const char *site_now, const char *is)
{
    static struct settings before;
    struct complaints complaints = { 0 };
    char text[1024];

    stated[0] = '\0';
    thresholds = 0;
    scratch_write("swordfish", "sesame\n");
    snprintf(text, sizeof text, "%s%s", site, was);
    load(text, &complaints);
    before = settings;
    snprintf(text, sizeof text, "%s%s", site_now, is);
    load(text, &complaints);
    assert_complaints(is, &complaints, "");
    return settings_compare(&before, &settings, note, NULL);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    size_t lines = 0, n = compare(SITE, row->was, SITE, row->is);

    for (const char *at = stated; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_string_equal(stated, row->want);
    assert_int_equal(n, lines);
    assert_int_equal(thresholds, row->thresholds);
}

static void where_the_region_is_stays_unsaid(void **state)
{
    (void)state;
    compare(SITE, "", "[site]\nname = essex\nregion = 51.4,-0.1 52.1,1.5\n", "");
    assert_string_equal(stated, "[site]: region changed\n");
}

/* Two paths that are as long as there can be: no line is cut. */
static void the_longest_is_told_whole(void **state)
{
    static struct settings was, is;

    (void)state;
    memset(was.tokens, 'a', sizeof was.tokens - 1);
    memset(is.tokens, 'b', sizeof is.tokens - 1);
    stated[0] = '\0';
    settings_compare(&was, &is, note, NULL);
    assert_int_equal(strlen(stated),
                     2 * (SETTINGS_PATH_MAX - 1) + strlen("[http]: tokens , was \n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(where_the_region_is_stays_unsaid),
        cmocka_unit_test(the_longest_is_told_whole),
    };

    return rows_hold_in("compare", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("settings_compare", tests, NULL, NULL);
}
