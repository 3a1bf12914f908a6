/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vicinity_parts.h"

#include "core/assessment.h"
#include "core/reach.h"

/* ---- what goes on, and one zone of each order ---- */

static bool goes_on(const struct incident *incident, struct utc now)
{
    return incident->phase != PHASE_NONE || assessment_alive(incident) ||
           incident->coming_by != 0 || incident->late_score > 0 ||
           (incident->ended.ms <= now.ms && now.ms - incident->ended.ms <= VICINITY_AFTER_MS);
}

static bool is_grave(const struct incident *incident)
{
    return incident != NULL && incident->phase > PHASE_APPROACH;
}

static void find_live(struct vicinity_choice *choice)
{
    struct surroundings *around = choice->surroundings;

    around->n_live = 0;
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct incident *incident = choice->track->incidents[i];

        if (incident != NULL && around->n_live < QUESTION_ZONES_MAX &&
            goes_on(incident, choice->question->now))
            around->live[around->n_live++] = (uint16_t)i;
    }
    around->complete = true;
}

static void find_heads(struct vicinity_choice *choice)
{
    struct surroundings *around = choice->surroundings;

    around->n_heads = 0;
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct order *order = choice->who->exclusions[i]->order;
        size_t k = 0;

        while (k < around->n_heads && choice->who->exclusions[around->heads[k]]->order != order)
            k++;
        if (k == around->n_heads && k < RESPONDENT_ORDERS_MAX)
            around->heads[around->n_heads++] = (uint16_t)i;
    }
}

/* As many as may lie over one place, what is graver first. */
static void add_live(struct vicinity_choice *choice)
{
    const struct surroundings *around = choice->surroundings;

    for (int grave = 1; grave >= 0; grave--) {
        for (size_t i = 0; i < around->n_live && choice->n < ZONES_OVER_ONE_PLACE_MAX; i++) {
            if (is_grave(choice->track->incidents[around->live[i]]) == (grave != 0))
                vicinity_add(choice, around->live[i]);
        }
    }
}

/*
 * Of a silence that is over nothing is left to remember: the next one may begin elsewhere, and
 * would find those zones told of that the question before was about.
 */
static uint32_t forget_silences(const struct vicinity_choice *choice)
{
    uint32_t silent = 0, alerted = 0;

    for (size_t i = 0; i < choice->who->n_devices; i++)
        silent |= choice->track->devices[i]->silent != 0 ? 1U << i : 0;
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        struct incident *incident = choice->track->incidents[i];

        if (incident != NULL)
            alerted |= incident->silent_by &= silent;
    }
    return alerted;
}

/* ---- all of it ---- */

static bool any_silent(const struct vicinity_choice *choice)
{
    bool silent = false;

    for (size_t i = 0; i < choice->who->n_devices; i++)
        silent |= choice->track->devices[i]->silent != 0;
    return silent;
}

static void refresh(struct vicinity_choice *choice)
{
    const struct question *question = choice->question;
    struct surroundings *around = choice->surroundings;

    if (around->complete && question->cause == CAUSE_PING)
        return;
    find_live(choice);
    find_heads(choice);
    around->silences = forget_silences(choice);
    vicinity_find_heard(choice, question->cause == CAUSE_PING ? question->now : question->at);
}

static void choose(struct vicinity_choice *choice)
{
    const struct question *question = choice->question;
    bool of_ping = question->cause == CAUSE_PING;

    refresh(choice);
    add_live(choice);
    for (size_t i = 0; i < choice->surroundings->n_heads; i++)
        vicinity_add(choice, choice->surroundings->heads[i]);
    if (!of_ping || any_silent(choice))
        vicinity_add_heard(choice);
    if (of_ping && ping_has_place(&question->ping))
        vicinity_add_ping(choice);
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t mark_of(const struct vicinity *vicinity)
{
    uint64_t mark = 14695981039346656037U;

    for (size_t i = 0; i < vicinity->n; i++)
        mark = (mark ^ vicinity->zones[i]) * 1099511628211U;
    return mark != 0 ? mark : 1;
}

void vicinity_choose(const struct watch *watch, const struct respondent *who,
                     const struct track *track, const struct question *question,
                     struct surroundings *surroundings, struct vicinity *out)
{
    struct vicinity_choice choice = { .watch = watch,
                                      .who = who,
                                      .track = track,
                                      .question = question,
                                      .surroundings = surroundings };

    out->all = who->n_exclusions <= VICINITY_ALL;
    out->mark = 0;
    out->n = 0;
    out->silences = 0;
    if (out->all)
        return;
    choose(&choice);
    out->silences = surroundings->silences;
    for (size_t word = 0; word < VICINITY_WORDS; word++) {
        // A zone that was chosen each turn.
        for (uint64_t left = choice.bits[word]; left != 0; left &= left - 1)
            out->zones[out->n++] = (uint16_t)(64 * word + (size_t)__builtin_ctzll(left));
    }
    out->mark = mark_of(out);
}

/* Of who is silent, and was told to be with zones in reach: those that have bound ever since. */
static void note_alerted(const struct watch *watch, const struct vicinity *vicinity, struct utc at)
{
    for (size_t d = 0; vicinity->silences != 0 && d < vicinity->who.n_devices; d++) {
        struct utc alerted = vicinity->track.devices[d]->troubles[TROUBLE_SILENT].alerted;

        if ((vicinity->silences >> d & 1) == 0 || vicinity->track.devices[d]->silent == 0)
            continue;
        for (size_t i = 0; i < vicinity->n; i++) {
            if (reach_binds(watch, vicinity->exclusions[i], alerted) &&
                exclusion_next(vicinity->exclusions[i], watch->civil, alerted).ms > at.ms)
                vicinity->incidents[i]->silent_by |= 1U << d;
        }
    }
}

static void show(const struct respondent *who, const struct track *track, struct vicinity *out)
{
    out->who = *who;
    out->track = *track;
    if (out->all)
        return;
    out->track.safety = NULL; // it is about all of his zones
    for (size_t i = 0; i < out->n; i++) {
        out->exclusions[i] = who->exclusions[out->zones[i]];
        out->incidents[i] = track->incidents[out->zones[i]];
    }
    out->who.exclusions = out->exclusions;
    out->who.n_exclusions = out->n;
    out->track.incidents = out->incidents;
}

void vicinity_show(const struct watch *watch, const struct respondent *who,
                   const struct track *track, const struct question *question, struct vicinity *out)
{
    show(who, track, out);
    note_alerted(watch, out, question->cause == CAUSE_PING ? question->now : question->at);
}

void vicinity_begin(const struct respondent *who, const struct track *track, struct vicinity *out)
{
    out->all = who->n_exclusions <= VICINITY_ALL;
    out->n = 0;
    out->mark = 0;
    show(who, track, out);
}

void vicinity_note(const struct vicinity *vicinity, struct utc now,
                   struct surroundings *surroundings)
{
    size_t n = 0;

    if (vicinity->all)
        return;
    // Where not all that goes on was chosen, the next question looks through everything.
    surroundings->complete = surroundings->n_live <= ZONES_OVER_ONE_PLACE_MAX;
    for (size_t i = 0; i < vicinity->n; i++) {
        if (goes_on(vicinity->incidents[i], now))
            surroundings->live[n++] = vicinity->zones[i];
    }
    surroundings->n_live = n;
}
