/* SPDX-License-Identifier: Apache-2.0 */
/* track.h - what is known of one respondent: of each device, and of each zone's newest incident. */
#ifndef CORE_TRACK_H
#define CORE_TRACK_H

#include "core/allowance.h"
#include "core/belief.h"
#include "core/lag.h"
#include "core/ping.h"
#include "core/trouble.h"

#include <stddef.h>

struct memory;
struct safety;

enum { REFUSED_FOR_MAX = 15 };    /* characters of the member for which a ping was refused */
enum { DEVICE_RECENT = 8 };       /* pings remembered to know one that comes again */
enum { DEVICE_REMARKS = 8 };      /* and those that said something of the device itself */
enum { DEVICE_CHARGE_MAX = 101 }; /* of `charge`: 100 per cent, and one */
enum { TRAIL_PLACES = 6 };
enum { TRACK_DEVICES_MAX = 8 }; /* of one respondent */
enum { INCIDENT_RUNS = 8 };     /* runs of late pings remembered, beside the newest */
enum { INCIDENT_OLDER = 8 };    /* incidents of a zone remembered as told, beside the newest ones */

/*
 * In inside_by: a device that kept the incident open was taken away from him, and none of
 * those that he has now has been heard since.
 */
#define INSIDE_BY_REMOVED (1U << 31)

/* A ping's own time and place: what makes it the same one. */
struct sighting {
    struct utc time;
    struct lonlat at;
};

/* A trusted position, and how fast the device came there from the one before. */
struct step {
    struct position at;
    double speed; /* m/s, at the least: what the accuracies may explain is taken off */
};

/* Where else it says that it is, see places.h. */
struct elsewhere {
    struct position at; /* the newest ping of there, */
    unsigned pings;     /* how many of them agree, up to PLACES_AGREE, */
    bool parted;        /* and whether it was where it can be in between */
    unsigned leaps;     /* how often it went from there to anywhere else, */
    struct utc leaps_since;
    struct utc torn;  /* when it was last found to be at two places; 0: never; */
    struct utc alike; /* and by two that its receiver can both have told, see places.h */
};

/* The place that it told last, see frozen.h. Zeroed: none. */
struct frozen {
    struct lonlat at;
    unsigned pings;   /* in a row, up to FROZEN_PINGS, */
    struct utc since; /* by our clock, when the first of them came */
};

/* The places between which its pings go to and fro, see oscillation.h. Zeroed: none. */
struct oscillation {
    struct position last; /* the newest ping; of time 0: none */
    double east, north;   /* m/s, and seconds, */
    double seconds;       /* from the one before to it; 0: none */
    struct lonlat home;   /* where it comes back to: a mean of its pings there */
    bool at_home, away;   /* the newest is there; one went away, and none was there since */
    bool fast;            /* as nobody goes, since it went away */
    double off;           /* metres: so far from home it went */
    unsigned astray;      /* pings in a row that were not at home */
    double turns, swings; /* how often it was back, both fading: as nobody goes; at all */
    struct utc back;      /* when it was last, */
    struct utc turned;    /* and when they were last enough; 0: never */
    struct utc swung;
};

/* Coarse fixes in a row of elsewhere, see masts.h. Zeroed: none. */
struct masts {
    struct position at; /* the newest of them, */
    unsigned fixes;     /* how many they are, up to MASTS_ENOUGH, */
    struct utc since;   /* and the time of the first */
    bool overruled;     /* good fixes were believed against them */
};

/* What a silence was told to be. */
enum silence_cause {
    SILENCE_NO_PING,
    SILENCE_NO_FIX,     /* it talks, and no position of it can be believed */
    SILENCE_TALKS_AGAIN /* so too, but it was quiet before */
};

/* What a ping, known by its own time, said of its device: bits, 1 << its trouble_kind. */
struct remark {
    struct utc time;
    uint32_t said;
};

/* Where it is believed to be, in metres around `origin`; zeroed: nobody had to know. estimate.h. */
struct estimate {
    struct lonlat origin;
    struct utc heard; /* its newest ping, also one of the frozen; 0: not noted */
    struct belief belief;
};

/*
 * Zeroed is a device never heard of. The copy of one shows the same estimate: in
 * one that is to last that is copied beside it, and the pointer is NULL. What is as in a zeroed one
 * of nearly every device that is far stands last, from KNOWN_DEVICE_RARE on.
 */
