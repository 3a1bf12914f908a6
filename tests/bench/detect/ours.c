/* SPDX-License-Identifier: Apache-2.0 */
/* ours.c - a run before core alone, as app/pipeline.c calls it. The one file that knows core. */
#include "detect/judge.h"

#include "adapter/conf/settings.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct utc morning = { 1592899200000 }; // 2020-06-23T08:00:00Z

struct bench {
    struct watch watch;
    const struct respondent *who;
    struct known_device device;
    struct incident incident;
    struct known_device *devices[1];
    struct incident *incidents[1];
    struct track track;
    struct outcome outcome;
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

static enum word word_of(enum alert_type type)
{
    switch (type) {
    case ALERT_APPROACH:
        return SAYS_APPROACH;
    case ALERT_POSSIBLE:
        return SAYS_POSSIBLE;
    case ALERT_BREACH:
        return SAYS_BREACH;
    case ALERT_CLEARED:
        return SAYS_CLEARED;
    case ALERT_RETROSPECTIVE:
        return SAYS_PAST;
    case ALERT_SILENT:
        return SAYS_SILENT;
    case ALERT_UPDATE:
    case ALERT_HEARD:
    case ALERT_TAMPER:
    case ALERT_BATTERY:
    case ALERT_CLOCK:
    case ALERT_BLIND:
    case ALERT_SIGHTED:
    case ALERT_ACKED:
    case ALERT_CLOSED:
    case ALERT_ESCALATED:
    case ALERT_DOUBT:
    case ALERT_UNJUDGED:
    case ALERT_CHAIN:
    case ALERT_TROUBLE:
    case ALERT_MENDED:
    case ALERT_TYPES:
        break;
    }
    return SAYS_ELSE;
}

static void hear(struct bench *bench)
{
    for (size_t i = 0; i < bench->outcome.n; i++) {
        const struct alert *alert = &bench->outcome.alerts[i];

        sayings_add(bench->out, &(struct saying){ .word = word_of(alert->type),
                                                  .told = seconds(alert->received),
                                                  .about = seconds(alert->time),
                                                  .fix = bench->fix,
                                                  .high = alert->severity >= SEVERITY_HIGH,
                                                  .no_fix = alert->cause != NULL &&
                                                            strcmp(alert->cause, "no-fix") == 0 });
    }
}

static void catch_up(struct bench *bench, struct utc until)
{
    while (bench->due.ms <= until.ms) {
        struct utc due = bench->due;

        watch_again(&bench->watch, bench->who, &bench->track, CAUSE_TIME, due, due,
                    &bench->outcome);
        hear(bench);
        bench->due = watch_due_after(&bench->watch, bench->who, &bench->track, due);
        if (bench->due.ms <= due.ms)
            errx(1, "what is due lies in the past");
    }
}

static void take(struct bench *bench, const struct site *site, const struct fix *fix)
{
    struct utc now = instant(fix->arrival);
    struct ping ping = { .device = "tag",
                         .time = instant(fix->t),
                         .accuracy = fix->seen.accuracy,
                         .battery = NAN,
                         .no_fix = fix->seen.lost };

    if (!fix->seen.null)
        ping.at = site_lonlat(site, fix->seen.at);
    catch_up(bench, watch_due_before(&bench->watch, &ping, now));
    watch_ping(&bench->watch, bench->who, &bench->track, 0, &ping, now, &bench->outcome);
    hear(bench);
    bench->due = watch_due_heard(&bench->watch, bench->who, &bench->track, bench->outcome.arrival,
                                 bench->outcome.when, bench->due, now);
    catch_up(bench, now);
}

void judge_ours(const struct detect *detect, const struct site *site, const struct run *run,
                struct sayings *out)
{
    struct bench bench = { .watch = { .civil = rulebook_civil(site->rules), .detect = detect },
                           .who = site->who,
                           .due = UTC_NEVER,
                           .out = out };

    bench.devices[0] = &bench.device;
    bench.incidents[0] = &bench.incident;
    bench.track = (struct track){ bench.devices, bench.incidents };
    for (bench.fix = 0; bench.fix < run->n; bench.fix++)
        take(&bench, site, &run->fixes[bench.fix]);
    bench.fix = run->n == 0 ? 0 : run->n - 1;
    catch_up(&bench, instant(run->end));
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
        for (size_t i = 0; i < complaints.n; i++)
            warnx("%s", complaints.kept[i].text);
        exit(2);
    }
    complaints_fini(&complaints);
    return settings.detect;
}
