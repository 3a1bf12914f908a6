/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commits.c - how long the ledger lets a sender wait: `commits FOLDER [--seconds S] [--pings N] …`
 * puts N near pings a commit, each as breachd keeps it, one commit after the other or at a rate,
 * while retention takes away what is older than a while; then how long a commit took, and what a
 * ping takes on disk.
 */
#include "adapter/json/input.h"
#include "adapter/ledger/ledger.h"
#include "bench/population.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PINGS_A_START = 40, PINGS_AN_ALERT = 50, RETAIN_US = 1000000, MS = 1000 };

struct bench {
    struct event_base *base;
    struct ledger *ledger;
    struct event *pace;
    double seconds, pings, keep, people;
    double rate; // commits a second; 0: one after the other
    int64_t begun, asked, retained;
    uint64_t put;
    struct samples waits;
    struct memory memory; // of whoever is being asked about
};

static void on_rows(const struct row *rows, void *arg)
{
    (void)rows;
    (void)arg;
}

static void on_fetched(const struct fetch *fetch, bool ok, const struct row *rows, void *arg)
{
    (void)fetch;
    (void)ok;
    (void)rows;
    (void)arg;
}

static void on_blind(const char *why, void *arg)
{
    (void)arg;
    errx(1, "the ledger gave up: %s", why);
}

static void on_told(bool ok, void *arg)
{
    (void)ok;
    (void)arg;
}

static struct known_device device_at(struct lonlat at, struct utc now, double accuracy)
{
    struct known_device device = { .heard = true, .near = true, .newest = { now, at, accuracy } };

    for (int i = 0; i < DEVICE_RECENT; i++)
        device.recent[i] = (struct sighting){ { now.ms - 15000 * i }, at };
    return device;
}

static void put_alert(struct bench *bench, const char *respondent, struct utc now)
{
    char id[64], event[700];
    struct kept_alert alert = { .received = now,
                                .respondent = respondent,
                                .id = id,
                                .type = "update",
                                .area = "Basildon",
                                .severity = "critical",
                                .incident = id,
                                .event = event };

    snprintf(id, sizeof id, "essex/B-%06u/home/1/%u", (unsigned)(bench->put % 1000000),
             (unsigned)bench->put);
    memset(event, 'e', sizeof event - 1);
    event[0] = event[sizeof event - 2] = '"';
    event[sizeof event - 1] = '\0';
    if (!ledger_put_alert(bench->ledger, &alert))
        errx(1, "an alert was not taken");
}

/*
 * What breachd keeps of a near ping: the question, what is known of the device, now and then more.
 */
static void put_ping(struct bench *bench)
{
    unsigned nth = (unsigned)(bench->put % (unsigned)bench->people);
    struct utc now = { bench->asked / MS };
    char device_id[32], respondent[32], subject[32], *body;
    const char *devices[] = { device_id };
    struct order order = { .id = "B", .digest = "0123456789ab" };
    struct exclusion zone = { .subject = subject, .order = &order };
    const struct exclusion *zones[] = { &zone };
    struct respondent who = { respondent, devices, 1, zones, 1 };
    struct input_before before = { &bench->memory, "0123456789abcdef0123456789abcdef", false };
    struct question question = { .cause = CAUSE_PING, .now = now };
    bool start = bench->put % PINGS_A_START == 0;

    snprintf(device_id, sizeof device_id, POPULATION_DEVICE, nth);
    snprintf(respondent, sizeof respondent, "R-%06u", nth);
    snprintf(subject, sizeof subject, "B-%06u/home", nth);
    strcpy(question.ping.device, device_id);
    question.ping.time = now;
    question.ping.at = population_home(1, nth);
    question.ping.accuracy = question.ping.battery = 8.5;
    bench->memory.devices[0] = device_at(question.ping.at, now, 8.5);
    body = needed(input_print(&question, &who, start ? &before : NULL));
    if (!ledger_put_entry(bench->ledger, &(struct kept_entry){ .kind = "ping",
                                                               .at = now,
                                                               .respondent = respondent,
                                                               .start = start,
                                                               .body = body }) ||
        !ledger_put_device(bench->ledger, device_id, &bench->memory.devices[0]))
        errx(1, "a ping was not taken");
    free(body);
    if (++bench->put % PINGS_AN_ALERT == 0)
        put_alert(bench, respondent, now);
}