struct known_device {
    bool heard;
    bool near;        /* `newest` mattered: it was in a zone or its ring, or an incident was open */
    bool tampered;    /* as last said */
    bool battery_low; /* and not yet charged again */
    bool mocked;      /* the tampering is a position that is made up, as counted last, */
    bool besides;     /* and it was tampered with otherwise too */
    bool clock_wrong; /* as last seen */
    bool newest_guessed; /* the time of `newest` is by our clock, and truly a little earlier */
    bool back_here;      /* since the newest ping of elsewhere, see places.h */
    bool two_places, two_alike, swapped, inaccurate; /* as last seen: doubt.h */
    bool unkept;     /* doubts, alerts or troubles changed, and it was not yet time to keep that */
    unsigned charge; /* of its battery: the per cent that it said last, and one; 0: it never did */
    uint32_t held_back; /* by its budgets, or the rate of its sender, since that was last told */
    uint32_t corrected; /* it went through so many moves of our clock: corrections.h */
    struct position newest; /* the newest trusted one; its time is its own, or guessed */
    struct utc newest_came; /* our clock when it came; 0: not noted */
    struct sighting recent[DEVICE_RECENT]; /* a ring; time 0 is an empty place */
    unsigned recent_next;
    uint32_t recent_coarse; /* bit n: so far only a coarse ping said what is at n */
    struct frozen frozen;

    double habit;         /* metres: the accuracy that it mostly tells, */
    unsigned habit_pings; /* learnt from so many */
    unsigned worse;       /* how many in a row were far worse than that: see worse_since */
    unsigned swaps;       /* how many in a row look swapped */
    uint32_t alerts;      /* told about the device itself */

    /* A ring of trusted positions at least 10 s apart, see motion.h. */
    struct step trail[TRAIL_PLACES];
    unsigned trail_next;
    uint32_t carrier; /* name_mark() of the respondent whom all this is about; 0: not noted */
    double pace;      /* m/s: the fastest step of the trail */
    struct estimate *estimate; /* lent by whoever keeps it, see watch_ping; NULL: a zeroed one */
    double error_scale;        /* of its errors, as was last believed of who is far; 0: of none */
    double rested;             /* seconds, up to an hour, for which the trail has been near */
    struct lonlat rests_at;    /* this place: longer than the trail is, see motion_remember */

    struct utc listened;           /* we listen to it since; 0: nobody does, and it is not silent */
    struct utc arrived;            /* our clock at its newest position that could be believed, */
    struct utc talked;             /* and at its newest ping without one; either may be later */
    struct utc carried;            /* by its carrier since; 0: as long as anybody knows */
    double interval_ms, jitter_ms; /* between arrivals: mean and mean deviation; 0: not learnt */

    struct lag lag; /* of whose mix a fresh ping changes what stands before its pace */

    unsigned silent;                 /* 0: not told; 1: told; 2: told, and no zone is any more */
    enum silence_cause silent_cause; /* as told last */
    struct utc talking;              /* told as quiet, it talks since; 0: it does not */
    struct elsewhere elsewhere;
    struct remark remarks[DEVICE_REMARKS]; /* a ring: what was told already, see health.h */
    unsigned remarks_next;
    struct position doubted; /* the newest implausible or surprising one, */
    unsigned doubts;         /* and how many in a row agree with it */
    struct masts masts;
    struct oscillation oscillation;
    struct utc worse_since; /* when it became `worse` */
    struct trouble_course troubles[TROUBLES];
    struct utc health_kept; /* when what was `unkept` was last kept */
    /* Where it last came to be so: of alerts that are told later. Time 0: nobody knows. */
    struct position tampered_at, battery_low_at;

    struct allowance updates; /* what is told again: [alerts] device-day */
    struct allowance past;    /* breaches of the past, which are told but once each: as many */
    struct allowance written; /* bytes kept of its pings: [ledger] device-day; for journal.c */
    struct utc refused;       /* our clock when a message of it was last noted as refused, */
    char refused_for[REFUSED_FOR_MAX + 1]; /* and for which of its members */

    struct allowance lulls; /* silences that were told and ended, see silence_habit.c, */
    double lull_ms;         /* and what is learnt from their lengths: it only grows; 0: none yet */
};

#define KNOWN_DEVICE_RARE offsetof(struct known_device, lag.mix.pace)

/* How far an incident has come; later is graver. */
enum phase { PHASE_NONE, PHASE_APPROACH, PHASE_POSSIBLE, PHASE_BREACH };

struct span {
    struct utc from, until; /* 0: none */
};

/* What a device's pings say of a zone by themselves, see testimony.h. Zeroed: nothing. */
struct testimony {
    uint32_t device;         /* name_mark() */
    uint32_t sum;            /* of what they say; 0: nothing is left */
    struct utc since, until; /* the first and the last that had it inside */
    uint32_t hints;          /* and of what they hint at alone, */
    struct utc hinted_since, hinted_until;
};

/* Pings of the past inside a zone, of one stay. */
struct past_run {
    struct utc from, until; /* 0: none */
    uint32_t pings;         /* up to RETROSPECT_RUN; 0: not counted */
    bool gathered;          /* it is no incident: so far it is counted in the gathering alone */
};

