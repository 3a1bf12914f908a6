/* SPDX-License-Identifier: Apache-2.0 */
#include "core/device_watch.h"

#include "core/motion.h"

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
