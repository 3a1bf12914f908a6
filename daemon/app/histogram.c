/* SPDX-License-Identifier: Apache-2.0 */
#include "app/histogram.h"

#include <inttypes.h>

const int64_t histogram_publish[HISTOGRAM_BOUNDS] = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 15000, 60000,
};
const int64_t histogram_ack[HISTOGRAM_BOUNDS] = {
    5000,   10000,  20000,  30000,   60000,   120000,  180000,
    300000, 600000, 900000, 1200000, 1800000, 3600000, 7200000,
};

void histogram_add(struct histogram *histogram, const int64_t bounds[HISTOGRAM_BOUNDS], int64_t ms)
{
    ms = ms > 0 ? ms : 0;
    histogram->n++;
    histogram->sum_ms += (double)ms;
    for (int i = 0; i < HISTOGRAM_BOUNDS; i++) {
        if (ms <= bounds[i]) {
            histogram->below[i]++;
            return;
        }
    }
}

void histogram_print(const struct histogram *histogram, const int64_t bounds[HISTOGRAM_BOUNDS],
                     const char *name, struct evbuffer *out)
{
    uint64_t sum = 0;

    for (int i = 0; i < HISTOGRAM_BOUNDS; i++) {
        sum += histogram->below[i];
        evbuffer_add_printf(out, "breachd_%s_bucket{le=\"%g\"} %" PRIu64 "\n", name,
                            (double)bounds[i] / 1000, sum);
    }
    evbuffer_add_printf(out,
                        "breachd_%s_bucket{le=\"+Inf\"} %" PRIu64 "\nbreachd_%s_sum %.10g\n"
                        "breachd_%s_count %" PRIu64 "\n",
                        name, histogram->n, name, histogram->sum_ms / 1000, name, histogram->n);
}

void waiting_put(struct waiting_alerts *waiting, uint64_t sequence, struct utc received)
{
    waiting->of[waiting->put++ % WAITING_MAX] = (struct waiting_alert){ sequence, received };
    if (waiting->put - waiting->taken > WAITING_MAX)
        waiting->taken = waiting->put - WAITING_MAX;
}

bool waiting_take(struct waiting_alerts *waiting, uint64_t sequence, struct utc *out_received)
{
    const struct waiting_alert *oldest = &waiting->of[waiting->taken % WAITING_MAX];

    if (waiting->taken == waiting->put || oldest->sequence > sequence)
        return false;
    *out_received = oldest->received;
    waiting->taken++;
    return true;
}