static void ask(struct bench *bench);

static void ask_when_due(struct bench *bench, int64_t now)
{
    int64_t wait = bench->rate == 0
                       ? 0
                       : bench->begun + (int64_t)((double)bench->waits.n * 1e6 / bench->rate) - now;
    struct timeval later = { wait / 1000000, wait % 1000000 };

    if (wait <= 0)
        ask(bench);
    else
        event_add(bench->pace, &later);
}

static void on_done(bool ok, void *arg)
{
    struct bench *bench = arg;
    int64_t now = now_us();

    if (!ok)
        errx(1, "a commit failed");
    samples_add(&bench->waits, now - bench->asked);
    if ((double)(now - bench->begun) / 1e6 < bench->seconds)
        ask_when_due(bench, now);
    else
        event_base_loopbreak(bench->base);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    ask(arg);
}

static void ask(struct bench *bench)
{
    bench->asked = now_us();
    for (int i = 0; i < (int)bench->pings; i++)
        put_ping(bench);
    if (bench->asked - bench->retained > RETAIN_US) {
        bench->retained = bench->asked;
        ledger_retain(bench->ledger,
                      &(struct retention){ { bench->asked / MS }, (int64_t)(bench->keep * MS), 0 });
    }
    if (!ledger_wait(bench->ledger, on_done, bench))
        errx(1, "a wait was not taken");
    ledger_flush(bench->ledger);
}

static double size_of(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

int main(int argc, char **argv)
{
    struct bench bench = { .seconds = 10, .pings = 10, .keep = 30, .people = 1000 };
    struct knob knobs[] = { { "seconds", &bench.seconds, 1, 86400 },
                            { "pings", &bench.pings, 1, 10000 },
                            { "keep", &bench.keep, 1, 86400 },
                            { "people", &bench.people, 1, POPULATION_PEOPLE_MAX },
                            { "rate", &bench.rate, 0, 1e6 } };
    struct ledger_callbacks callbacks = { .on_alerts = on_rows,
                                          .on_fetched = on_fetched,
                                          .on_committed = on_rows,
                                          .on_blind = on_blind,
                                          .on_reserve_put = on_told,
                                          .on_probed = on_told,
                                          .arg = &bench };
    struct fault why;
    char path[1024];

    if (argc < 2)
        errx(2, "usage: commits FOLDER [--seconds S] [--pings A-COMMIT] [--keep S] [--people N] "
                "[--rate COMMITS]");
    knobs_read(argc, argv, 2, knobs, sizeof knobs / sizeof *knobs);
    snprintf(path, sizeof path, "%s/commits.db", argv[1]);
    bench.base = needed(event_base_new());
    bench.pace = needed(evtimer_new(bench.base, on_due, &bench));
    if (!ledger_open(bench.base, path, &callbacks, &bench.ledger, &why))
        errx(1, "%s", why.text);
    bench.begun = now_us();
    ask(&bench);
    event_base_dispatch(bench.base);
    ledger_close(bench.ledger);
    printf("%9s %6s %9s %8s %8s %9s %22s\n", "commits", "pings", "pings/s", "p50 ms", "p99 ms",
           "worst ms", "bytes a 1,000 pings");
    printf("%9zu %6.0f %9.0f %8.2f %8.2f %9.2f %22.0f\n", bench.waits.n, bench.pings,
           (double)bench.put / bench.seconds, samples_ms(&bench.waits, 0.5),
           samples_ms(&bench.waits, 0.99), samples_ms(&bench.waits, 1),
           1000 * size_of(path) / (double)bench.put);
    event_free(bench.pace);
    event_base_free(bench.base);
    free(bench.waits.us);
    return 0;
}
