/* SPDX-License-Identifier: Apache-2.0 */
/* load.c - plain sockets under libevent: the generator must cost less than what it measures. */
#include "bench/load.h"

#include "core/plane.h"

#include <arpa/inet.h>
#include <err.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    BATCH_MAX = 1000,
    PING_ROOM = POPULATION_PING_MAX,
    ANSWER_ROOM = 128 * 1024, // a thousand refusals with their reasons
    LAST_ANSWER_S = 10
};

static const double wait_m = 15; // a visitor's distance from the edge, until he crosses it

/* One connection, with at most one request under way. */
struct line {
    struct load *load;
    struct event *readable;
    int fd;
    int64_t due;
    size_t have;
    char answer[ANSWER_ROOM];
};

struct wearer {
    struct utc newest; // times of a device rise
    unsigned turns;
    bool inside; // a visitor who has come
};

void plan_knobs(struct plan *plan, struct knob knobs[PLAN_KNOBS])
{
    const struct knob all[PLAN_KNOBS] = {
        { "port", &plan->port, 1, 65535 },
        { "connections", &plan->connections, 1, 10000 },
        { "batch", &plan->batch, 1, BATCH_MAX },
        { "rate", &plan->rate, 0, 1e7 },
        { "near", &plan->near, 0, 1 },
        { "visitors", &plan->visitors, 0, 1e6 },
        { "seconds", &plan->seconds, 0.1, 3600 },
        { "warm", &plan->warm, 0, 3600 },
        { "people", &plan->people, 1, POPULATION_PEOPLE_MAX },
        { "seed", &plan->seed, 0, UINT32_MAX },
    };

    memcpy(knobs, all, sizeof all);
}

static struct utc now_utc(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (struct utc){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
}

struct event_base *load_base(void)
{
    struct event_config *config = needed(event_config_new());
    struct event_base *base;

    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    base = needed(event_base_new_with_config(config));
    event_config_free(config);
    return base;
}

/* When this person steps inside; he may have no turn after it. */
static int64_t visits_at(const struct load *load, unsigned who)
{
    return load->counted + (int64_t)(population_dice((unsigned)load->plan.seed, who, DICE_WHEN) *
                                     load->plan.seconds * 1e6);
}

/*
 * Metres north of home: far off; one step in, one step out; or waiting, and then inside for good.
 */
static double stand(struct load *load, unsigned who, int64_t due, bool *out_visits)
{
    const struct plan *plan = &load->plan;
    struct wearer *wearer = &load->wearers[who];
    double dice = population_dice((unsigned)plan->seed, who, DICE_NEAR);
    unsigned turns = wearer->turns++;

    *out_visits = false;
    if (dice < plan->near || dice >= plan->near + plan->visitors / plan->people)
        return population_north((unsigned)plan->seed, who, plan->near, turns);
    *out_visits = !wearer->inside && due >= visits_at(load, who);
    wearer->inside = wearer->inside || *out_visits;
    return POPULATION_RADIUS_M + (wearer->inside ? -POPULATION_STEP_M : wait_m);
}

/* Writes the next ping of the person whose turn it is; its length. */
static size_t write_ping(struct load *load, struct utc now, int64_t due, char *out)
{
    unsigned who = load->next;
    struct wearer *wearer = &load->wearers[who];
    char time[UTC_TEXT_MAX];
    bool visits;
    double north = stand(load, who, due, &visits);

    load->next = who + 1 == (unsigned)load->plan.people ? 0 : who + 1;
    wearer->newest.ms = now.ms > wearer->newest.ms ? now.ms : wearer->newest.ms + 1;
    utc_print(wearer->newest, time);
    if (visits && load->on_visit != NULL)
        load->on_visit(load->arg, who, time, due);
    return population_ping(out, (unsigned)load->plan.seed, who, time, north);
}

static size_t write_body(struct load *load, int64_t due)
{
    unsigned batch = (unsigned)load->plan.batch;
    struct utc now = now_utc();
    size_t n;

    if (batch == 1)
        return write_ping(load, now, due, load->body);
    load->body[0] = '[';
    n = 1;
    for (unsigned i = 0; i < batch; i++) {
        n += write_ping(load, now, due, load->body + n);
        load->body[n++] = i + 1 < batch ? ',' : ']';
    }
    return n;
}

/* The line is idle, so its socket's buffer is empty and takes the whole request. */
static void line_ask(struct line *line, int64_t due)
{
    size_t n = write_body(line->load, due);
    char head[128];
    int head_n = snprintf(head, sizeof head,
                          "POST /v1/pings HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                          "application/json\r\nContent-Length: %zu\r\n\r\n",
                          n);
    struct iovec parts[] = { { head, (size_t)head_n }, { line->load->body, n } };
    ssize_t written = writev(line->fd, parts, 2);

    if (written < 0)
        err(1, "write to breachd");
    if ((size_t)written != n + (size_t)head_n)
        errx(1, "a socket did not take a whole request");
    line->due = due;
}

/* Sends what is due on the lines that are idle, and wakes up again when more is. */
static void load_feed(struct load *load)
{
    const struct plan *plan = &load->plan;
    size_t connections = (size_t)plan->connections;
    int64_t now = now_us();

    while (load->n_idle > 0 && now < load->over) {
        int64_t due =
            plan->rate == 0
                ? now
                : load->begun + (int64_t)((double)load->sent * plan->batch * 1e6 / plan->rate);
        if (due > now) {
            struct timeval wait = { (due - now) / 1000000, (due - now) % 1000000 };

            event_add(load->pace, &wait);
            return;
        }
        line_ask(load->idle[load->idle_first], due);
        load->idle_first = (load->idle_first + 1) % connections;
        load->n_idle--;
        load->sent++;
        now = now_us();
    }
    if (now >= load->over && load->n_idle == connections)
        event_base_loopbreak(load->base);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    load_feed(arg);
}

/* The body, when all of the answer is there; NULL until then. */
static const char *answer_body(const char *answer, size_t n)
{
    const char *end = strstr(answer, "\r\n\r\n");
    const char *length = end ? strcasestr(answer, "\r\nContent-Length:") : NULL;

    if (end == NULL)
        return NULL;
    if (length == NULL || length > end)
        errx(1, "an answer without Content-Length: %.200s", answer);
    end += 4;
    return (size_t)(end - answer) + strtoul(length + 17, NULL, 10) <= n ? end : NULL;
}

static void load_count(struct load *load, const struct line *line, const char *body)
{
    const char *accepted = strstr(body, "\"accepted\":");
    unsigned long batch = (unsigned long)load->plan.batch, taken = 0;
    bool fine = strncmp(line->answer, "HTTP/1.1 200", 12) == 0;

    if (fine && accepted != NULL)
        taken = strtoul(accepted + 11, NULL, 10);
    if (taken > batch)
        errx(1, "breachd took %lu of %lu pings", taken, batch);
    if (taken < batch && load->complaint[0] == '\0')
        snprintf(load->complaint, sizeof load->complaint, "%.12s: %.200s", line->answer, body);
    if (!load_counts(load, line->due))
        return;
    samples_add(&load->waits, now_us() - line->due);
    load->accepted += taken;
    load->rejected += fine ? batch - taken : 0;
    load->turned_away += !fine;
}

static void on_answer(evutil_socket_t fd, short what, void *arg)
{
    struct line *line = arg;
    struct load *load = line->load;
    ssize_t n = recv(fd, line->answer + line->have, ANSWER_ROOM - 1 - line->have, 0);
    const char *body;

    (void)what;
    if (n < 0)
        err(1, "read from breachd");
    if (n == 0)
        errx(1, "breachd closed a connection, or its answer is too long");
    line->have += (size_t)n;
    line->answer[line->have] = '\0';
    body = answer_body(line->answer, line->have);
    if (body == NULL)
        return;
    load_count(load, line, body);
    line->have = 0;
    load->idle[(load->idle_first + load->n_idle++) % (size_t)load->plan.connections] = line;
    load_feed(load);
}

static void line_open(struct line *line, struct load *load)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)load->plan.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int room = BATCH_MAX * PING_ROOM, on = 1;

    line->load = load;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line->fd < 0 || setsockopt(line->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room) != 0 ||
        setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        connect(line->fd, (struct sockaddr *)&to, sizeof to) != 0 ||
        evutil_make_socket_nonblocking(line->fd) != 0)
        err(1, "127.0.0.1:%.0f", load->plan.port);
    line->readable = needed(event_new(load->base, line->fd, EV_READ | EV_PERSIST, on_answer, line));
    event_add(line->readable, NULL);
}

