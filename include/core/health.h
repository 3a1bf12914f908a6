/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.h - what a device says of itself: tampered with, battery low, a clock that cannot be
 * right; and that it says more than anybody needs. Each is an incident, see trouble.h.
 */
#ifndef CORE_HEALTH_H
#define CORE_HEALTH_H

#include "core/watch.h"

/* Battery, per cent: low below the first, and well again only from the second on. */
#define HEALTH_BATTERY_LOW 20.0
#define HEALTH_BATTERY_OK  30.0

/* The first change of a while must survive at once, those of the next seconds together. */
enum { HEALTH_KEPT_MS = 10 * 1000, HEALTH_FLOOD_MS = 24 * 60 * 60 * 1000 };

/*
 * An alert about device number `nth`, of the newest incident of that trouble. Its reason is the
 * caller's to write.
 */
struct alert health_alert(const struct respondent *who, struct known_device *device, size_t nth,
                          enum alert_type type, enum trouble_kind trouble, struct utc at,
                          struct utc now);

/* One thing that a device says of itself, or shows, and how it was and is now. */
struct health_saying {
    enum trouble_kind trouble;
    enum alert_type type;
    const char *cause; /* NULL: its type says all */
    bool was, is;
    bool unsaid; /* the ping says nothing of it: it is as was said before */
    bool more;   /* it goes on, and this is another sign of it */
    bool aside;  /* of a time before: what goes on now stays as it is */
    char reason[224];
};

/* Who says it, where and when: of a ping without a fix, where it was last believed to be. */
struct health_speech {
    const struct ping *ping;
    struct position at;
    bool has_place;
    struct utc time, now;
};

/* Whether anything of it can be told now: else nobody reads its reason. */
bool health_may_tell(const struct known_device *device, const struct health_saying *saying);

/*
 * Counts the sign, and adds an alert to `out` when it is to be told: at the first sign, and then as
 * trouble_due says while the trouble goes on.
 */
void health_take(const struct watch *watch, const struct respondent *who,
                 struct known_device *device, size_t nth, const struct health_saying *saying,
                 const struct health_speech *speech, struct outcome *out);

/*
 * Counts what the ping says, and adds an alert to `out` for each trouble that is to be told: at its
 * first sign, and then as trouble_due says while it is said again and again. The newest word of the
 * device says how it is now. One that comes again or late ends nothing, but that it was tampered
 * with or its battery low counts, once for each time that it is of: trackers send an alarm on the
 * fix that they sent before.
 */
void health_check(const struct watch *watch, const struct respondent *who,
                  struct known_device *device, size_t device_nth, const struct ping *ping,
                  struct reception arriving, struct utc now, struct outcome *out);

/* What all of these changed is put when it is time: call it after them. */
void health_keep(struct known_device *device, size_t nth, struct utc now, struct outcome *out);

/*
 * A message of the device was refused for `why`, "accuracy: not a number", of which the member
 * alone is noted. True when it is to be told: once a minute.
 */
enum { HEALTH_REFUSED_MS = 60 * 1000 };
bool health_note_refused(struct known_device *device, const char *why, struct utc now);

/* Tells that, as trouble_due says. */
void health_check_refused(const struct watch *watch, const struct respondent *who,
                          struct known_device *device, size_t device_nth, struct utc now,
                          struct outcome *out);

/* Tells, once a day, that more came of the device than its day's budgets hold. */
void health_check_flood(const struct respondent *who, struct known_device *device,
                        size_t device_nth, struct utc now, struct outcome *out);

#endif
