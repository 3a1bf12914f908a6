/* SPDX-License-Identifier: Apache-2.0 */
/* What gathers for a commit: its alerts, and what is taken back again. */
#include "adapter/ledger/changes.h"

#include <string.h>

#include "support/test.h"

static void add_alert(struct changes *changes, const char *id)
{
    struct kept_alert alert = { .respondent = "R-1",
                                .id = id,
                                .type = "breach",
                                .area = "",
                                .severity = "critical",
                                .incident = "A/home/1",
                                .event = "{}" };

    assert_true(changes_add_alert(changes, &alert));
}

/* The ids in their order, each with a blank after it. */
static const char *ids(const struct row *alerts, char out[64])
{
    out[0] = '\0';
    for (; alerts != NULL; alerts = alerts->next)
        strcat(strcat(out, alerts->alert.id), " ");
    return out;
}

static void alerts_are_told_in_their_order_without_what_was_taken_back(void **state)
{
    struct changes changes;
    struct changes_place before, between;
    char text[64];

    (void)state;
    changes_init(&changes);
    before = changes_here(&changes);
    add_alert(&changes, "none");
    changes_back(&changes, &before); // the first of all
    changes_add_row(&changes, ROW_DEVICE, "tag-1");
    add_alert(&changes, "one");
    changes_add_row(&changes, ROW_INCIDENT, "A/home");
    between = changes_here(&changes);
    add_alert(&changes, "two");
    changes_add_row(&changes, ROW_CUSTODY, "A/home/1");
    add_alert(&changes, "three");
    changes_back(&changes, &between);
    add_alert(&changes, "four");
    between = changes_here(&changes);
    add_alert(&changes, "five");
    changes_back(&changes, &between); // and none after it
    changes_add_row(&changes, ROW_STATE, "");
    assert_int_equal(changes.n, 5);
    assert_string_equal(ids(changes_alerts(&changes), text), "one four ");
    arena_fini(&changes.arena);
}

/* Twice over the same memory: nothing of the first is in the second. */
static void what_is_cleared_gathers_anew(void **state)
{
    struct changes changes;
    char text[64];

    (void)state;
    changes_init(&changes);
    for (int turn = 0; turn < 3; turn++) {
        struct row *device = changes_add_row(&changes, ROW_DEVICE, "tag-1");

        assert_true(!device->device.heard && device->estimate.belief.n == 0);
        memset(&device->device, 0xfe, sizeof device->device);
        memset(&device->estimate, 0xfe, sizeof device->estimate);
        if (turn != 1)
            add_alert(&changes, "one");
        assert_int_equal(changes.n, turn != 1 ? 2 : 1);
        assert_string_equal(ids(changes_alerts(&changes), text), turn != 1 ? "one " : "");
        changes_clear(&changes);
        assert_true(changes.rows == NULL && changes.alerts == NULL && changes.n == 0);
    }
    arena_fini(&changes.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alerts_are_told_in_their_order_without_what_was_taken_back),
        cmocka_unit_test(what_is_cleared_gathers_anew),
    };

    return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
