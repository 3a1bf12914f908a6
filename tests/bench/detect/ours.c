/* SPDX-License-Identifier: Apache-2.0 */
/* ours.c - a run before core alone, in the order of core/timeline. The one file that knows core. */
#include "detect/judge.h"

#include "adapter/conf/settings.h"
#include "core/radius.h"
#include "core/timeline.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct utc morning = { 1592899200000 }; // 2020-06-23T08:00:00Z

struct percentiles judge_percentiles = { RADIUS_PERCENTILE, RADIUS_PERCENTILE };

struct bench {
    struct watch watch;
    const struct respondent *who;
    struct known_device device;
    struct estimate estimate;
    struct incident incident;
    struct known_device *devices[1];
    struct incident *incidents[1];
    struct track track;
    struct timeline timeline;
    struct outcome room;
    struct utc due;
    size_t fix;
    struct sayings *out;
};

static struct utc instant(double t)
{
    return utc_plus(morning, llround(t * 1000));
}

static double seconds(struct utc at)
{
    return (double)(at.ms - morning.ms) / 1000;
}

static const enum word words[ALERT_TYPES] = {
    [ALERT_APPROACH] = SAYS_APPROACH,  [ALERT_POSSIBLE] = SAYS_POSSIBLE,
    [ALERT_BREACH] = SAYS_BREACH,      [ALERT_CLEARED] = SAYS_CLEARED,
    [ALERT_RETROSPECTIVE] = SAYS_PAST, [ALERT_SILENT] = SAYS_SILENT,
};

static void hear(struct bench *bench, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        const struct alert *alert = &outcome->alerts[i];

        sayings_add(bench->out, &(struct saying){ .word = words[alert->type],
                                                  .at = seconds(alert->received),
                                                  .about = seconds(alert->time),
                                                  .fix = bench->fix,
                                                  .high = alert->severity >= SEVERITY_HIGH,
                                                  .no_fix = alert->cause != NULL &&
                                                            strcmp(alert->cause, "no-fix") == 0 });
    }
}

static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    struct bench *bench = arg;

    question_ask(&bench->watch, bench->who, &bench->track, question, out);
    hear(bench, out);
    return true;
}

static void on_past(void *arg)
{
    (void)arg;
    errx(1, "what is due lies in the past");
}

/* What it has of him now, when `heard` is what its estimate heard last before the ping. */
static double inside_of(const struct bench *bench, enum arrival arrived, struct utc heard)
{
    const struct belief *belief = &bench->estimate.belief;

    if (arrived != ARRIVED_NEW && arrived != ARRIVED_FUTURE)
        return NAN;
    return belief->when.ms != heard.ms || belief->frozen > 0 ? bench->incident.inside : 0;
}

static void take(struct bench *bench, const struct site *site, const struct fix *fix)
{
    struct utc now = instant(fix->arrival), heard = bench->estimate.belief.when;
    struct ping ping = { .device = "tag",
                         .time = instant(fix->t),
                         .accuracy =
                             radius_reported(fix->seen.accuracy, judge_percentiles.reported),
                         .battery = NAN,
                         .no_fix = fix->seen.lost };
    enum arrival arrived;

    if (!fix->seen.null)
        ping.at = site_lonlat(site, fix->seen.at);
    bench->due = timeline_pass(&bench->timeline, bench->due, now);
    timeline_ping(&bench->timeline, 0, &ping, now, &bench->due, &arrived);
    sayings_add_inside(bench->out, inside_of(bench, arrived, heard));
}

void judge_ours(const struct detect *detect, const struct site *site, const struct run *run,
                struct sayings *out)
{
    struct device_kinds kinds = { .n = 1, .of = { { "all", { "*" }, 1, judge_percentiles.said } } };
    struct bench bench = {
        .watch = { .civil = rulebook_civil(site->rules), .detect = detect, .kinds = &kinds },
        .who = site->who,
        .out = out
    };
    struct utc start = instant(run->n == 0 ? run->end : run->fixes[0].arrival);

    bench.device.estimate = &bench.estimate;
    bench.devices[0] = &bench.device;
    bench.incidents[0] = &bench.incident;
    bench.track = (struct track){ .devices = bench.devices, .incidents = bench.incidents };
    bench.timeline = (struct timeline){ .watch = &bench.watch,
                                        .who = bench.who,
                                        .track = &bench.track,
                                        .ask = ask,
                                        .room = &bench.room,
                                        .on_past = on_past,
                                        .arg = &bench };
    bench.due = timeline_rules(&bench.timeline, start, start);
    for (bench.fix = 0; bench.fix < run->n; bench.fix++)
        take(&bench, site, &run->fixes[bench.fix]);
    bench.fix = run->n == 0 ? 0 : run->n - 1;
    timeline_pass(&bench.timeline, bench.due, instant(run->end));
}

struct detect judge_detect(const char *lines)
{
    static struct settings settings;
    char path[] = "/tmp/breachd-detect-XXXXXX";
    struct complaints complaints = { 0 };
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (file == NULL)
        err(1, "%s", path);
    fprintf(file, "[site]\nname = bench\nregion = 50,-6 56,2\n[detect]\n%s\n", lines);
    fclose(file);
    settings_load(path, &settings, &complaints);
    unlink(path);
    if (complaints.errors > 0) {
        complaints_print(&complaints, COMPLAINTS_WARNINGS, stderr);
        exit(2);
    }
    complaints_fini(&complaints);
    return settings.detect;
}
