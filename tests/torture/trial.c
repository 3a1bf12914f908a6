/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one alert ---- */

static bool reads(const json_t *alert, const char *path, const char *text)
{
    return strcmp(alert_text(alert, path), text) == 0;
}

static bool same_time(const json_t *alert, const char *path, struct utc at)
{
    char text[UTC_TEXT_MAX];

    return reads(alert, path, utc_print(at, text));
}

/* Null for NaN, else equal as far as it is printed. */
static bool near_number(const json_t *alert, const char *path, double value, double within)
{
    const json_t *number = alert_at(alert, path);

    return isfinite(value) ? fabs(json_number_value(number) - value) <= within
                           : json_is_null(number);
}

/* A late ping's reason tells how late it came: chance. */
static bool same_reason(const json_t *alert, const struct wanted *wanted)
{
    return wanted->type == ALERT_RETROSPECTIVE || reads(alert, "data.reason", wanted->reason);
}

/* What differs, or NULL. The id has been compared. */
static const char *difference(const json_t *alert, const struct wanted *wanted)
{
    char type[32];

    snprintf(type, sizeof type, "breachd.%s", alert_type_name(wanted->type));
    return !reads(alert, "type", type)                                             ? "type"
           : !reads(alert, "data.severity", wanted->severity)                      ? "severity"
           : !reads(alert, "data.incident", wanted->incident)                      ? "incident"
           : !reads(alert, "data.device", wanted->device)                          ? "device"
           : !same_time(alert, "time", wanted->time)                               ? "time"
           : !near_number(alert, "data.depth", wanted->depth, 0.051)               ? "depth"
           : !near_number(alert, "data.probability", wanted->probability, 0.00051) ? "probability"
           : !near_number(alert, "data.ping.lat", wanted->at.lat, 1e-7)            ? "latitude"
           : !near_number(alert, "data.ping.lon", wanted->at.lon, 1e-7)            ? "longitude"
           : json_integer_value(alert_at(alert, "data.rule")) != wanted->rule      ? "rule"
           : !same_reason(alert, wanted)                                           ? "reason"
                                                                                   : NULL;
}

/* ---- one respondent's alerts, in order ---- */

static void describe(const struct resident *resident, size_t nth, char *out, size_t size)
{
    char time[UTC_TEXT_MAX];
    const struct report *report = &resident->journal[nth];

    snprintf(out, size, "ping %zu of %zu, %s at %s", nth + 1, resident->n, report->ping.device,
             utc_print(report->ping.time, time));
}

/* Whether the id stands anywhere in the rest of what was heard. */
static bool heard_later(const json_t *heard, size_t from, const char *id)
{
    for (size_t i = from; i < json_array_size(heard); i++) {
        if (reads(json_array_get(heard, i), "id", id))
            return true;
    }
    return false;
}

static bool wanted_later(const struct foretold *wanted, size_t from, const char *id)
{
    for (size_t i = from; i < wanted->n; i++) {
        if (strcmp(wanted->alerts[i].id, id) == 0)
            return true;
    }
    return false;
}

/* Both lists side by side; where they part, says which of the two has something too many. */
static void compare(struct trial *trial, const struct resident *resident,
                    const struct foretold *wanted, const json_t *heard)
{
    size_t w = 0, h = 0;
    char where[128];

    while (w < wanted->n || h < json_array_size(heard)) {
        const json_t *alert = json_array_get(heard, h);
        const struct wanted *one = w < wanted->n ? &wanted->alerts[w] : NULL;
        const char *id = alert_text(alert, "id"), *what;

        if (one != NULL)
            describe(resident, one->report, where, sizeof where);
        if (one != NULL && strcmp(id, one->id) == 0) {
            if ((what = difference(alert, one)) != NULL)
                tally_note(&trial->tally, DIFFERENCE_TEXT, resident->respondent,
                           "%s: its %s is not as foretold (%s): %s", id, what, where,
                           alert_text(alert, "data.reason"));
            w++;
            h++;
        } else if (one != NULL && !heard_later(heard, h, one->id)) {
            tally_note(&trial->tally, DIFFERENCE_LOST, resident->respondent, "MISSING %s %s (%s)",
                       alert_type_name(one->type), one->id, where);
            w++;
        } else if (alert != NULL && !wanted_later(wanted, w, id)) {
            bool twice = wanted_later(wanted, 0, id);

            tally_note(&trial->tally, twice ? DIFFERENCE_TWICE : DIFFERENCE_FOREIGN,
                       resident->respondent, "%s %s, alert %s, ping of %s",
                       twice ? "TWICE" : "FOREIGN", id, alert_text(alert, "sequence"),
                       alert_text(alert, "data.ping.time"));
            h++;
        } else {
            tally_note(&trial->tally, DIFFERENCE_ORDER, resident->respondent,
                       "OUT OF ORDER: %s where %s belongs (%s)", id, one->id, where);
            w++;
            h++;
        }
    }
}

