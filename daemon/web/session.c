/* SPDX-License-Identifier: Apache-2.0 */
#include "web/session.h"

#include "adapter/digest.h"

#include <stdlib.h>
#include <string.h>

struct sessions {
    struct session_limits limits;
    uint64_t numbered; // so many were ever begun
    struct session rows[SESSIONS_MAX];
};

struct sessions *sessions_create(const struct session_limits *limits)
{
    struct sessions *sessions = calloc(1, sizeof *sessions);

    if (sessions != NULL)
        sessions->limits = *limits;
    return sessions;
}

void sessions_destroy(struct sessions *sessions)
{
    if (sessions == NULL)
        return;
    explicit_bzero(sessions, sizeof *sessions);
    free(sessions);
}

void session_end(struct session *session)
{
    explicit_bzero(session, sizeof *session);
}

static bool is_over(const struct sessions *sessions, const struct session *session, struct tick now)
{
    return now.ms - session->begun.ms >= sessions->limits.absolute_ms ||
           (session->streams == 0 && now.ms - session->used.ms >= sessions->limits.idle_ms);
}

/* Who listens asks all the while: of two, the one that may go first. */
static struct session *idler(struct session *one, struct session *other)
{
    if (one == NULL || other == NULL)
        return one == NULL ? other : one;
    if ((one->streams == 0) != (other->streams == 0))
        return one->streams == 0 ? one : other;
    return other->used.ms < one->used.ms ? other : one;
}

/* A free place, or that of the longest idle of one who has too many already; NULL: none. */
static struct session *find_place(struct sessions *sessions, const char *name)
{
    struct session *free_one = NULL, *oldest = NULL;
    size_t n = 0;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *row = &sessions->rows[i];

        if (row->number == 0) {
            free_one = free_one != NULL ? free_one : row;
        } else if (strcmp(row->user.name, name) == 0) {
            n++;
            oldest = idler(oldest, row);
        }
    }
    return n >= SESSIONS_OF_ONE_MAX ? oldest : free_one;
}

struct session *session_begin(struct sessions *sessions, const struct user *user, struct tick now,
                              char out_id[SECRET_HEX], bool *out_ended)
{
    struct session *place = find_place(sessions, user->name);
    struct session fresh = { .user = *user, .begun = now, .used = now };

    if (place == NULL || !secret_make(out_id) || !secret_make(fresh.csrf) ||
        !digest_of(out_id, SECRET_HEX - 1, fresh.id))
        return NULL;
    fresh.number = ++sessions->numbered;
    *out_ended = place->number != 0;
    *place = fresh;
    return place;
}

struct session *session_find(struct sessions *sessions, const char *id, struct tick now)
{
    unsigned char digest[SECRET_BYTES];
    struct session *found = NULL;

    if (!digest_of(id, strlen(id), digest))
        return NULL;
    for (size_t i = 0; i < SESSIONS_MAX && found == NULL; i++) {
        struct session *row = &sessions->rows[i];

        if (row->number != 0 && secret_equal(row->id, digest, sizeof digest))
            found = row;
    }
    if (found == NULL || is_over(sessions, found, now))
        return NULL;
    found->used = now;
    return found;
}

struct session *session_numbered(struct sessions *sessions, uint64_t number)
{
    for (size_t i = 0; number != 0 && i < SESSIONS_MAX; i++) {
        if (sessions->rows[i].number == number)
            return &sessions->rows[i];
    }
    return NULL;
}

bool sessions_expire(struct sessions *sessions, struct tick now)
{
    bool some = false;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *row = &sessions->rows[i];

        if (row->number == 0 || !is_over(sessions, row, now))
            continue;
        session_end(row);
        some = true;
    }
    return some;
}

static bool same_user(const struct user *one, const struct user *other)
{
    return one->role == other->role && one->has_password == other->has_password &&
           (!one->has_password ||
            memcmp(&one->password, &other->password, sizeof one->password) == 0);
}

bool sessions_check(struct sessions *sessions, const struct users *users)
{
    bool some = false;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *row = &sessions->rows[i];
        const struct user *user = row->number != 0 ? users_find(users, row->user.name) : NULL;

        if (row->number == 0 || (user != NULL && same_user(user, &row->user)))
            continue;
        session_end(row);
        some = true;
    }
    return some;
}

unsigned sessions_streams_of(const struct sessions *sessions, const char *name)
{
    unsigned n = 0;

    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        const struct session *row = &sessions->rows[i];

        n += row->streams > 0 && strcmp(row->user.name, name) == 0 ? row->streams : 0;
    }
    return n;
}

size_t sessions_count(const struct sessions *sessions)
{
    size_t n = 0;

    for (size_t i = 0; i < SESSIONS_MAX; i++)
        n += sessions->rows[i].number != 0;
    return n;
}
