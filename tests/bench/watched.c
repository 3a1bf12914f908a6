/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watched.c - what somebody at `breachctl watch` sees, read from a pipe as a terminal would:
 *
 *     watched visits REDIS-SOCKET BREACHCTL --rate R …   from the POST to the line of its alert
 *     watched stream REDIS-SOCKET BREACHCTL --rate R --seconds S
 *                     made-up alerts into the stream: whether all lines come, how late,
 *                     what it costs
 *
 * breachctl keeps its place under XDG_STATE_HOME.
 */
#include "bench/visits.h"

#include <err.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LAST_LINE_S = 10, STEP_US = 1000 };

/* breachctl at the other end of a pipe. */
struct window {
    pid_t pid;
    int fd;
    struct evbuffer *said;
    struct event *readable;
    void (*on_line)(const char *line, int64_t now, void *arg);
    void *arg;
};

static void on_said(evutil_socket_t fd, short what, void *arg)
{
    struct window *window = arg;
    int64_t now = now_us();
    char *line;

    (void)what;
    if (evbuffer_read(window->said, fd, -1) <= 0)
        errx(1, "breachctl watch came to an end");
    while ((line = evbuffer_readln(window->said, NULL, EVBUFFER_EOL_LF)) != NULL) {
        window->on_line(line, now, window->arg);
        free(line);
    }
}

static void window_open(struct window *window, struct event_base *base, const char *socket,
                        const char *breachctl, const char *how)
{
    char url[256];
    int ends[2];

    snprintf(url, sizeof url, "unix:%s", socket);
    if (pipe2(ends, O_CLOEXEC) != 0 || (window->pid = fork()) < 0)
        err(1, "%s", breachctl);
    if (window->pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(breachctl, breachctl, "watch", "--redis", url, how, NULL);
        err(127, "%s", breachctl);
    }
    close(ends[1]);
    window->fd = ends[0];
    evutil_make_socket_nonblocking(window->fd);
    window->said = needed(evbuffer_new());
    window->readable = needed(event_new(base, window->fd, EV_READ | EV_PERSIST, on_said, window));
    event_add(window->readable, NULL);
}

