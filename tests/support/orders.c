/* SPDX-License-Identifier: Apache-2.0 */
#include "support/orders.h"

#include "support/scratch.h"
#include "support/test.h"

static const struct civil winter = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };

struct rulebook *orders_load(struct complaints *complaints)
{
    struct orderfile_options options = { .folder = "orders.d",
                                         .region = { { -0.1, 51.4 }, { 1.4, 52.1 } },
                                         .civil = &winter,
                                         .ping_interval_ms = 15000 };

    return orderfile_load(&options, complaints);
}

void assert_said_of(const char *says, const char *text, const char *want)
{
    struct complaints complaints = { 0 };
    struct rulebook *rulebook;
    bool good;

    scratch_write("orders.d/A.conf", text);
    rulebook = orders_load(&complaints);
    good = complaints.errors == 0;
    assert_int_equal(rulebook != NULL, good);
    rulebook_destroy(rulebook);
    assert_complaints(says, &complaints, want);
}