/* ---- the whole stream ---- */

/* After what the site is numbered after: `blind` N/1, then `sighted` N/2, then `blind` N+1/1. */
static void take_site_alert(struct trial *trial, const json_t *alert)
{
    bool blind = reads(alert, "type", "breachd.blind");
    bool sighted = reads(alert, "type", "breachd.sighted");
    char id[WANTED_ID_MAX];

    trial->site++;
    if (!blind && !sighted)
        return; // what else a site may say of itself is not for this oracle
    trial->blind += blind;
    if (blind && trial->is_blind)
        tally_note(&trial->tally, DIFFERENCE_SITE, "the site",
                   "blind again before it was sighted: %s, alert %s", alert_text(alert, "id"),
                   alert_text(alert, "sequence"));
    if (sighted && !trial->is_blind)
        tally_note(&trial->tally, DIFFERENCE_SITE, "the site",
                   "sighted without having been blind: %s, alert %s", alert_text(alert, "id"),
                   alert_text(alert, "sequence"));
    trial->is_blind = blind;
    snprintf(id, sizeof id, "essex/blind/%zu/%d", trial->numbered_after + trial->blind,
             blind ? 1 : 2);
    if (!reads(alert, "id", id))
        tally_note(&trial->tally, DIFFERENCE_SITE, "the site", "%s where %s belongs, alert %s",
                   alert_text(alert, "id"), id, alert_text(alert, "sequence"));
    if (alert_text(alert, "data.reason")[0] == '\0')
        tally_note(&trial->tally, DIFFERENCE_SITE, "the site", "%s without a reason", id);
}

static long resident_of(const struct population *population, const char *respondent)
{
    char *end;
    long nth = strncmp(respondent, "R-", 2) == 0 ? strtol(respondent + 2, &end, 10) : -1;

    return nth >= 0 && (size_t)nth < population->n &&
                   strcmp(population->residents[nth].respondent, respondent) == 0
               ? nth
               : -1;
}

/*
 * What comes of time or of people, and not of pings: nothing that core's judgement could foretell.
 */
static bool is_foretold(const json_t *alert)
{
    static const char *const not [] = {
        "silent", "heard", "escalated", "acked", "closed", "rules"
    };
    const char *type = alert_text(alert, "type");

    for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
        if (strncmp(type, "breachd.", 8) == 0 && strcmp(type + 8, not [i]) == 0)
            return false;
    }
    return true;
}

/* Told once where it happens: what follows is counted from there. */
static void check_sequence(struct trial *trial, const json_t *alert)
{
    const char *id = alert_text(alert, "id");
    unsigned long sequence = strtoul(alert_text(alert, "sequence"), NULL, 10);

    if (sequence > trial->newest + 1)
        tally_note(&trial->tally, DIFFERENCE_HOLE, id, "the sequence jumps from %lu to %lu",
                   trial->newest, sequence);
    else if (sequence <= trial->newest)
        tally_note(&trial->tally, DIFFERENCE_ORDER, id, "the sequence falls from %lu to %lu",
                   trial->newest, sequence);
    trial->newest = sequence;
}

/* An id of the site stands once; those of respondents are compared one by one. */
static void check_unique(struct trial *trial, json_t *seen, const json_t *alert)
{
    const char *id = alert_text(alert, "id");

    if (json_object_get(seen, id) != NULL)
        tally_note(&trial->tally, DIFFERENCE_TWICE, "the site", "TWICE %s", id);
    json_object_set_new(seen, id, json_true());
}

