/* SPDX-License-Identifier: Apache-2.0 */
#include "core/health.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct alert health_alert(const struct respondent *who, struct known_device *device, size_t nth,
                          enum alert_type type, enum trouble_kind trouble, struct utc at,
                          struct utc now)
{
    const struct trouble_course *course = &device->troubles[trouble];
    struct alert alert = alert_make(type, at, now);

    alert.respondent = who->id;
    alert.device = who->devices[nth];
    alert.area = respondent_area(who, at);
    alert.trouble = trouble;
    alert.incident = course->number;
    alert.count = course->count;
    alert.nth = ++device->alerts;
    alert.has_ping = device->heard && alert_spec(type)->ping != HAS_NEVER;
    alert.ping = device->newest;
    return alert;
}

/* Whether there is something to tell, and the day's budget has room where it is told again. */
static bool is_due(const struct watch *watch, struct known_device *device,
                   const struct health_saying *saying, struct utc now)
{
    const struct trouble_course *course = &device->troubles[saying->trouble];
    const struct detect *detect = watch->detect;
    struct allowance_limit limit = { detect->device_day, detect->device_day };

    if (!trouble_due(course, now, detect->device_every_ms))
        return false;
    if (course->alerted_count == 0 || (detect->device_day <= 0 && !watch->frugal))
        return true;
    if (watch->frugal)
        return false;
    if (allowance_take(&device->updates, limit, 1, now))
        return true;
    device->held_back++;
    return false;
}

/* "…; 25560 times in 1 min 0 s, not just now" */
static void explain(const struct health_saying *saying, const struct trouble_course *course,
                    struct alert *alert)
{
    char lasts[DURATION_TEXT_MAX];
    int n = snprintf(alert->reason, sizeof alert->reason, "%s", saying->reason);

    if (course->count > 1)
        snprintf(alert->reason + n, sizeof alert->reason - (size_t)n, "; %u times in %s%s",
                 course->count, duration_print(alert->received.ms - course->opened.ms, lasts),
                 saying->is ? "" : ", not just now");
}

bool health_may_tell(const struct known_device *device, const struct health_saying *saying)
{
    const struct trouble_course *course = &device->troubles[saying->trouble];

    return saying->is || course->count > course->alerted_count;
}

/* Where the word was said that is counted; NULL: of this trouble nobody has to know. */
static struct position *said_at(struct known_device *device, enum trouble_kind trouble)
{
    return trouble == TROUBLE_TAMPER    ? &device->tampered_at
           : trouble == TROUBLE_BATTERY ? &device->battery_low_at
                                        : NULL;
}

/* The ping of the alert is the one that said it, and not one that only came when it was due. */
static void put_ping(struct known_device *device, const struct health_saying *saying,
                     const struct health_speech *speech, struct alert *alert)
{
    const struct position *before = said_at(device, saying->trouble);

    alert->has_ping = speech->has_place;
    alert->ping = speech->at;
    if (!saying->unsaid || before == NULL)
        return;
    alert->has_ping = before->time.ms != 0;
    alert->ping = *before;
}

/* ---- signs of tampering: a phone that is deceived and a strap that is cut are two ---- */

enum { SIGN_MOCK = 1 << TROUBLES, SIGN_OTHER = 1 << TROUBLE_TAMPER }; // a remark has them as well

static unsigned signs_of(const struct ping *ping)
{
    if (!ping_is_mock(ping))
        return ping->tamper ? SIGN_OTHER : 0;
    return ping_tells_besides(ping) ? SIGN_MOCK | SIGN_OTHER : SIGN_MOCK;
}

/* As counted last. */
static unsigned signs_known(const struct known_device *device)
{
    if (!device->mocked)
        return SIGN_OTHER;
    return device->besides ? SIGN_MOCK | SIGN_OTHER : SIGN_MOCK;
}

