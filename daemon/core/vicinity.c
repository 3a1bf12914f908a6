/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vicinity.h"

#include "core/assessment.h"
#include "core/device_watch.h"
#include "core/doubt.h"
#include "core/motion.h"
#include "core/observation.h"
#include "core/plane.h"
#include "core/reach.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { WORDS = RESPONDENT_ZONES_MAX / 64 };

/* What a zone is to a silence: it binds, binds only since that was told, or does not. */
enum { BINDS, BINDS_SINCE, SHUT, BINDINGS };

static_assert(ZONES_OVER_ONE_PLACE_MAX + RESPONDENT_ORDERS_MAX + BINDINGS * VICINITY_NEAREST <=
                  QUESTION_ZONES_MAX,
              "all over one place are chosen beside the first of each order and the nearest");

struct choice {
    const struct watch *watch; // the device's own, of a ping
    const struct respondent *who;
    const struct track *track;
    const struct question *question;
    struct surroundings *surroundings;
    size_t n;
    uint64_t bits[WORDS];
};

static bool has(const struct choice *choice, size_t nth)
{
    return (choice->bits[nth / 64] >> nth % 64 & 1) != 0;
}

static void add(struct choice *choice, size_t nth)
{
    if (has(choice, nth) || choice->n == QUESTION_ZONES_MAX)
        return;
    choice->bits[nth / 64] |= UINT64_C(1) << nth % 64;
    choice->n++;
}

/* ---- the nearest of many ---- */

struct nearest {
    size_t room, n;
    uint16_t zones[QUESTION_ZONES_MAX];
    double metres[QUESTION_ZONES_MAX]; // rising
    double next;                       // of the nearest that found no room
};

static void nearest_add(struct nearest *nearest, size_t nth, double metres)
{
    size_t at = nearest->n;

    if (at == nearest->room && (at == 0 || !(metres < nearest->metres[at - 1]))) {
        nearest->next = fmin(nearest->next, metres);
        return;
    }
    if (at == nearest->room)
        nearest->next = fmin(nearest->next, nearest->metres[--at]);
    // Past those that are farther: QUESTION_ZONES_MAX.
    for (; at > 0 && metres < nearest->metres[at - 1]; at--) {
        nearest->metres[at] = nearest->metres[at - 1];
        nearest->zones[at] = nearest->zones[at - 1];
    }
    nearest->metres[at] = metres;
    nearest->zones[at] = (uint16_t)nth;
    nearest->n += nearest->n < nearest->room;
}

static void add_nearest(struct choice *choice, const struct nearest *nearest)
{
    for (size_t i = 0; i < nearest->n; i++)
        add(choice, nearest->zones[i]);
}

/* Metres from the zone's ring, or fewer, and negative in it; NaN: the map gives no answer. */
static double ring_distance(const struct exclusion *exclusion, struct lonlat at)
{
    return zone_distance(exclusion->zone, at, 0) - exclusion->warn;
}

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

static void find_live(struct choice *choice)
{
    struct surroundings *around = choice->surroundings;

    around->n_live = 0;
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct incident *incident = choice->track->incidents[i];

        if (incident != NULL && around->n_live < QUESTION_ZONES_MAX &&
            goes_on(incident, choice->question->now))
            around->live[around->n_live++] = (uint16_t)i;
    }
    around->looked = true;
}

static void find_heads(struct choice *choice)
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
static void add_live(struct choice *choice)
{
    const struct surroundings *around = choice->surroundings;

    for (int grave = 1; grave >= 0; grave--) {
        for (size_t i = 0; i < around->n_live && choice->n < ZONES_OVER_ONE_PLACE_MAX; i++) {
            if (is_grave(choice->track->incidents[around->live[i]]) == (grave != 0))
                add(choice, around->live[i]);
        }
    }
}

/* ---- a ping ---- */

/*
 * The zone by which it looks swapped, or not: the first one mostly says so, which is an order's
 * first too.
 */
static void add_decider(struct choice *choice, const struct ping *ping)
{
    bool swapped;
    size_t nth = doubt_decided_by(choice->who, ping, &swapped);

    if (nth < choice->who->n_exclusions)
        add(choice, nth);
}