/* Breaches of the past that are too many to be told one by one, see retrospect.h. Zeroed: none. */
struct past_gathering {
    uint32_t number;               /* of the incident that counts them; 0: none */
    uint32_t alerts;               /* told of it */
    uint32_t count, alerted_count; /* how many they are, and were when that was told last */
    struct utc opened, alerted;    /* by our clock; alerted 0: not yet */
};

/* The newest incident of one zone. Zeroed is none ever. */
struct incident {
    enum phase phase; /* PHASE_NONE: over */
    bool authorised;
    bool closed;      /* the newest was, by the control room: it takes a ping to open another */
    uint32_t number;  /* of this incident */
    uint32_t numbers; /* given out so far, to retrospective ones too */
    uint32_t alerts;  /* told of this incident */
    struct utc opened, alerted, ended;
    struct utc entered; /* when it became more than an approach; UTC_NEVER: it has not */
    struct utc before_from, before_until; /* the incident before: entered, ended */
    double eta_alerted;                   /* seconds: of an approach, when last told */
    struct allowance openings;            /* who opens too many a day is cleared less quickly */

    bool kept;     /* what follows was flagged as changed, so it is on disk */
    int64_t shape; /* of the zone that the scores are about, */
    int64_t place; /* and of its place alone; 0: not noted, and so with the next two */
    uint32_t carriers[TRACK_DEVICES_MAX]; /* name_mark() of the device of each score */
    uint32_t person;                      /* name_mark() of the respondent */
    double scores[TRACK_DEVICES_MAX];     /* a device each: how sure it is inside, log odds */
    /* 0..1: by the newest ping looked at; for who explains it, and decides nothing. */
    double inside;
    uint32_t inside_by; /* bit n: device n was probably inside, and did not yet leave */
    struct utc run;     /* since when something speaks for his being inside */
    uint32_t pings;     /* that saw the inside, since then */

    struct past_run late; /* the newest run, told as a retrospective incident or only counted */
    struct past_run runs[INCIDENT_RUNS]; /* those before, of which one was heard last the first */
    /* A ring of those before either, so that an upload that comes again tells nothing twice. */
    struct span older[INCIDENT_OLDER];
    unsigned older_next;
    double late_score;      /* of the late pings in a row, */
    struct utc late_at;     /* and the newest of them */
    struct allowance pasts; /* runs that are told as incidents: retrospect.h */
    struct past_gathering gathering;

    uint32_t unbelieved;      /* how often a ping said inside where nothing had him, */
    struct utc unbelieved_at; /* and when one last did, or the newest's time of one overtaken */
    uint32_t elsewhere_by; /* bit n: one of device n's places is inside, whatever else it says, */
    struct utc elsewhere;  /* until PLACES_TORN_MS after this: places.h */
    struct testimony testimony;
    uint32_t coming_by; /* bit n: device n was last in the ring or on its way; from positions */
    uint32_t silent_by; /* bit n: device n's silence was told, in reach, while this zone bound */

    uint32_t corrected; /* it went through so many moves of our clock: corrections.h */
};

/* Incidents that rest where they take less room: brought when somebody is to look at one. */
struct rest {
    bool asleep;
    void (*wake)(void *arg); /* none fails: there is room for all of one track */
    void *arg;
};

/*
 * Views of what somebody else keeps, in the order of the respondent's devices and exclusions; and
 * what makes a far ping cheap and decides nothing: safe_region.h, memory.h. While its incidents
 * are asleep each is NULL.
 */
struct track {
    struct known_device **devices;
    struct incident **incidents;
    struct safety *safety; /* NULL: every ping is shown to every zone */
    struct memory *before; /* takes the incidents before one of them changes; NULL: nobody does */
    struct rest *rest;     /* NULL: they never are */
};

/* Before anybody looks at an incident of it. */
static inline void track_wake(const struct track *track)
{
    if (track->rest != NULL && track->rest->asleep)
        track->rest->wake(track->rest->arg);
}

/*
 * What comes back from disk must be what can have been known: places on the map, times of 1970 to
 * 2200, accuracies up to 100 km, scores that are some. Where something is not, the rest is no
 * surer: false, and it is forgotten as below; its estimate, if it shows one, too. So nothing out of
 * a ledger, whoever wrote it, makes an alert that cannot be told.
 */
bool known_device_settle(struct known_device *device);
bool incident_settle(struct incident *incident);

/*
 * Forgets where a device was and how it goes, and empties its estimate: it is as one never heard
 * of, but its alerts are counted on and what it was told to have is not told again. Of an incident
 * it keeps whether it is open, how grave, since when, and the numbers given out; the scores begin
 * anew from positions (its shape is none's).
 */
void known_device_forget(struct known_device *device);
void known_device_blank(struct known_device *device); /* and what it said of itself */
void incident_forget(struct incident *incident);

#endif