static void note_signs(struct known_device *device, unsigned signs)
{
    device->unkept |= signs != signs_known(device);
    device->mocked = (signs & SIGN_MOCK) != 0;
    device->besides = signs == (SIGN_MOCK | SIGN_OTHER);
}

static void count(const struct watch *watch, struct known_device *device,
                  const struct health_saying *saying, const struct health_speech *speech)
{
    struct trouble_course *course = &device->troubles[saying->trouble];
    struct position *at = saying->aside ? NULL : said_at(device, saying->trouble);

    if (saying->is && !saying->was) {
        if (saying->more && course->closed) // somebody closed it when it was less
            trouble_ends(course);
        trouble_happens(course, speech->now, watch->detect->device_every_ms);
        if (at != NULL)
            *at = speech->has_place ? speech->at : (struct position){ 0 };
    } else if (saying->was && !saying->is) {
        trouble_rests(course, speech->now);
    }
    if (saying->trouble == TROUBLE_TAMPER && !saying->unsaid && !saying->aside)
        note_signs(device, signs_of(speech->ping));
    device->unkept |= saying->is != saying->was;
}

void health_take(const struct watch *watch, const struct respondent *who,
                 struct known_device *device, size_t nth, const struct health_saying *saying,
                 const struct health_speech *speech, struct outcome *out)
{
    struct utc now = speech->now;
    struct trouble_course *course = &device->troubles[saying->trouble];
    struct alert *alert = &out->alerts[out->n];

    count(watch, device, saying, speech);
    if (out->n == OUTCOME_ALERTS_MAX || !is_due(watch, device, saying, now))
        return;
    *alert = health_alert(who, device, nth, saying->type, saying->trouble, speech->time, now);
    alert->cause = saying->cause;
    put_ping(device, saying, speech, alert);
    explain(saying, course, alert);
    trouble_tell(course, now);
    out->n++;
    out->devices_changed |= 1U << nth;
}

/* A device that flips all day must not cost a row of evidence each time. */
void health_keep(struct known_device *device, size_t nth, struct utc now, struct outcome *out)
{
    int64_t since = now.ms - device->health_kept.ms;

    if (!device->unkept || (since >= 0 && since < HEALTH_KEPT_MS))
        return;
    device->unkept = false;
    device->health_kept = now;
    out->devices_changed |= 1U << nth;
}

/* "…: alarm powerCut", as its sender put it. */
static void add_alarm(struct health_saying *saying, const struct ping *ping)
{
    size_t n = strlen(saying->reason);

    if (ping->alarm[0] != '\0')
        snprintf(saying->reason + n, sizeof saying->reason - n, ": alarm %s", ping->alarm);
}

static struct health_saying tamper_of(const struct known_device *device, const struct ping *ping)
{
    unsigned known = signs_known(device), said = ping->tamper ? signs_of(ping) : known;
    bool more = device->tampered && (said & ~known) != 0;
    struct health_saying saying = { .trouble = TROUBLE_TAMPER,
                                    .type = ALERT_TAMPER,
                                    .was = device->tampered && !more,
                                    .is = ping->tamper,
                                    .unsaid = !ping->tamper,
                                    .more = more };

    strcpy(saying.reason, (said & SIGN_MOCK) != 0
                              ? "the device says that an app makes its position up"
                              : "the device says that it was tampered with");
    if (ping->tamper)
        add_alarm(&saying, ping);
    return saying;
}

static bool says_low(const struct ping *ping)
{
    return ping->battery < HEALTH_BATTERY_LOW || ping->battery_low;
}

static struct health_saying battery_of(const struct known_device *device, const struct ping *ping)
{
    bool stays = device->battery_low && !(ping->battery >= HEALTH_BATTERY_OK);
    struct health_saying saying = { .trouble = TROUBLE_BATTERY,
                                    .type = ALERT_BATTERY,
                                    .was = device->battery_low,
                                    .is = says_low(ping) || stays,
                                    .unsaid = isnan(ping->battery) && !ping->battery_low,
                                    .reason = "battery low" };

