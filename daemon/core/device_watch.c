/* SPDX-License-Identifier: Apache-2.0 */
#include "core/device_watch.h"

#include "core/motion.h"
#include "core/radius.h"

#include <math.h>

struct watch device_watch(const struct watch *watch, const char *device, struct detect *room)
{
    struct watch own = *watch;

    own.usual = watch->usual != NULL ? watch->usual : watch->detect;
    own.detect = device_detect(watch->kinds, device, own.usual, room);
    return own;
}

double device_watch_accuracy(const struct watch *watch, const char *device, double accuracy)
{
    struct detect room;

    // Most tell it, and then nobody need know of which kind they are.
    return isnan(accuracy) ? motion_accuracy(device_watch(watch, device, &room).detect, accuracy)
                           : accuracy;
}

struct ping device_watch_ping(const struct watch *watch, const char *device,
                              const struct ping *ping)
{
    struct ping seen = *ping;

    seen.percentile = device_percentile(watch->kinds, device);
    seen.accuracy = radius_usual(ping->accuracy, seen.percentile);
    if (seen.accuracy > PING_ACCURACY_MAX) { // as ping_settle has it
        seen.no_fix = true;
        seen.accuracy = NAN;
    }
    return seen;
}
