/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_redis.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <hiredis.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

enum { GUESTS_MAX = 32, HEARD_MAX_CHARS = 160, REPLY_MAX_CHARS = 256 };

struct guest {
    struct fake_redis *fake;
    struct bufferevent *bev; // NULL: a free place
    redisReader *reader;
    struct evbuffer *slowly; // said a byte at a time
    const char *flood;
    bool leaves; // hangs up when all is said
};

struct fake_redis {
    struct event_base *base;
    struct evconnlistener *listener;
    char path[ENDPOINT_PATH_MAX];
    int port;
    struct guest guests[GUESTS_MAX];
    struct fake_habit habits[FAKE_HABITS_MAX];
    int uses[FAKE_HABITS_MAX];
    size_t n_habits;
    int connections;
    char heard[FAKE_HEARD_MAX][HEARD_MAX_CHARS]; // a ring: the newest ones
    size_t n_heard;
    bool garbled;
    uint64_t last, epoch;
    char last_id[HEARD_MAX_CHARS];
    int times[FAKE_SEQUENCE_MAX];
};

static void guest_free(struct guest *guest)
{
    if (guest->bev == NULL)
        return;
    bufferevent_free(guest->bev);
    redisReaderFree(guest->reader);
    evbuffer_free(guest->slowly);
    *guest = (struct guest){ 0 };
}

static struct fake_habit habit_for(struct fake_redis *fake, const char *command)
{
    for (size_t i = fake->n_habits; i-- > 0;) {
        struct fake_habit habit = fake->habits[i];
        bool fits =
            habit.command == NULL ? command[0] != '\0' : strcasecmp(habit.command, command) == 0;

        if (!fits || (habit.times > 0 && fake->uses[i] == habit.times))
            continue;
        fake->uses[i]++;
        return habit;
    }
    return (struct fake_habit){ .manner = FAKE_ANSWERS };
}

static const char *word(const redisReply *command, size_t nth)
{
    return nth < command->elements ? command->element[nth]->str : "";
}

static void stand(struct fake_redis *fake, const redisReply *command, size_t nth)
{
    fake->last = strtoull(word(command, nth), NULL, 10);
    snprintf(fake->last_id, sizeof fake->last_id, "%s", word(command, nth + 2));
    fake->times[fake->last % FAKE_SEQUENCE_MAX]++;
}

/*
 * script_send: EVALSHA sha 5 stream open last todo acks site epoch before keep, and ten an alert.
 */
static void run_send(struct fake_redis *fake, const redisReply *command,
                     char reply[REPLY_MAX_CHARS])
{
    uint64_t epoch = strtoull(word(command, 9), NULL, 10);
    uint64_t before = strtoull(word(command, 10), NULL, 10);

    if (epoch != fake->epoch || before != fake->last) {
        snprintf(reply, REPLY_MAX_CHARS, "-GAP the stream holds %" PRIu64 "\r\n", fake->last);
        return;
    }
    for (size_t nth = 12; nth < command->elements; nth += 10)
        stand(fake, command, nth);
    snprintf(reply, REPLY_MAX_CHARS, "+%" PRIu64 "\r\n", fake->last);
}

/* script_where, whose first key is the stream; script_begin: … 5 keys, site at from id. */
static void run_text(struct fake_redis *fake, const redisReply *command,
                     char reply[REPLY_MAX_CHARS])
{
    char where[REPLY_MAX_CHARS / 2];

    if (strstr(word(command, 3), ":alerts") != NULL) {
        snprintf(where, sizeof where,
                 "%" PRIu64 " %" PRIu64 " 1-1 1 %.30s %.30s 1-1 stands 0 0 0 0", fake->last,
                 fake->last, fake->last_id, fake->last_id);
        snprintf(reply, REPLY_MAX_CHARS, "$%zu\r\n%s\r\n", strlen(where), where);
        return;
    }
    fake->last = strtoull(word(command, 10), NULL, 10);
    snprintf(reply, REPLY_MAX_CHARS, ":%" PRIu64 "\r\n", ++fake->epoch);
}