    if (!isnan(ping->battery) && health_may_tell(device, &saying))
        snprintf(saying.reason, sizeof saying.reason, "battery at %.0f %%", floor(ping->battery));
    if (ping->battery_low)
        add_alarm(&saying, ping);
    return saying;
}

static struct health_saying clock_of(const struct known_device *device, const struct ping *ping,
                                     struct utc now)
{
    struct health_saying saying = { .trouble = TROUBLE_CLOCK,
                                    .type = ALERT_CLOCK,
                                    .was = device->clock_wrong,
                                    // While ours is in doubt, all would be told to be wrong.
                                    .is = !ping->doubted && device->lag.fault != LAG_NONE,
                                    .reason = "the device's clock could not be right" };
    char why[LAG_TEXT_MAX];

    if (ping->no_fix) // the time is that of an older fix, as likely as not
        saying.is = saying.was;
    if (!saying.is)
        return saying;
    lag_explain(&device->lag, ping->time, now, why);
    snprintf(saying.reason, sizeof saying.reason, "the device's clock cannot be right, %s: %s", why,
             device->lag.fault == LAG_WEEKS ? "its times are mended by that"
                                            : "it is judged by the time of arrival");
    return saying;
}

/* What the ping of that time said is counted. True when some of it was not yet. */
static bool remark(struct known_device *device, struct utc time, uint32_t said)
{
    for (size_t i = 0; i < DEVICE_REMARKS; i++) {
        struct remark *old = &device->remarks[i];

        if (old->said == 0 || old->time.ms != time.ms)
            continue;
        if ((said & ~old->said) == 0)
            return false;
        old->said |= said;
        return true;
    }
    device->remarks[device->remarks_next] = (struct remark){ time, said };
    device->remarks_next = (device->remarks_next + 1) % DEVICE_REMARKS;
    return true;
}

/* What was said of another time than the newest, or on a ping that was there already. */
static void take_beside(const struct watch *watch, const struct respondent *who,
                        struct known_device *device, size_t nth, struct health_saying *saying,
                        const struct health_speech *speech, unsigned said, bool *state,
                        struct outcome *out)
{
    bool newest = speech->ping->time.ms >= device->newest.time.ms;

    if (!remark(device, speech->ping->time, said) || saying->was)
        return;
    saying->is = true;
    saying->aside = *state && !newest;
    health_take(watch, who, device, nth, saying, speech, out);
    if (newest)
        *state = true; // until a newer one says otherwise
    else if (!*state)
        trouble_rests(&device->troubles[saying->trouble], speech->now);
}

static void check_beside(const struct watch *watch, const struct respondent *who,
                         struct known_device *device, size_t nth,
                         const struct health_speech *speech, struct outcome *out)
{
    struct health_saying tamper = tamper_of(device, speech->ping);
    struct health_saying battery = battery_of(device, speech->ping);

    if (tamper.is)
        take_beside(watch, who, device, nth, &tamper, speech, signs_of(speech->ping),
                    &device->tampered, out);
    if (says_low(speech->ping))
        take_beside(watch, who, device, nth, &battery, speech, 1U << TROUBLE_BATTERY,
                    &device->battery_low, out);
}

static void check_newest(const struct watch *watch, const struct respondent *who,
                         struct known_device *device, size_t nth,
                         const struct health_speech *speech, struct outcome *out)
{
    const struct ping *ping = speech->ping;
    struct health_saying sayings[] = { tamper_of(device, ping), battery_of(device, ping),
                                       clock_of(device, ping, speech->now) };
    uint32_t said = signs_of(ping) | (uint32_t)says_low(ping) << TROUBLE_BATTERY;

    if (said != 0)
        remark(device, ping->time, said);
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        health_take(watch, who, device, nth, &sayings[i], speech, out);
    if (ping->battery >= 0 && ping->battery < DEVICE_CHARGE_MAX) // NaN where it did not say
        device->charge = (unsigned)ping->battery + 1;
    device->tampered = sayings[0].is;
    device->battery_low = sayings[1].is;
    device->clock_wrong = sayings[2].is;
}

