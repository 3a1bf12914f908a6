/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/http_quota.h"

#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 64, WAYS = 4 };

uint64_t http_quota_key(const struct sockaddr *address)
{
    uint64_t key = 0;

    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;

        return UINT64_C(1) << 32 | ntohl(in->sin_addr.s_addr);
    }
    if (address->sa_family == AF_INET6) {
        const struct in6_addr *in6 =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        size_t from = IN6_IS_ADDR_V4MAPPED(in6) ? 12 : 0;

        for (size_t i = from; i < (from ? 16 : 8); i++)
            key = key << 8 | in6->s6_addr[i];
        return from ? UINT64_C(1) << 32 | key : key | (key == 0); // ::1 has no 64 bits of its own
    }
    return 0;
}

/* ---- who is here: open addressing, without tombstones ---- */

struct place {
    uint64_t key; // 0: free
    size_t n;
};

struct http_quota {
    struct place *places;
    size_t room, used; // room: a power of two, never more than half used
};

/* Spread over all bits, so that the neighbours of one network do not sit side by side. */
static size_t hash(uint64_t key)
{
    key *= UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(key >> 32);
}

static struct place *find(const struct http_quota *quota, uint64_t key)
{
    size_t i = hash(key) & (quota->room - 1);

    while (quota->places[i].key != 0 && quota->places[i].key != key) // there always is a free place
        i = (i + 1) & (quota->room - 1);
    return &quota->places[i];
}

static bool grow(struct http_quota *quota)
{
    struct http_quota larger = { .room = quota->room * 2, .used = quota->used };

    if (quota->used * 2 < quota->room)
        return true;
    larger.places = calloc(larger.room, sizeof *larger.places);
    if (larger.places == NULL)
        return false;
    for (size_t i = 0; i < quota->room; i++) {
        if (quota->places[i].key != 0)
            *find(&larger, quota->places[i].key) = quota->places[i];
    }
    free(quota->places);
    *quota = larger;
    return true;
}

struct http_quota *http_quota_create(void)
{
    struct http_quota *quota = calloc(1, sizeof *quota);

    if (quota == NULL)
        return NULL;
    quota->room = ROOM_MIN;
    quota->places = calloc(quota->room, sizeof *quota->places);
    if (quota->places == NULL) {
        free(quota);
        return NULL;
    }
    return quota;
}

void http_quota_destroy(struct http_quota *quota)
{
    if (quota == NULL)
        return;
    free(quota->places);
    free(quota);
}

bool http_quota_enter(struct http_quota *quota, uint64_t key, size_t limit)
{
    struct place *place;

    if (key == 0)
        return true;
    if (!grow(quota))
        return false;
    place = find(quota, key);
    if (place->n >= limit)
        return false;
    quota->used += place->key == 0;
    place->key = key;
    place->n++;
    return true;
}

/* The places behind a freed one move up, so that whoever was pushed on is still found. */
static void close_gap(struct http_quota *quota, size_t gap)
{
    size_t mask = quota->room - 1;

    // There always is a free place.
    for (size_t i = (gap + 1) & mask; quota->places[i].key != 0; i = (i + 1) & mask) {
        size_t home = hash(quota->places[i].key) & mask;

        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        quota->places[gap] = quota->places[i];
        gap = i;
    }
    quota->places[gap] = (struct place){ 0 };
}

void http_quota_leave(struct http_quota *quota, uint64_t key)
{
    struct place *place = key == 0 ? NULL : find(quota, key);

    if (place == NULL || place->key == 0 || --place->n > 0)
        return;
    quota->used--;
    close_gap(quota, (size_t)(place - quota->places));
}

/* ---- who keeps failing ---- */

static double failures_left(const struct auth_failure *failure, struct tick now)
{
    double left = failure->n - (double)(now.ms - failure->since.ms) / AUTH_FAILURE_FORGIVEN_MS;

    return failure->key != 0 && left > 0 ? left : 0;
}

static size_t set_of(uint64_t key)
{
    return hash(key) % (AUTH_FAILURES_ROWS / WAYS) * WAYS;
}

int auth_failures_now(const struct auth_failures *failures, uint64_t key, struct tick now)
{
    const struct auth_failure *set = &failures->rows[set_of(key)];

    for (const struct auth_failure *one = set; key != 0 && one < set + WAYS; one++) {
        if (one->key == key)
            return (int)ceil(failures_left(one, now));
    }
    return 0;
}

int auth_failures_add(struct auth_failures *failures, uint64_t key, struct tick now)
{
    struct auth_failure *set = &failures->rows[set_of(key)], *row = set;
    double n;

    if (key == 0)
        return 0;
    for (struct auth_failure *one = set; one < set + WAYS; one++) {
        if (one->key == key) {
            row = one;
            break;
        }
        if (failures_left(one, now) < failures_left(row, now))
            row = one;
    }
    n = row->key == key ? failures_left(row, now) : 0;
    // At most so many failures that two minutes forgive them.
    *row =
        (struct auth_failure){ key, n < 2 * AUTH_FAILURES_MAX - 1 ? n + 1 : 2 * AUTH_FAILURES_MAX,
                               now };
    return (int)ceil(row->n);
}