static void answer(struct fake_redis *fake, const redisReply *command, char reply[REPLY_MAX_CHARS])
{
    const char *name = word(command, 0);

    if (strcasecmp(name, "PING") == 0)
        strcpy(reply, "+PONG\r\n");
    else if (strcasecmp(name, "SCRIPT") == 0)
        snprintf(reply, REPLY_MAX_CHARS, "$40\r\n%040d\r\n", 7);
    else if (strcasecmp(name, "EVAL") == 0)
        run_text(fake, command, reply);
    else if (strcasecmp(name, "EVALSHA") == 0)
        run_send(fake, command, reply);
    else if (strcasecmp(name, "PUBLISH") == 0 || strcasecmp(name, "DEL") == 0 ||
             strcasecmp(name, "HSET") == 0)
        strcpy(reply, ":0\r\n");
    else
        strcpy(reply, "+OK\r\n");
}

/* The next byte of what is said slowly, or the flood; then, perhaps, the end. */
static void on_said(struct bufferevent *bev, void *arg)
{
    struct guest *guest = arg;
    char byte;

    if (guest->flood != NULL)
        bufferevent_write(bev, guest->flood, strlen(guest->flood));
    else if (evbuffer_remove(guest->slowly, &byte, 1) == 1)
        bufferevent_write(bev, &byte, 1);
    else if (guest->leaves)
        guest_free(guest);
}

static void say(struct guest *guest, const char *bytes, bool slowly)
{
    if (slowly) {
        evbuffer_add(guest->slowly, bytes, strlen(bytes));
        on_said(guest->bev, guest);
    } else {
        bufferevent_write(guest->bev, bytes, strlen(bytes));
    }
}

static void flood(struct guest *guest, const char *bytes)
{
    const char *end = strchr(bytes, '\n');

    assert_non_null(end);
    bufferevent_write(guest->bev, bytes, (size_t)(end + 1 - bytes));
    guest->flood = end + 1;
}

/* False when the guest has gone. */
static bool act(struct guest *guest, struct fake_habit habit, const redisReply *command)
{
    char reply[REPLY_MAX_CHARS] = "";

    if (command != NULL && (habit.manner == FAKE_ANSWERS || habit.manner == FAKE_DRIBBLES ||
                            habit.manner == FAKE_DOES_AND_CLOSES))
        answer(guest->fake, command, reply);
    switch (habit.manner) {
    case FAKE_ANSWERS:
    case FAKE_DRIBBLES:
        say(guest, reply, habit.manner == FAKE_DRIBBLES);
        return true;
    case FAKE_SAYS:
        say(guest, habit.bytes, false);
        return true;
    case FAKE_SAYS_AND_CLOSES:
        guest->leaves = habit.bytes[0] != '\0';
        say(guest, habit.bytes, false);
        bufferevent_disable(guest->bev, EV_READ);
        if (!guest->leaves)
            guest_free(guest);
        return false;
    case FAKE_DOES_AND_CLOSES:
        guest_free(guest);
        return false;
    case FAKE_FLOODS:
        flood(guest, habit.bytes);
        return true;
    case FAKE_SILENT:
        return true;
    }
    return true;
}

static void hear(struct fake_redis *fake, const redisReply *command)
{
    char *line = fake->heard[fake->n_heard++ % FAKE_HEARD_MAX];
    int used = 0;

    for (size_t i = 0; i < command->elements && used < HEARD_MAX_CHARS - 1; i++)
        used += snprintf(line + used, (size_t)(HEARD_MAX_CHARS - used), "%s%s", i > 0 ? " " : "",
                         word(command, i));
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct guest *guest = arg;
    struct fake_redis *fake = guest->fake;
    char piece[4096];
    bool here = true;
    size_t n;

    while (here && (n = bufferevent_read(bev, piece, sizeof piece)) > 0) {
        void *command = NULL;

        redisReaderFeed(guest->reader, piece, n);
        while (here && redisReaderGetReply(guest->reader, &command) == REDIS_OK &&
               command != NULL) {
            const redisReply *words = command;

            if (words->type == REDIS_REPLY_ARRAY && words->elements > 0) {
                hear(fake, words);
                here = act(guest, habit_for(fake, word(words, 0)), words);
            } else {
                fake->garbled = true;
            }
            freeReplyObject(command);
        }
    }
}

static void on_gone(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    (void)what;
    guest_free(arg);
}

