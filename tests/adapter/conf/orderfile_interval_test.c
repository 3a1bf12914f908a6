/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zone through which somebody at 30 mph may pass between two pings is warned of by how often its
 * order's devices are expected to send: of several that of the busiest.
 */
#include "adapter/conf/orderfile.h"

#include <stdio.h>

#include "support/rows.h"
#include "support/scratch.h"

static const struct civil winter = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };

/* Tags send each minute, phones every five, spares as any device. */
static const struct device_kinds kinds = {
    .n = 3,
    .of = { { .name = "spares", .match = { "tag-9*" }, .n_match = 1, .silent_ms = 60000 },
            { .name = "tags", .match = { "tag-*" }, .n_match = 1, .ping_interval_ms = 60000 },
            { .name = "phones", .match = { "phone-*" }, .n_match = 1, .ping_interval_ms = 300000 } }
};

#define WARNED(s)                                                                                  \
    "orders.d/A.conf:8: warning: zone A/home: 400 m wide: at 30 mph and a ping in " s " s he may " \
    "pass through unseen\n"

static const struct row {
    const char *devices, *want;
} rows[] = {
    { "watch-1", "" }, // 201 m in 15 s
    { "tag-1", WARNED("60") },
    { "tag-91", "" },
    { "phone-1", WARNED("300") },
    { "phone-1, tag-1", WARNED("60") },
    { "phone-1, tag-1, watch-1", "" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    const struct orderfile_options options = { .folder = "orders.d",
                                               .region = { { -0.1, 51.4 }, { 1.4, 52.1 } },
                                               .civil = &winter,
                                               .ping_interval_ms = 15000,
                                               .kinds = &kinds };
    struct complaints complaints = { 0 };
    char text[512];

    snprintf(text, sizeof text,
             "[order A]\nkind = restraining\nrespondent = R-1\ndevices = %s\n"
             "monitoring = bail\nfrom = 2026-01-01T00:00:00Z\nserved = 2026-01-01T00:00:00Z\n"
             "[zone A/home]\ncentre = 51.56844, 0.45782\nradius = 200 m\n",
             row->devices);
    scratch_write("orders.d/A.conf", text);
    rulebook_destroy(orderfile_load(&options, &complaints));
    assert_complaints(row->devices, &complaints, row->want);
}

int main(void)
{
    return rows_hold_in("intervals", rows, row_holds, scratch_setup, scratch_teardown);
}
