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

static struct place *find(const struct http_quota *crowd, uint64_t key)
{
    size_t i = hash(key) & (crowd->room - 1);

    while (crowd->places[i].key != 0 && crowd->places[i].key != key)
        i = (i + 1) & (crowd->room - 1);
    return &crowd->places[i];
}

static bool make_room(struct http_quota *crowd)
{
    struct http_quota larger = { .room = crowd->room * 2, .used = crowd->used };

    if (crowd->used * 2 < crowd->room)
        return true;
    larger.places = calloc(larger.room, sizeof *larger.places);
    if (larger.places == NULL)
        return false;
    for (size_t i = 0; i < crowd->room; i++) {
        if (crowd->places[i].key != 0)
            *find(&larger, crowd->places[i].key) = crowd->places[i];
    }
    free(crowd->places);
    *crowd = larger;
    return true;
}

struct http_quota *http_quota_create(void)
{
    struct http_quota *crowd = calloc(1, sizeof *crowd);

    if (crowd == NULL)
        return NULL;
    crowd->room = ROOM_MIN;
    crowd->places = calloc(crowd->room, sizeof *crowd->places);
    if (crowd->places == NULL) {
        free(crowd);
        return NULL;
    }
    return crowd;
}

void http_quota_destroy(struct http_quota *crowd)
{
    if (crowd == NULL)
        return;
    free(crowd->places);
    free(crowd);
}

bool http_quota_enter(struct http_quota *crowd, uint64_t key, size_t limit)
{
    struct place *place;

    if (key == 0)
        return true;
    if (!make_room(crowd))
        return false;
    place = find(crowd, key);
    if (place->n >= limit)
        return false;
    crowd->used += place->key == 0;
    place->key = key;
    place->n++;
    return true;
}

/* The places behind a freed one move up, so that whoever was pushed on is still found. */
static void close_gap(struct http_quota *crowd, size_t gap)
{
    size_t mask = crowd->room - 1;

    for (size_t i = (gap + 1) & mask; crowd->places[i].key != 0; i = (i + 1) & mask) {
        size_t home = hash(crowd->places[i].key) & mask;

        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        crowd->places[gap] = crowd->places[i];
        gap = i;
    }
    crowd->places[gap] = (struct place){ 0 };
}

void http_quota_leave(struct http_quota *crowd, uint64_t key)
{
    struct place *place = key == 0 ? NULL : find(crowd, key);

    if (place == NULL || place->key == 0 || --place->n > 0)
        return;
    crowd->used--;
    close_gap(crowd, (size_t)(place - crowd->places));
}

/* ---- who keeps failing ---- */

static double failures_left(const struct strike *strike, struct tick now)
{
    double left = strike->n - (double)(now.ms - strike->since.ms) / STRIKE_FORGIVEN_MS;

    return strike->key != 0 && left > 0 ? left : 0;
}

int auth_failures_add(struct auth_failures *strikes, uint64_t key, struct tick now)
{
    struct strike *set = &strikes->rows[hash(key) % (AUTH_FAILURES_ROWS / WAYS) * WAYS], *row = set;
    double n;

    if (key == 0)
        return 0;
    for (struct strike *one = set; one < set + WAYS; one++) {
        if (one->key == key) {
            row = one;
            break;
        }
        if (failures_left(one, now) < failures_left(row, now))
            row = one;
    }
    n = row->key == key ? failures_left(row, now) : 0;
    // Never so many that two minutes would not make up for them.
    *row =
        (struct strike){ key, n < 2 * AUTH_FAILURES_MAX - 1 ? n + 1 : 2 * AUTH_FAILURES_MAX, now };
    return (int)ceil(row->n);
}