static void on_guest(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
                     int length, void *arg)
{
    struct fake_redis *fake = arg;
    struct guest *guest = fake->guests;

    (void)listener;
    (void)from;
    (void)length;
    while (guest->bev != NULL)
        assert_true(++guest < fake->guests + GUESTS_MAX);
    *guest = (struct guest){ .fake = fake,
                             .bev = bufferevent_socket_new(fake->base, fd, BEV_OPT_CLOSE_ON_FREE),
                             .reader = redisReaderCreate(),
                             .slowly = evbuffer_new() };
    assert_true(guest->bev != NULL && guest->reader != NULL && guest->slowly != NULL);
    fake->connections++;
    bufferevent_setcb(guest->bev, on_readable, on_said, on_gone, guest);
    bufferevent_enable(guest->bev, EV_READ | EV_WRITE);
    act(guest, habit_for(fake, ""), NULL);
}

struct fake_redis *fake_redis_create(struct event_base *base, const char *path)
{
    struct fake_redis *fake = calloc(1, sizeof *fake);
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const struct sockaddr *at = path ? (const void *)&un : (const void *)&in;
    socklen_t size = sizeof in;

    assert_non_null(fake);
    fake->base = base;
    strcpy(fake->last_id, "-");
    if (path != NULL) {
        snprintf(fake->path, sizeof fake->path, "%s", path);
        snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
    }
    fake->listener = evconnlistener_new_bind(base, on_guest, fake, LEV_OPT_CLOSE_ON_FREE, 16, at,
                                             path ? (int)sizeof un : (int)sizeof in);
    assert_non_null(fake->listener);
    if (path == NULL) {
        assert_int_equal(getsockname(evconnlistener_get_fd(fake->listener), (void *)&in, &size), 0);
        fake->port = ntohs(in.sin_port);
    }
    return fake;
}

void fake_redis_destroy(struct fake_redis *fake)
{
    if (fake == NULL)
        return;
    fake_redis_hang_up(fake);
    evconnlistener_free(fake->listener);
    if (fake->path[0] != '\0')
        unlink(fake->path);
    free(fake);
}

struct redis_target fake_redis_target(const struct fake_redis *fake)
{
    struct redis_target target = { .host = "127.0.0.1", .port = fake->port, .text = "the fake" };

    memcpy(target.path, fake->path, sizeof target.path);
    return target;
}

void fake_redis_habit(struct fake_redis *fake, struct fake_habit habit)
{
    assert_in_range(fake->n_habits, 0, FAKE_HABITS_MAX - 1);
    fake->uses[fake->n_habits] = 0;
    fake->habits[fake->n_habits++] = habit;
}

void fake_redis_behave(struct fake_redis *fake)
{
    fake->n_habits = 0;
}

void fake_redis_hang_up(struct fake_redis *fake)
{
    for (size_t i = 0; i < GUESTS_MAX; i++)
        guest_free(&fake->guests[i]);
}

void fake_redis_say(struct fake_redis *fake, const char *bytes)
{
    for (size_t i = 0; i < GUESTS_MAX; i++) {
        if (fake->guests[i].bev != NULL)
            say(&fake->guests[i], bytes, false);
    }
}

int fake_redis_connections(const struct fake_redis *fake)
{
    return fake->connections;
}

int fake_redis_guests(const struct fake_redis *fake)
{
    int n = 0;

    for (size_t i = 0; i < GUESTS_MAX; i++)
        n += fake->guests[i].bev != NULL;
    return n;
}

int fake_redis_heard(const struct fake_redis *fake, const char *prefix)
{
    size_t kept = fake->n_heard < FAKE_HEARD_MAX ? fake->n_heard : FAKE_HEARD_MAX;
    int n = 0;

    for (size_t i = 0; i < kept; i++)
        n += strncmp(fake->heard[i], prefix, strlen(prefix)) == 0;
    return n;
}

bool fake_redis_parses(const struct fake_redis *fake)
{
    return !fake->garbled;
}

uint64_t fake_redis_last(const struct fake_redis *fake)
{
    return fake->last;
}

void fake_redis_set_last(struct fake_redis *fake, uint64_t last)
{
    fake->last = last;
}

int fake_redis_times(const struct fake_redis *fake, uint64_t sequence)
{
    return fake->times[sequence % FAKE_SEQUENCE_MAX];
}
