/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_fixture.h - a publisher at work, with a ledger of values
 * behind it, and a Redis to look into.
 */
#ifndef ADAPTER_IO_PUBLISHER_FIXTURE_H
#define ADAPTER_IO_PUBLISHER_FIXTURE_H

#include "adapter/json/event.h"
#include "adapter/redis/publisher.h"
#include "support/testbed.h"

enum { PUBLISHER_FIXTURE_MAX = 6000 };

struct publisher_fixture {
    struct testbed *testbed;
    struct event_base *base;
    struct publisher *publisher;
    struct publisher_options options;
    /* Alert number nth is rows[nth]; sequences as they are now. */
    struct row rows[PUBLISHER_FIXTURE_MAX + 1];
    int n;
    uint64_t newest;    /* on disk */
    uint64_t confirmed; /* what the ledger was told, never going back */
    int fetches, pages; /* asked: of what is next, of what is open */
    int losses, lies;
    int leftovers, leftovers_kept; /* told of, and from which on they cannot be kept */
    int stood; /* alerts of which it was told that they stand there; of the newest one, */
    char incident[EVENT_ID_MAX], since[48];
    struct fetch asked;    /* the newest question */
    bool mute;             /* what is next is not told */
    uint64_t told_to;      /* nor what is behind this one, but to be compared; 0: all is */
    bool unreadable;       /* nothing can be read */
    bool slow_to_renumber; /* renumbering is only noted, and nothing can be read from then on */
    struct event *answer;  /* to a fetch: in a turn of its own */
    char story[512];       /* "renumber:40 confirmed:40 "; of `confirmed`, the first one in a row */
};

/*
 * The one that a test has; of publisher_fixture_test, or of a row
 * between the two, with a redis- server.
 */
extern struct publisher_fixture publisher_under_test;
int publisher_fixture_setup(void **state); /* leaves *state, a row's */
int publisher_fixture_teardown(void **state);
#define publisher_fixture_test(test)                                                               \
    cmocka_unit_test_setup_teardown(test, publisher_fixture_setup, publisher_fixture_teardown)

/* A fixture without a publisher, whose prefix is "breachd", for the Redis that is there. */
void publisher_fixture_open_at(struct testbed *testbed, const struct redis_target *target);
void publisher_fixture_close(void);

void publisher_fixture_redis(const char *command); /* by somebody else */
void publisher_fixture_as_ann(void); /* the publisher is to be: by the password "secret" */

void publisher_fixture_start(void); /* makes the publisher: `confirmed` is where the ledger is */
void publisher_fixture_stop(void);

/* Alerts on disk: some_alert, n more of them; the publisher is not told. May be changed before. */
void publisher_fixture_keep(int n);
/* And the publisher is offered them. */
void publisher_fixture_offer(int n);

/* The newest question is answered after all. */
void publisher_fixture_answer(void);

void publisher_fixture_until_caught_up(void);

/* A publisher that has put `n` of them into the stream. */
void publisher_fixture_publish(int n);

void publisher_fixture_until_away(const char *why);

/*
 * Asserts that the stream holds the alerts of rows `first` to `last` and no more, each once, with
 * every field, under the sequences that they have.
 */
void publisher_fixture_expect_stream(int first, int last);

/* Asserts that {PREFIX}:todo holds what the rows say, each with who has it and the note. */
void publisher_fixture_expect_todo(void);

#endif
