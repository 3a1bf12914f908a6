/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/meter.h"

#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/alert.h"

#include <stdio.h>
#include <unistd.h>

enum { PACE_MS = 1000 };

char *meter_print(const char *what, uint64_t done, uint64_t total, int64_t ms,
                  char text[METER_TEXT_MAX])
{
    uint64_t of = total > 0 ? total : 1, at = done < of ? done : of;
    double share = (double)at / (double)of;
    char left[DURATION_TEXT_MAX];
    int n = snprintf(text, METER_TEXT_MAX, "%.40s: %d %%", what, (int)(100 * share));

    if (at > 0 && ms >= PACE_MS)
        snprintf(text + n, METER_TEXT_MAX - (size_t)n, ", %s left",
                 duration_print((int64_t)((double)ms / share * (1 - share)), left));
    return text;
}

static void show(struct meter *meter, uint64_t done, struct tick now)
{
    char text[METER_TEXT_MAX];

    meter->shown = now;
    fputs("\r\033[K", stderr);
    print_part(stderr, "%s",
               meter_print(meter->what, done, meter->total, now.ms - meter->began.ms, text));
    fflush(stderr);
}

void meter_begin(struct meter *meter, const char *what, uint64_t total)
{
    struct tick now = clock_tick();

    *meter = (struct meter){
        .what = what, .total = total, .began = now, .on = isatty(STDERR_FILENO) != 0
    };
    if (meter->on)
        show(meter, 0, now);
}

void meter_at(struct meter *meter, uint64_t done)
{
    struct tick now;

    if (!meter->on)
        return;
    now = clock_tick();
    if (now.ms - meter->shown.ms >= METER_STEP_MS)
        show(meter, done, now);
}

void meter_wipe(struct meter *meter)
{
    if (meter == NULL || !meter->on)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    meter->shown.ms -= METER_STEP_MS; // and is shown again soon
}

void meter_end(struct meter *meter)
{
    if (meter->on)
        fputs("\r\033[K", stderr);
    meter->on = false;
}