void health_check(const struct watch *watch, const struct respondent *who,
                  struct known_device *device, size_t device_nth, const struct ping *ping,
                  struct reception arriving, struct utc now, struct outcome *out)
{
    struct health_speech speech = { ping, ping_position(ping, arriving.when), true, arriving.when,
                                    now };

    if (ping->no_fix) {
        speech.at = device->newest;
        speech.has_place = device->heard;
    }
    // Late by its arrival alone, it is still the newest word of the device.
    if (arriving.older || arriving.class == ARRIVED_AGAIN)
        check_beside(watch, who, device, device_nth, &speech, out);
    else
        check_newest(watch, who, device, device_nth, &speech, out);
}

void health_check_flood(const struct respondent *who, struct known_device *device,
                        size_t device_nth, struct utc now, struct outcome *out)
{
    struct trouble_course *course = &device->troubles[TROUBLE_DOUBT];
    struct alert *alert = &out->alerts[out->n];
    uint32_t held_back = device->held_back;

    if (held_back == 0 || out->n == OUTCOME_ALERTS_MAX)
        return;
    // Each sign counts by itself: the trouble is over when none came for a day.
    trouble_happens(course, now, HEALTH_FLOOD_MS);
    trouble_rests(course, now);
    course->count += held_back - 1 < UINT32_MAX - course->count ? held_back - 1 : 0;
    device->held_back = 0;
    if (!trouble_due(course, now, HEALTH_FLOOD_MS))
        return;
    *alert = health_alert(who, device, device_nth, ALERT_DOUBT, TROUBLE_DOUBT, now, now);
    alert->cause = "flood";
    alert->has_ping = false;
    snprintf(alert->reason, sizeof alert->reason,
             "more comes of the device than its rate or its day's budgets hold: not all of it is "
             "taken, told again or kept; each ping that is taken is judged");
    trouble_tell(course, now);
    out->n++;
    out->devices_changed |= 1U << device_nth;
}

bool health_note_refused(struct known_device *device, const char *why, struct utc now)
{
    size_t n = strcspn(why, ":");

    if (device->refused.ms != 0 && now.ms >= device->refused.ms &&
        now.ms - device->refused.ms < HEALTH_REFUSED_MS)
        return false;
    memset(device->refused_for, 0, sizeof device->refused_for);
    if (n <= REFUSED_FOR_MAX && why[n] == ':')
        memcpy(device->refused_for, why, n);
    else
        strcpy(device->refused_for, "form");
    device->refused = now;
    return true;
}

void health_check_refused(const struct watch *watch, const struct respondent *who,
                          struct known_device *device, size_t device_nth, struct utc now,
                          struct outcome *out)
{
    struct trouble_course *course = &device->troubles[TROUBLE_REFUSED];
    struct health_saying saying = { .trouble = TROUBLE_REFUSED };
    struct alert *alert = &out->alerts[out->n];
    int64_t every = watch->detect->device_every_ms;

    if (device->refused.ms == 0 || (course->number > 0 && device->refused.ms <= course->well.ms) ||
        out->n == OUTCOME_ALERTS_MAX)
        return;
    // Each sign counts by itself.
    trouble_happens(course, now, every);
    trouble_rests(course, now);
    if (!is_due(watch, device, &saying, now))
        return;
    *alert = health_alert(who, device, device_nth, ALERT_DOUBT, TROUBLE_REFUSED, now, now);
    alert->cause = "refused";
    snprintf(alert->reason, sizeof alert->reason,
             "its pings are refused for their %s: nobody sees where it is by those, and its sender "
             "is told why",
             device->refused_for);
    trouble_tell(course, now);
    out->n++;
    out->devices_changed |= 1U << device_nth;
}
