/* SPDX-License-Identifier: Apache-2.0 */
/* ping.h - one position report of one device. */
#ifndef CORE_PING_H
#define CORE_PING_H

#include "core/fault.h"
#include "core/index.h"
#include "core/instant.h"
#include "core/lonlat.h"

/* A position no better known than so, metres, is none; and no tag on the ground is faster, m/s. */
#define PING_ACCURACY_MAX 100000.0
#define PING_SPEED_MAX    70.0 /* 157 mph: faster than anything there but a train */

enum { PING_ALARM_MAX = 64 }; /* characters of an alarm that are kept */

/* Checked by whoever read it: its id is well formed, and ping_settle has had its say. */
struct ping {
    char device[NAME_MAX_CHARS + 1];
    struct utc time; /* as the device says */
    bool untimed;    /* it says none, and is of its arrival: `time` is not read before that */
    struct lonlat at;
    /*
     * Metres; NaN: unknown, never perfect. As the device tells it until the watch has it, then the
     * 68 % radius; `percentile`, per cent, says then at which it was told, as in struct position.
     */
    double accuracy, percentile;
    double speed;   /* m/s, as reported; NaN or 0: not said */
    double course;  /* degrees from north, 0..360; NaN: not said */
    double battery; /* per cent; NaN: not said */
    bool tamper;
    bool battery_low;               /* by its alarm, whatever `battery` is */
    char alarm[PING_ALARM_MAX + 1]; /* as its sender put it, see ping_alarm; "": none */
    bool no_fix; /* nobody vouches for the position: kept, and moves nothing; `at` may be unknown */
    bool doubted; /* our clock was in doubt when it came: looking old does not make it late */
};

/* Where a device was, when, and how sure. `time` is the one that it was judged by. */
struct position {
    struct utc time;
    struct lonlat at;
    double accuracy;   /* metres, 68 % radius; NaN: unknown */
    double percentile; /* per cent at which the device told it, see radius.h; 0: 68 */
};

/*
 * The ranges of what a ping may say, in one place, for every door: called by each reader when it
 * has filled in what was said, in the units above, NaN for what was not. Refuses a place off the
 * map (latitude 90.1, infinity, NaN) and a time outside 1970 to 2200, where it has one. Of the rest
 * what is out of range becomes unknown: accuracy 0 or -5, speed 70.1, course -1, battery 101.
 * Accuracy over 100 km is no fix: unknown, and so is the ping's place worth nothing. A ping without
 * a fix may have no place at all: both degrees NaN. -0 becomes 0.
 */
bool ping_settle(struct ping *ping, struct fault *why);

struct position ping_position(const struct ping *ping, struct utc when);

/* Whether it says where it is, fix or not. */
bool ping_has_place(const struct ping *ping);

/*
 * Takes an alarm of `n` bytes, one name or several parted by commas, in Traccar's spelling:
 * tampering, jamming, spoofing, powerCut, gpsAntennaCut and removing are `tamper`, lowBattery and
 * lowPower are `battery_low`. Its first PING_ALARM_MAX characters are kept, `?` for what is not
 * printable ASCII. Only ever adds to what the ping says.
 */
void ping_alarm(struct ping *ping, const char *names, size_t n);

/*
 * The phone says that an app makes its position up: no fix, `tamper`, and before the names of its
 * alarm stands "mock", so that whoever reads it sees which tampering this is.
 */
void ping_mock(struct ping *ping);
bool ping_is_mock(const struct ping *ping);

/* Whether a mock's alarm says, in what is kept of it, that it was tampered with otherwise too. */
bool ping_tells_besides(const struct ping *ping);

#endif