/* Looks at all of his zones: what the region around the place is. */
static void look_around(struct choice *choice, struct lonlat at, struct region *out)
{
    struct nearest nearest = { .room = REGION_ZONES, .next = INFINITY };

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        double metres = ring_distance(choice->who->exclusions[i], at);

        nearest_add(&nearest, i, isnan(metres) ? -INFINITY : metres);
    }
    out->centre = at;
    out->clear = nearest.next;
    out->free = nearest.metres[0];
    out->n = nearest.n;
    memcpy(out->zones, nearest.zones, nearest.n * sizeof *out->zones);
}

/* Metres that a ping can reach, as observation_now and observation_past have it. */
static double reach_of(const struct choice *choice, const struct known_device *device,
                       const struct ping *ping)
{
    const struct detect *detect = choice->watch->detect;
    double moved = device->heard ? lonlat_distance(device->newest.at, ping->at) : 0;

    return observation_horizon(detect, device, ping, moved, device->heard ? detect->path_ms : 0);
}

static bool in_reach(const struct exclusion *exclusion, struct lonlat at, double reach)
{
    double most = fmax(exclusion->warn, reach);

    return !(zone_distance(exclusion->zone, at, most) > most);
}

/* The same, or a little out of it: that is cheaper to know. */
static bool about_in_reach(const struct exclusion *exclusion, struct lonlat at, double reach)
{
    return !(zone_distance(exclusion->zone, at, 0) > fmax(exclusion->warn, reach));
}

/* The way from the place before to a ping's, in metres around that. */
struct leg {
    struct plane plane;
    struct metres from;
    double squared;
};

static struct leg leg_of(struct lonlat from, struct lonlat to)
{
    struct leg leg = { .plane = plane_at(to) };

    leg.from = plane_project(&leg.plane, from);
    leg.squared = leg.from.x * leg.from.x + leg.from.y * leg.from.y;
    return leg;
}

/* Metres from a circle around the zone's box, with its ring, to the way: to choose by alone. */
static double leg_distance(const struct leg *leg, const struct exclusion *exclusion)
{
    struct lonlat_box box = zone_box(exclusion->zone);
    struct metres sw = plane_project(&leg->plane, box.sw), ne = plane_project(&leg->plane, box.ne);
    struct metres centre = { (sw.x + ne.x) / 2, (sw.y + ne.y) / 2 };
    double along = centre.x * leg->from.x + centre.y * leg->from.y;
    double part = leg->squared > 0 ? fmin(fmax(along / leg->squared, 0), 1) : 0;

    return hypot(centre.x - part * leg->from.x, centre.y - part * leg->from.y) -
           hypot(ne.x - sw.x, ne.y - sw.y) / 2 - exclusion->warn;
}

/* All in reach; of more than there is room for, those that are nearest to the way. */
static void add_all_in_reach(struct choice *choice, const struct known_device *device,
                             struct lonlat at, double reach)
{
    struct nearest nearest = { .room = QUESTION_ZONES_MAX - choice->n, .next = INFINITY };
    struct leg leg = leg_of(device->heard ? device->newest.at : at, at);

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct exclusion *exclusion = choice->who->exclusions[i];

        if (!has(choice, i) && about_in_reach(exclusion, at, reach))
            nearest_add(&nearest, i, leg_distance(&leg, exclusion));
    }
    add_nearest(choice, &nearest);
}

static void add_in_reach(struct choice *choice, size_t nth, const struct ping *ping)
{
    const struct known_device *device = choice->track->devices[nth];
    struct region *region = &choice->surroundings->regions[nth];
    double reach = reach_of(choice, device, ping), moved;

    if (region->n == 0)
        look_around(choice, ping->at, region);
    moved = lonlat_distance(region->centre, ping->at) * 1.01 + 1; // no rounding may cut it short
    if (reach + moved >= region->clear) {
        look_around(choice, ping->at, region);
        moved = 1;
    }
    if (reach + moved >= region->clear)
        add_all_in_reach(choice, device, ping->at, reach);
    for (size_t i = 0; reach + moved >= region->free && i < region->n; i++) {
        if (in_reach(choice->who->exclusions[region->zones[i]], ping->at, reach))
            add(choice, region->zones[i]);
    }
}