static void load_begin(struct load *load)
{
    const struct plan *plan = &load->plan;
    size_t connections = (size_t)plan->connections;

    // Two requests with the same device under way could overtake each other.
    if (plan->people < plan->connections * plan->batch)
        errx(2, "%g people are too few for %g connections with %g pings a request", plan->people,
             plan->connections, plan->batch);
    load->lines = needed(calloc(connections, sizeof *load->lines));
    load->idle = needed(calloc(connections, sizeof(struct line *)));
    load->wearers = needed(calloc((size_t)plan->people, sizeof *load->wearers));
    load->body = needed(malloc((size_t)plan->batch * PING_ROOM + 2));
    load->pace = needed(evtimer_new(load->base, on_due, load));
    for (; load->n_idle < connections; load->n_idle++) {
        line_open(&load->lines[load->n_idle], load);
        load->idle[load->n_idle] = &load->lines[load->n_idle];
    }
    load->begun = now_us();
    load->counted = load->begun + (int64_t)(plan->warm * 1e6);
    load->over = load->counted + (int64_t)(plan->seconds * 1e6);
}

void load_run(struct load *load)
{
    struct timeval limit = { 0 };

    load_begin(load);
    limit.tv_sec = (load->over - load->begun) / 1000000 + LAST_ANSWER_S;
    event_base_loopexit(load->base, &limit);
    load_feed(load);
    event_base_dispatch(load->base);
    if (load->n_idle < (size_t)load->plan.connections)
        errx(1, "%zu requests without an answer after %d s",
             (size_t)load->plan.connections - load->n_idle, LAST_ANSWER_S);
}

void load_fini(struct load *load)
{
    for (size_t i = 0; load->lines != NULL && i < (size_t)load->plan.connections; i++) {
        event_free(load->lines[i].readable);
        close(load->lines[i].fd);
    }
    if (load->pace != NULL)
        event_free(load->pace);
    free(load->body);
    free(load->wearers);
    free(load->idle);
    free(load->lines);
    free(load->waits.us);
}
