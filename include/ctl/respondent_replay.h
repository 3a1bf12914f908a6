/* SPDX-License-Identifier: Apache-2.0 */
/*
 * respondent_replay.h - one respondent as the ledger tells of them: the orders that bound them,
 * what was known, and the alerts that the newest question makes expect. For rejudge.c.
 */
#ifndef CTL_RESPONDENT_REPLAY_H
#define CTL_RESPONDENT_REPLAY_H

#include "adapter/json/input.h"

/* Settings as they were kept, shared by all who were judged by them. */
struct past_settings {
    char digest[CHAIN_HEX];
    struct settings settings;
    unsigned engine;
    struct civil civil;
};

struct respondent_replay {
    char id[NAME_MAX_CHARS + 1];
    bool known; /* the next question can be asked */
    bool older; /* it cannot, because another engine has judged: WATCH_ENGINE */
    bool exercise;
    const struct past_settings *settings;
    struct rulebook *rules;
    char orders[INPUT_ORDERS_MAX][DIGEST_CHARS + 1]; /* of `rules` */
    size_t n_orders;
    struct respondent who; /* of `rules`, numbered as it was */
    const char *devices[RESPONDENT_DEVICES_MAX];
    const struct exclusion *exclusions[QUESTION_ZONES_MAX];
    struct memory memory;
    struct track track; /* views of the memory */
    struct known_device *device_views[RESPONDENT_DEVICES_MAX];
    struct incident *incident_views[QUESTION_ZONES_MAX];
    uint64_t asked;       /* the newest question's entry */
    enum arrival arrival; /* and what its ping was worth, if it had one, */
    struct utc when;      /* by which instant it was judged */
    char *expected[OUTCOME_ALERTS_MAX];
    size_t n_expected, n_matched;
};

struct respondent_replay *respondent_replay_create(const char *id);
void respondent_replay_destroy(void *replay); /* for tdestroy too */

/*
 * Begins from what an entry says was known, by these order texts (`n_orders` of them). False when
 * they cannot be read as the orders of this respondent.
 */
bool respondent_replay_begin(struct respondent_replay *replay, const struct kept_question *kept,
                             const struct past_settings *settings, const char *const *texts,
                             struct fault *why);

/*
 * A zone is withdrawn, by the text of its order; nothing of the respondent's own is used. False
 * when the text does not hold that zone.
 */
bool respondent_replay_withdraw(struct respondent_replay *replay,
                                const struct kept_withdrawal *gone,
                                const struct past_settings *settings, const char *text,
                                uint64_t entry, struct fault *why);

/* Asks, and keeps the events that must follow. False when the ping is of nobody's device. */
bool respondent_replay_ask(struct respondent_replay *replay, const struct question *question,
                           uint64_t entry);

void respondent_replay_forget_expected(struct respondent_replay *replay);

#endif