/* By the ping and its device as watch_ping has them. */
static void add_by_ping(struct choice *choice)
{
    const struct question *question = choice->question;
    const struct watch *watch = choice->watch;
    const char *device = choice->who->devices[question->device];
    struct ping seen = device_watch_ping(watch, device, &question->ping);
    struct detect room;
    const struct watch own = device_watch(watch, device, &room);

    choice->watch = &own;
    add_decider(choice, &seen);
    add_in_reach(choice, question->device, &seen);
    choice->watch = watch;
}

/* ---- time, rules, silence: where he was last heard ---- */

/* When a silence that goes on was told first; `at`: there is none. */
static struct utc first_told(const struct choice *choice, struct utc at)
{
    for (size_t i = 0; i < choice->who->n_devices; i++) {
        const struct known_device *device = choice->track->devices[i];

        if (device->silent != 0)
            at = utc_earlier(at, device->troubles[TROUBLE_SILENT].told);
    }
    return at;
}

static int binding_of(const struct choice *choice, const struct exclusion *exclusion,
                      struct utc told, struct utc at)
{
    if (!reach_binds(choice->watch, exclusion, at))
        return SHUT;
    return told.ms < at.ms && exclusion_next(exclusion, choice->watch->civil, told).ms <= at.ms
               ? BINDS_SINCE
               : BINDS;
}

/* Of one device, as near as that, */
static void add_near(struct choice *choice, size_t nth)
{
    const struct known_device *device = choice->track->devices[nth];
    double metres =
        VICINITY_METRES + VICINITY_ACCURACIES * device_watch_accuracy(choice->watch,
                                                                      choice->who->devices[nth],
                                                                      device->newest.accuracy);
    struct nearest near = { .room = ZONES_OVER_ONE_PLACE_MAX, .next = INFINITY };

    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        double away = ring_distance(choice->who->exclusions[i], device->newest.at);

        if (!(away > metres))
            nearest_add(&near, i, isnan(away) ? -INFINITY : away);
    }
    add_nearest(choice, &near);
}

/*
 * Metres that he has to go to the zone, or fewer, and what the time that it takes him to turn round
 * would be worth: as reach_from has it.
 */
static double way_to(const struct choice *choice, const struct exclusion *exclusion,
                     const struct known_device *device, const struct motion *motion)
{
    double metres = zone_distance(exclusion->zone, device->newest.at, 0), nearer, turning;

    if (isnan(metres))
        return -INFINITY;
    if (!motion->moving)
        return metres;
    nearer = metres - zone_distance(exclusion->zone, motion_along(motion, device->newest.at, 1), 0);
    turning = fmax(hypot(motion->east, motion->north) - nearer, 0) / 2 / MOTION_GAIN;
    return metres + turning * fmax(choice->watch->detect->reach_speed, device->pace);
}

/* and `room` of each kind, to be remembered. */
static void find_nearest(struct choice *choice, size_t nth, size_t room, struct utc told,
                         struct utc at)
{
    const struct known_device *device = choice->track->devices[nth];
    struct surroundings *around = choice->surroundings;
    struct motion motion = motion_newest(device);
    struct nearest some[BINDINGS];

    for (int i = 0; i < BINDINGS; i++) {
        some[i].room = room;
        some[i].n = 0;
        some[i].next = INFINITY;
    }
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        const struct exclusion *exclusion = choice->who->exclusions[i];

        nearest_add(&some[binding_of(choice, exclusion, told, at)], i,
                    way_to(choice, exclusion, device, &motion));
    }
    for (int i = 0; i < BINDINGS; i++) {
        for (size_t k = 0; k < some[i].n; k++)
            around->nearest[around->n_nearest++] = some[i].zones[k];
    }
}

/* By where each was heard last; of who never was nobody knows where. */
static void look_where_heard(struct choice *choice, struct utc at)
{
    struct utc told = first_told(choice, at);
    size_t n = choice->who->n_devices;

    choice->surroundings->n_nearest = 0;
    for (size_t i = 0; i < n; i++) {
        if (choice->track->devices[i]->heard)
            find_nearest(choice, i, VICINITY_NEAREST / n, told, at);
    }
}

