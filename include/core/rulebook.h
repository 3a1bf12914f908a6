/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebook.h - devices, respondents, orders and zones as one whole:
 * built, sealed, never changed again.
 */
#ifndef CORE_RULEBOOK_H
#define CORE_RULEBOOK_H

#include "core/order.h"

enum { RESPONDENT_DEVICES_MAX = 8 };

/*
 * Zones of one respondent, over all the orders that have some. Of more than ZONES_ALWAYS_ASKED of
 * them one question is asked about QUESTION_ZONES_MAX at most, see vicinity.h; so that those that
 * hold each of his devices are among them, ZONES_OVER_ONE_PLACE_MAX may reach over all the places
 * of his devices together, each with its ring.
 */
enum {
    RESPONDENT_ZONES_MAX = 4096,
    RESPONDENT_ORDERS_MAX = 32,
    ZONES_ALWAYS_ASKED = 32,
    ZONES_OVER_ONE_PLACE_MAX = 128,
    QUESTION_ZONES_MAX = 256
};

/* Of who has more than ZONES_ALWAYS_ASKED and so many devices: how many may lie over one place. */
size_t rulebook_zones_over_one_place(size_t devices);

struct respondent {
    const char *id;
    const char **devices;
    size_t n_devices;
    const struct exclusion **exclusions; /* of all orders that bind this respondent */
    size_t n_exclusions;
};

/* Of the first of his orders in force at `at` that has one; else of the first that has; or NULL. */
const char *respondent_area(const struct respondent *who, struct utc at);

struct rulebook;

/* How much will be added, at the most. */
struct rulebook_room {
    size_t orders, devices, zones, permits;
};

/* Copies region and civil. NULL when memory is out. */
struct rulebook *rulebook_create(const struct lonlat_box *region, const struct civil *civil,
                                 struct rulebook_room room);
void rulebook_destroy(struct rulebook *rulebook); /* NULL is fine */

/*
 * Orders first, then zones, then permits, then seal. Everything is copied. A refusal ("what: why")
 * leaves the rulebook as it was, so that the next one can be tried and all complaints be shown.
 */
bool rulebook_add_order(struct rulebook *rulebook, const struct order *order,
                        const char *const *devices, size_t n_devices, struct fault *why);

/* A zone as written: a circle if `text` is NULL. */
struct zone_draft {
    const char *order, *name;
    struct lonlat centre;
    double radius;
    enum zone_format format;
    const char *text;
    double buffer, warn;             /* metres */
    const struct schedule *schedule; /* NULL: always */
};

bool rulebook_add_zone(struct rulebook *rulebook, const struct zone_draft *draft,
                       struct fault *why);
bool rulebook_add_permit(struct rulebook *rulebook, const char *order, const struct permit *permit,
                         struct fault *why);
bool rulebook_seal(struct rulebook *rulebook, struct fault *why); /* false: memory is out */

/*
 * Of a sealed one: whether more zones of respondent number `nth` reach over one place than
 * rulebook_zones_over_one_place() says, by the boxes around each with its ring. Then why says at
 * which zone.
 */
bool rulebook_overlap(const struct rulebook *rulebook, size_t nth, struct fault *why);

/* A sealed rulebook answers. Respondents, orders and exclusions are numbered from 0. */
struct rulebook_counts {
    size_t orders, respondents, devices, exclusions;
};

struct rulebook_counts rulebook_counts(const struct rulebook *rulebook);
const struct civil *rulebook_civil(const struct rulebook *rulebook);
const struct order *rulebook_order(const struct rulebook *rulebook, size_t nth);
const struct exclusion *rulebook_exclusion(const struct rulebook *rulebook, size_t nth);
const struct respondent *rulebook_respondent(const struct rulebook *rulebook, size_t nth);

/* Whose device it is, and which of theirs. */
bool rulebook_find_device(const struct rulebook *rulebook, const char *device,
                          size_t *out_respondent, size_t *out_device);
bool rulebook_find_order(const struct rulebook *rulebook, const char *id, size_t *out_nth);
bool rulebook_find_respondent(const struct rulebook *rulebook, const char *id, size_t *out_nth);
bool rulebook_find_exclusion(const struct rulebook *rulebook, const char *subject, size_t *out_nth);

#endif
