/* SPDX-License-Identifier: Apache-2.0 */
/* track.h - what is known of one respondent: of each device, and of each zone's newest incident. */
#ifndef CORE_TRACK_H
#define CORE_TRACK_H

#include "core/ping.h"

enum { DEVICE_RECENT = 8 }; /* pings remembered to know one that comes again */

/* A ping's own time and place: what makes it the same one. */
struct sighting {
    struct utc time;
    struct lonlat at;
};

/* Zeroed is a device never heard of. */
struct known_device {
    bool heard;
    bool near;        /* `newest` mattered: it was in a zone or its ring, or an incident was open */
    bool tampered;    /* as last said */
    bool battery_low; /* told, and not yet charged again */
    bool clock_told;
    struct position newest;                /* the newest trusted one */
    struct sighting recent[DEVICE_RECENT]; /* a ring; time 0 is an empty place */
    unsigned recent_next;
    struct position doubted; /* the newest implausible one, */
    unsigned doubts;         /* and how many in a row agree with it */
    uint32_t alerts;         /* told about the device itself */
};

/* How far an incident has come; later is graver. */
enum phase { PHASE_NONE, PHASE_APPROACH, PHASE_POSSIBLE, PHASE_BREACH };

/* The newest incident of one zone. Zeroed is none ever. */
struct incident {
    enum phase phase; /* PHASE_NONE: over */
    bool authorised;
    uint32_t number;  /* of this incident */
    uint32_t numbers; /* given out so far, to retrospective ones too */
    uint32_t alerts;  /* told of this incident */
    uint32_t pings;   /* inside, since `entered` */
    struct utc opened, told, ended;
    struct utc entered; /* when it became more than an approach; UTC_NEVER: it has not */
    struct utc before_from, before_until; /* the incident before: entered, ended */
    struct utc late_from, late_until;     /* the newest retrospective incident; 0: none */
    uint32_t inside_by, ring_by; /* bit n: device n was last there; from positions, not stored */
};

/* Views of what somebody else keeps, in the order of the respondent's devices and exclusions. */
struct track {
    struct known_device **devices;
    struct incident **incidents;
};

#endif