/* The seconds of processor time that it used. */
static double window_close(struct window *window)
{
    struct rusage used;
    int status;

    kill(window->pid, SIGINT);
    if (wait4(window->pid, &status, 0, &used) != window->pid || status != 0)
        errx(1, "breachctl watch ended with status 0x%x", (unsigned)status);
    event_free(window->readable);
    evbuffer_free(window->said);
    close(window->fd);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ---- visits ---- */

static void on_event(const char *line, int64_t now, void *arg)
{
    json_t *alert = json_loads(line, 0, NULL);

    visits_hear(arg, alert, now);
    json_decref(alert);
}

static int watch_visits(int argc, char **argv)
{
    struct visits visits;
    struct window window = { .on_line = on_event, .arg = &visits };
    bool heard;

    visits_init(&visits, argc, argv, 4);
    window_open(&window, visits.load.base, argv[2], argv[3], "--json");
    heard = visits_run(&visits);
    window_close(&window);
    visits_fini(&visits);
    return heard ? 0 : 1;
}

/* ---- a stream ---- */

struct stream {
    double rate, seconds;
    struct event_base *base;
    struct event *pace;
    redisContext *redis;
    int64_t begun, *sent; // an alert each, when; from number 1
    uint64_t put, all, lines, strange;
    struct samples delays;
};

static void put_alert(struct stream *stream)
{
    uint64_t n = ++stream->put;
    char event[768], time[UTC_TEXT_MAX];

    utc_print((struct utc){ 1592943245000 + (int64_t)n }, time);
    snprintf(
        event, sizeof event,
        "{\"sequence\":\"%llu\",\"specversion\":\"1.0\",\"id\":\"bench/A-%llu/home/1/1\","
        "\"source\":\"/breachd/bench\",\"type\":\"breachd.breach\",\"subject\":\"A-%llu/home\","
        "\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"data\":{\"incident\":"
        "\"A-%llu/home/1\",\"area\":\"Basildon\",\"severity\":\"critical\",\"exercise\":false,"
        "\"reason\":\"alert %llu\",\"received\":\"%s\"}}",
        (unsigned long long)n, (unsigned long long)n, (unsigned long long)n, time,
        (unsigned long long)n, (unsigned long long)n, time);
    stream->sent[n] = now_us();
    redisAppendCommand(stream->redis, "XADD {breachd}:alerts * event %s", event);
}

static void take_answers(struct stream *stream, uint64_t n)
{
    redisReply *reply;

    for (; n > 0; n--) {
        if (redisGetReply(stream->redis, (void **)&reply) != REDIS_OK ||
            reply->type == REDIS_REPLY_ERROR)
            errx(1, "redis: XADD");
        freeReplyObject(reply);
    }
}

/* Puts what is due by now, in one go. */
static void on_due(evutil_socket_t fd, short what, void *arg)
{
    struct stream *stream = arg;
    double due = (double)(now_us() - stream->begun) / 1e6 * stream->rate;
    uint64_t before = stream->put;

    (void)fd, (void)what;
    while (stream->put < stream->all && (double)stream->put < due)
        put_alert(stream);
    take_answers(stream, stream->put - before);
}

/* The first alert is there before breachctl is: with its line the clock starts. */
static void on_text(const char *line, int64_t now, void *arg)
{
    const char *at = strstr(line, ": alert ");
    struct timeval step = { 0, STEP_US };
    struct stream *stream = arg;
    uint64_t n = at ? strtoull(at + 8, NULL, 10) : 0;

    if (n != stream->lines + 1 || n > stream->put) {
        stream->strange++;
        return;
    }
    if (++stream->lines > 1) {
        samples_add(&stream->delays, now - stream->sent[n]);
    } else {
        stream->begun = now;
        event_add(stream->pace, &step);
    }
    if (stream->lines == stream->all)
        event_base_loopbreak(stream->base);
}

/* A heartbeat that lasts, so that watch has nothing else to say. */
static redisContext *connect_to(const char *socket)
{
    redisContext *redis = redisConnectUnix(socket);
    redisReply *reply;

    if (redis == NULL || redis->err != 0)
        errx(1, "%s: %s", socket, redis ? redis->errstr : "out of memory");
    reply = redisCommand(redis, "SET {breachd}:heartbeat %s", "{\"blind\":false}");
    if (reply == NULL)
        errx(1, "%s: %s", socket, redis->errstr);
    freeReplyObject(reply);
    return redis;
}

static void stream_begin(struct stream *stream, const char *socket)
{
    stream->redis = connect_to(socket);
    stream->all = (uint64_t)(stream->rate * stream->seconds);
    stream->sent = needed(calloc(stream->all + 1, sizeof *stream->sent));
    stream->pace = needed(event_new(stream->base, -1, EV_PERSIST, on_due, stream));
    put_alert(stream);
    take_answers(stream, 1);
}

static int watch_stream(int argc, char **argv)
{
    struct stream stream = { .rate = 1000, .seconds = 5, .base = load_base() };
    struct window window = { .on_line = on_text, .arg = &stream };
    const struct knob knobs[] = { { "rate", &stream.rate, 1, 1e6 },
                                  { "seconds", &stream.seconds, 1, 3600 } };
    struct timeval limit;
    double used;

    knobs_read(argc, argv, 4, knobs, 2);
    limit = (struct timeval){ (time_t)stream.seconds + LAST_LINE_S, 0 };
    stream_begin(&stream, argv[2]);
    window_open(&window, stream.base, argv[2], argv[3], NULL);
    event_base_loopexit(stream.base, &limit);
    event_base_dispatch(stream.base);
    used = window_close(&window);
    printf("%9s %9s %9s %8s %8s %8s %8s %9s\n", "alerts/s", "alerts", "lines", "strange", "p50 ms",
           "p99 ms", "max ms", "% of core");
    printf("%9.0f %9llu %9llu %8llu %8.2f %8.2f %8.2f %9.1f\n", stream.rate,
           (unsigned long long)stream.put, (unsigned long long)stream.lines,
           (unsigned long long)stream.strange, samples_ms(&stream.delays, 0.5),
           samples_ms(&stream.delays, 0.99), samples_ms(&stream.delays, 1),
           100 * used / stream.seconds);
    event_free(stream.pace);
    redisFree(stream.redis);
    event_base_free(stream.base);
    free(stream.sent);
    free(stream.delays.us);
    return stream.lines == stream.all ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "visits") == 0)
        return watch_visits(argc, argv);
    if (argc >= 4 && strcmp(argv[1], "stream") == 0)
        return watch_stream(argc, argv);
    errx(2, "usage: watched visits|stream REDIS-SOCKET BREACHCTL --rate R …");
}
