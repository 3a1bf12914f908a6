/* SPDX-License-Identifier: Apache-2.0 */
/* Any order file; what follows a line `%%` is its shape.geojson. */
#include "adapter/conf/orderfile.h"
#include "adapter/json/event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static const struct civil civil = {
    .n = 3, .change = { { UTC_ALWAYS, 0 }, { { 1585443600000 }, 3600 }, { { 1603587600000 }, 0 } }
};

/* Every zone answers, and an alert of it can be printed. */
static void check(const struct rulebook *rulebook)
{
    struct rulebook_counts counts = rulebook_counts(rulebook);
    struct event_source source = { .site = "essex" };
    struct utc at = { 1592943245000 };

    for (size_t i = 0; i < counts.exclusions; i++) {
        const struct exclusion *exclusion = rulebook_exclusion(rulebook, i);
        struct lonlat_box box = zone_box(exclusion->zone);
        struct alert alert = { .type = ALERT_BREACH,
                               .exclusion = exclusion,
                               .respondent = exclusion->order->respondent,
                               .device = "tag-1",
                               .time = at,
                               .received = at };
        char *event = event_print(&alert, &source);

        promise(event != NULL);
        free(event);
        promise(lonlat_valid(box.sw) && lonlat_valid(box.ne));
        promise(!isnan(zone_distance(exclusion->zone, box.sw, 0)));
        promise(!isnan(zone_distance(exclusion->zone, (struct lonlat){ 0.45, 51.5 }, 1e9)));
        promise(exclusion_next(exclusion, &civil, at).ms > at.ms);
        exclusion_standing(exclusion, &civil, at);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char parting[] = "\n%%\n";
    const uint8_t *shape = n > 0 ? memmem(bytes, n, parting, sizeof parting - 1) : NULL;
    size_t text = shape ? (size_t)(shape - bytes) + 1 : n, begin = shape ? text + 3 : n;
    struct complaints complaints = { 0 };
    struct orderfile_options options = { .region = { { -0.1, 51.4 }, { 1.4, 52.1 } },
                                         .civil = &civil,
                                         .ping_interval_ms = 15000 };
    struct rulebook *rulebook;

    fuzz_write("A.conf", bytes, text);
    fuzz_write("shape.geojson", bytes + begin, n - begin);
    options.folder = fuzz_folder();
    rulebook = orderfile_load(&options, &complaints);
    promise((rulebook == NULL) == (complaints.errors > 0));
    if (rulebook != NULL)
        check(rulebook);
    rulebook_destroy(rulebook);
    complaints_fini(&complaints);
    return 0;
}