static void add_where_heard(struct choice *choice)
{
    for (size_t i = 0; i < choice->surroundings->n_nearest; i++)
        add(choice, choice->surroundings->nearest[i]);
    for (size_t i = 0; choice->question->cause != CAUSE_PING && i < choice->who->n_devices; i++) {
        if (choice->track->devices[i]->heard)
            add_near(choice, i);
    }
}

/*
 * Of a silence that is over nothing is left to remember: the next one may begin elsewhere, and
 * would find those zones told of that the question before was about.
 */
static uint32_t forget_silences(const struct choice *choice)
{
    uint32_t silent = 0, told = 0;

    for (size_t i = 0; i < choice->who->n_devices; i++)
        silent |= choice->track->devices[i]->silent != 0 ? 1U << i : 0;
    for (size_t i = 0; i < choice->who->n_exclusions; i++) {
        struct incident *incident = choice->track->incidents[i];

        if (incident != NULL)
            told |= incident->silent_by &= silent;
    }
    return told;
}

/* ---- all of it ---- */

static bool any_silent(const struct choice *choice)
{
    bool silent = false;

    for (size_t i = 0; i < choice->who->n_devices; i++)
        silent |= choice->track->devices[i]->silent != 0;
    return silent;
}

static void look(struct choice *choice)
{
    const struct question *question = choice->question;
    struct surroundings *around = choice->surroundings;

    if (around->looked && question->cause == CAUSE_PING)
        return;
    find_live(choice);
    find_heads(choice);
    around->told = forget_silences(choice);
    look_where_heard(choice, question->cause == CAUSE_PING ? question->now : question->at);
}

static void choose(struct choice *choice)
{
    const struct question *question = choice->question;
    bool of_ping = question->cause == CAUSE_PING;

    look(choice);
    add_live(choice);
    for (size_t i = 0; i < choice->surroundings->n_heads; i++)
        add(choice, choice->surroundings->heads[i]);
    if (!of_ping || any_silent(choice))
        add_where_heard(choice);
    if (of_ping && ping_has_place(&question->ping))
        add_by_ping(choice);
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
    struct choice choice = { .watch = watch,
                             .who = who,
                             .track = track,
                             .question = question,
                             .surroundings = surroundings };

    out->all = who->n_exclusions <= VICINITY_ALL;
    out->mark = 0;
    out->n = 0;
    out->told = 0;
    if (out->all)
        return;
    choose(&choice);
    out->told = surroundings->told;
    for (size_t word = 0; word < WORDS; word++) {
        // A zone that was chosen each turn.
        for (uint64_t left = choice.bits[word]; left != 0; left &= left - 1)
            out->zones[out->n++] = (uint16_t)(64 * word + (size_t)__builtin_ctzll(left));
    }
    out->mark = mark_of(out);
}

/* Of who is silent, and was told to be with zones in reach: those that have bound ever since. */
static void note_told(const struct watch *watch, const struct vicinity *vicinity, struct utc at)
{
    for (size_t d = 0; vicinity->told != 0 && d < vicinity->who.n_devices; d++) {
        struct utc told = vicinity->track.devices[d]->troubles[TROUBLE_SILENT].told;

        if ((vicinity->told >> d & 1) == 0 || vicinity->track.devices[d]->silent == 0)
            continue;
        for (size_t i = 0; i < vicinity->n; i++) {
            if (reach_binds(watch, vicinity->exclusions[i], told) &&
                exclusion_next(vicinity->exclusions[i], watch->civil, told).ms > at.ms)
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
    note_told(watch, out, question->cause == CAUSE_PING ? question->now : question->at);
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
    surroundings->looked = surroundings->n_live <= ZONES_OVER_ONE_PLACE_MAX;
    for (size_t i = 0; i < vicinity->n; i++) {
        if (goes_on(vicinity->incidents[i], now))
            surroundings->live[n++] = vicinity->zones[i];
    }
    surroundings->n_live = n;
}