void trial_on_stream(struct trial *trial, const json_t *alerts)
{
    size_t n = trial->population->n, i;
    json_t *heard = json_array(), *seen = json_object(), *alert;

    for (i = 0; i < n; i++)
        json_array_append_new(heard, json_array());
    json_array_foreach(alerts, i, alert)
    {
        const char *respondent = alert_text(alert, "data.respondent");
        long nth = resident_of(trial->population, respondent);

        check_sequence(trial, alert);
        if (!is_foretold(alert)) {
            check_unique(trial, seen, alert);
            trial->unforetold++;
        } else if (nth >= 0) {
            trial->respondents++;
            json_array_append(json_array_get(heard, (size_t)nth), alert);
        } else if (respondent[0] == '\0') {
            check_unique(trial, seen, alert);
            take_site_alert(trial, alert);
        } else {
            tally_note(&trial->tally, DIFFERENCE_FOREIGN, respondent,
                       "FOREIGN %s: no such resident", alert_text(alert, "id"));
        }
    }
    for (i = 0; i < n; i++)
        compare(trial, &trial->population->residents[i], &trial->oracle->of[i],
                json_array_get(heard, i));
    if (trial->is_blind)
        tally_note(&trial->tally, DIFFERENCE_SITE, "the site",
                   "blind %zu times, and not sighted at the end", trial->blind);
    json_decref(heard);
    json_decref(seen);
}

/* ---- what is open ---- */

/* Incident to its newest event, for what the stream has not closed. */
static json_t *left_open(const json_t *alerts)
{
    json_t *open = json_object(), *alert;
    size_t i;

    json_array_foreach(alerts, i, alert)
    {
        const char *incident = alert_text(alert, "data.incident");
        const char *type = alert_text(alert, "type");

        if (strcmp(type, "breachd.cleared") == 0 || strcmp(type, "breachd.sighted") == 0)
            json_object_del(open, incident);
        else if (strcmp(type, "breachd.approach") == 0 || strcmp(type, "breachd.possible") == 0 ||
                 strcmp(type, "breachd.breach") == 0 || strcmp(type, "breachd.update") == 0 ||
                 strcmp(type, "breachd.blind") == 0)
            json_object_set(open, incident, alert);
    }
    return open;
}

/* `open` may have been made anew since: an age is that of the moment of sending. */
static bool same_but_for_age(const json_t *a, const json_t *b)
{
    json_t *mine = json_deep_copy(a), *theirs = json_deep_copy(b);
    bool same;

    json_object_del(mine, "age");
    json_object_del(theirs, "age");
    same = json_equal(mine, theirs);
    json_decref(mine);
    json_decref(theirs);
    return same;
}

void trial_on_open(struct trial *trial, const json_t *alerts, const json_t *open)
{
    json_t *want = left_open(alerts), *event;
    const char *incident;

    json_object_foreach(want, incident, event)
    {
        const json_t *kept = json_object_get(open, incident);

        if (kept == NULL)
            tally_note(&trial->tally, DIFFERENCE_OPEN, incident, "is open and not in the hash");
        else if (!same_but_for_age(kept, event))
            tally_note(&trial->tally, DIFFERENCE_OPEN, incident,
                       "the hash holds alert %s, the newest is %s", alert_text(kept, "sequence"),
                       alert_text(event, "sequence"));
    }
    json_object_foreach((json_t *)open, incident, event)
    {
        if (json_object_get(want, incident) == NULL)
            tally_note(&trial->tally, DIFFERENCE_OPEN, incident, "is over and yet in the hash");
    }
    json_decref(want);
}

void trial_on_status(struct trial *trial, const json_t *open, const json_t *status)
{
    json_int_t newest = (json_int_t)trial->newest;
    const struct {
        const char *name;
        json_int_t want;
    } rows[] = {
        { "sequence", newest },
        { "published", newest },
        { "open", (json_int_t)json_object_size(open) },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const json_t *value = json_object_get(status, rows[i].name);
        json_int_t got = json_is_string(value) ? strtoll(json_string_value(value), NULL, 10)
                                               : json_integer_value(value);

        if (got != rows[i].want)
            tally_note(&trial->tally, DIFFERENCE_STATUS, "/v1/status", "%s is %lld and not %lld",
                       rows[i].name, (long long)got, (long long)rows[i].want);
    }
}
