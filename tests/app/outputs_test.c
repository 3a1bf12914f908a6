/* SPDX-License-Identifier: Apache-2.0 */
/* Which outputs are told to be down, however many there are; what is told is kept here. */
#include "app/ailments.h"
#include "app/outputs.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static struct {
    int n;
    bool is;
    char reason[ALERT_REASON_MAX];
} alerted;

bool __wrap_ailment_tell(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                         bool is, const char *reason);
bool __wrap_ailment_goes_on(struct pipeline *pipeline, enum ailment ailment);
const char *__wrap_pipeline_closed(const struct pipeline *pipeline);
struct utc __wrap_pipeline_now(const struct pipeline *pipeline);

bool __wrap_ailment_tell(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                         bool is, const char *reason)
{
    (void)pipeline;
    (void)ledger;
    assert_int_equal(ailment, AILMENT_OUTPUTS);
    alerted.n++;
    alerted.is = is;
    snprintf(alerted.reason, sizeof alerted.reason, "%s", reason);
    return true;
}

bool __wrap_ailment_goes_on(struct pipeline *pipeline, enum ailment ailment)
{
    (void)pipeline;
    (void)ailment;
    return alerted.is;
}

const char *__wrap_pipeline_closed(const struct pipeline *pipeline)
{
    (void)pipeline;
    return NULL;
}

struct utc __wrap_pipeline_now(const struct pipeline *pipeline)
{
    (void)pipeline;
    return (struct utc){ 1000000 };
}

static int begin(void **state)
{
    (void)state;
    memset(&alerted, 0, sizeof alerted);
    return 0;
}

static void report(struct outputs *outputs, const char *what, int n)
{
    char name[16];

    snprintf(name, sizeof name, "out%d", n);
    outputs_take(outputs, &(struct report){ .program = "x", .what = what, .of = name, .why = "" });
}

static void report_all(struct outputs *outputs, const char *what, int from, int to)
{
    for (int i = from; i < to; i++)
        report(outputs, what, i);
}

/* The whole stream: of `n` that were down the first `up` are up again. */
static void read_stream(struct outputs *outputs, int n, int up)
{
    report_all(outputs, "down", 0, n);
    report_all(outputs, "up", 0, up);
    outputs_read_all(outputs);
}

/* How often the stream was to be read again, in a thousand seconds. */
static int ticks(struct outputs *outputs, int n, int up)
{
    int again = 0;

    for (int second = 0; second < 1000; second++) {
        if (outputs_tick(outputs, NULL, NULL)) {
            again++;
            read_stream(outputs, n, up);
        }
    }
    return again;
}

static void one_that_found_no_room_is_told_and_the_stream_read_once(void **state)
{
    static struct outputs outputs;
    (void)state;

    outputs_begin(&outputs);
    read_stream(&outputs, OUTPUTS_MAX + 1, 1);
    assert_int_equal(ticks(&outputs, OUTPUTS_MAX + 1, 1), 0);
    assert_int_equal(alerted.n, 1);
    assert_non_null(strstr(alerted.reason, "outputs out1, out2, "));
    assert_non_null(strstr(alerted.reason, " and others are down"));
}

static void the_last_of_them_is_told_without_its_name_until_it_is_up(void **state)
{
    static struct outputs outputs;
    (void)state;

    outputs_begin(&outputs);
    read_stream(&outputs, OUTPUTS_MAX + 1, OUTPUTS_MAX);
    assert_int_equal(ticks(&outputs, OUTPUTS_MAX + 1, OUTPUTS_MAX), 0);
    assert_true(alerted.is);
    assert_string_equal(alerted.reason, "outputs are down: what happens is not told there");
    report(&outputs, "up", OUTPUTS_MAX);
    assert_int_equal(ticks(&outputs, OUTPUTS_MAX + 1, OUTPUTS_MAX + 1), 0);
    assert_false(alerted.is);
    assert_string_equal(alerted.reason, "every output is up again");
}

/* More than there are marks for: an `up` alone has the stream read again, and once. */
static void of_very_many_it_is_told_first_and_read_again_after_an_up(void **state)
{
    static struct outputs outputs;
    enum { MANY = OUTPUTS_MAX + OUTPUTS_OTHERS + 1 };
    (void)state;

    outputs_begin(&outputs);
    read_stream(&outputs, MANY, 0);
    assert_int_equal(ticks(&outputs, MANY, 0), 0);
    assert_int_equal(alerted.n, 1);
    report(&outputs, "up", 0);
    assert_int_equal(ticks(&outputs, MANY, 1), 1);
    assert_int_equal(alerted.n, 2);
    assert_null(strstr(alerted.reason, "out0,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_that_found_no_room_is_told_and_the_stream_read_once, begin),
        cmocka_unit_test_setup(the_last_of_them_is_told_without_its_name_until_it_is_up, begin),
        cmocka_unit_test_setup(of_very_many_it_is_told_first_and_read_again_after_an_up, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
