/* SPDX-License-Identifier: Apache-2.0 */
/*
 * skew.h - which time to believe: that of the clock on the wall, our own count from when we last
 * believed it, that of the ledger, or that of the respondents' devices; and whether to doubt it.
 */
#ifndef CORE_SKEW_H
#define CORE_SKEW_H

#include "core/ballot.h"

enum {
    SKEW_STEP_MS = 5000, /* a smaller step is followed: setting a clock right looks like that */
    SKEW_DELAY_MS = 10 * 60 * 1000 /* pings may all be so long on their way to us */
};

/* The clock on the wall, and what the kernel says of it. */
struct skew_wall {
    struct utc time;
    bool synchronised; /* a time daemon keeps it right */
    bool set;          /* somebody has set it since the last look, however little it moved */
};

/* Whose word our time rests on. */
enum skew_faith {
    SKEW_UNPROVEN, /* nobody's but the wall's */
    SKEW_COUNTED,  /* kernel or respondents stood for it once: since then we count */
    SKEW_AGREED,   /* the respondents' */
    SKEW_KERNEL,   /* the kernel's */
    SKEW_FAITHS
};

enum skew_doubt {
    SKEW_SURE,
    SKEW_BEFORE_LEDGER, /* the wall says a time before what the ledger has lived through */
    SKEW_WAS_SET,       /* it was set, and nobody stands for it */
    SKEW_DISPUTED,      /* nobody stands for it, and more respondents are against it than for it */
    SKEW_CONTRADICTED   /* the kernel stands for it, and most respondents are against it */
};

enum skew_what {
    SKEW_QUIET,
    SKEW_JUMPED,    /* the wall has jumped, or jumped again: we count on by ourselves */
    SKEW_CAME_BACK, /* it is where our own count is */
    SKEW_FOLLOWED,  /* it was set, or has passed the ledger, and we follow it */
    SKEW_RIGHTED,   /* the kernel says that it is right, and we follow it */
    SKEW_OUTVOTED,  /* the respondents say another time, and we follow them */
    SKEW_DOUBTED,   /* we doubt */
    SKEW_SETTLED    /* no more */
};

struct skew_news {
    enum skew_what what;
    /*
     * By how much our time has moved (FOLLOWED, RIGHTED, OUTVOTED), or the wall is ahead of it
     * (JUMPED, CAME_BACK, DOUBTED before the ledger), or the respondents are (DOUBTED else).
     */
    int64_t ms;
};

/* Zeroed believes nothing yet: the first look does. */
struct skew {
    bool set;
    int64_t base;  /* ms: our time is the tick plus this, */
    int64_t wall;  /* and the wall's was, at the last look */
    int64_t apart; /* ms: the wall is so far ahead of our time; 0: it is our time */
    enum skew_source { SKEW_OF_WALL, SKEW_OF_LEDGER, SKEW_OF_PINGS } source; /* of the base */
    enum skew_faith faith;
    enum skew_doubt doubt;
    bool unreported;     /* a doubt that began between two looks */
    struct tick doubted; /* when there was last a reason to */
    struct utc floor;    /* our time is not before this, see below */
    struct tally tally;  /* at the last look, about our time */
    struct ballot ballot;
};

struct utc skew_utc(const struct skew *skew, struct tick now);

/*
 * The ledger has lived through this. To be said before anything is judged: what was believed until
 * now is forgotten, and the next look is the first.
 */
void skew_set_floor(struct skew *skew, struct utc floor);

/* Looks at the wall: once a second or so, and when it was set. See skew.c for the rules. */
struct skew_news skew_check(struct skew *skew, const struct skew_wall *wall, struct tick now);

/* A ping of that respondent has just come, and says that it was made at `said`. */
void skew_hear(struct skew *skew, uint64_t respondent, struct utc said, struct tick now);

/*
 * Whether a ping of that respondent that looks old by our time may be of now: we doubt, or nobody
 * stands for our time and he steadily says another.
 */
bool skew_doubts(const struct skew *skew, uint64_t respondent, struct tick now);

#endif
