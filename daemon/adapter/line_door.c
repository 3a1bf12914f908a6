/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/line_door.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* One more than LINE_DOOR_CALLS_MAX may be in: the one who found that nobody is silent. */
struct line_call {
    TAILQ_ENTRY(line_call) entry;
    struct line_door *door;
    struct bufferevent *bev; // NULL: the caller has gone
    struct event *deadline;  // a byte now and then does not put it off
    bool asked;              // the line was handed over, and not answered yet
    bool answered;
    long uid; // of who called; -1: not known
};

static const struct timeval patience = { LINE_DOOR_PATIENCE_S, 0 };

struct line_door {
    struct event_base *base;
    struct evconnlistener *listener;
    struct sockaddr_un at;
    line_handler *handler;
    void *arg;
    TAILQ_HEAD(, line_call) calls;
    size_t n;
};

static bool address_of(const char *path, struct sockaddr_un *out, struct fault *why)
{
    *out = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof out->sun_path)
        return fault_set(why, "%.300s: a socket's path has 1..%zu characters", path,
                         sizeof out->sun_path - 1);
    strcpy(out->sun_path, path);
    return true;
}

/* ---- a caller ---- */

static void leave(struct line_call *call)
{
    TAILQ_REMOVE(&call->door->calls, call, entry);
    if (call->door->n-- == LINE_DOOR_CALLS_MAX + 1)
        evconnlistener_enable(call->door->listener);
    if (call->bev != NULL)
        bufferevent_free(call->bev);
    if (call->deadline != NULL)
        event_free(call->deadline);
    free(call);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    leave(arg);
}

/* Whoever was answered, or has said nothing whole, is gone; who waits for an answer is not yet. */
static void on_end(struct bufferevent *bev, short what, void *arg)
{
    struct line_call *call = arg;

    (void)what;
    if (!call->asked) {
        leave(call);
        return;
    }
    call->bev = NULL;
    bufferevent_free(bev);
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct line_call *call = arg;

    (void)bev;
    leave(call); // always last: call and bev are gone
}

static void on_readable(struct bufferevent *bev, void *arg)
{
    struct line_call *call = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    char *line = evbuffer_readln(input, NULL, EVBUFFER_EOL_LF);

    if (line == NULL && evbuffer_get_length(input) >= LINE_DOOR_MAX) {
        leave(call);
        return;
    }
    if (line == NULL)
        return;
    call->asked = true;
    bufferevent_disable(bev, EV_READ);
    event_del(call->deadline);
    call->door->handler(call, line, call->door->arg); // may answer, and so end the call
    free(line);
}

/* ---- who is let in ---- */

static long uid_of(evutil_socket_t fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? (long)peer.uid : -1;
}

long line_door_uid(const struct line_call *call)
{
    return call->uid;
}

static size_t calls_of(const struct line_door *door, long uid)
{
    const struct line_call *call;
    size_t n = 0;

    // LINE_DOOR_CALLS_MAX.
    TAILQ_FOREACH(call, &door->calls, entry)
    n += call->uid == uid;
    return n;
}

/* Nothing whole was said, and nothing is waiting to be read. */
static bool is_silent(const struct line_call *call)
{
    char byte;

    return !call->asked && !call->answered && call->bev != NULL &&
           recv(bufferevent_getfd(call->bev), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

/* Makes a place, if anybody is silent. Looks at LINE_DOOR_CALLS_MAX. */
static void evict(struct line_door *door)
{
    struct line_call *call, *worst = NULL;
    size_t most = 0, n;

    TAILQ_FOREACH(call, &door->calls, entry) // the oldest first
    {
        n = is_silent(call) ? calls_of(door, call->uid) : 0;
        if (n > most) {
            most = n;
            worst = call;
        }
    }
    if (worst != NULL)
        leave(worst);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *arg)
{
    struct line_door *door = arg;
    struct line_call *call = calloc(1, sizeof *call);

    (void)listener;
    (void)address;
    (void)length;
    if (call != NULL)
        call->deadline = event_new(door->base, -1, 0, on_deadline, call);
    if (call != NULL && call->deadline != NULL)
        call->bev = bufferevent_socket_new(door->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (call == NULL || call->bev == NULL) {
        evutil_closesocket(fd);
        if (call != NULL && call->deadline != NULL)
            event_free(call->deadline);
        free(call);
        return;
    }
    call->door = door;
    call->uid = uid_of(fd);
    if (door->n == LINE_DOOR_CALLS_MAX)
        evict(door);
    TAILQ_INSERT_TAIL(&door->calls, call, entry);
    if (++door->n > LINE_DOOR_CALLS_MAX)
        evconnlistener_disable(door->listener); // nobody is silent
    bufferevent_setcb(call->bev, on_readable, NULL, on_end, call);
    bufferevent_setwatermark(call->bev, EV_READ, 0, LINE_DOOR_MAX);
    event_add(call->deadline, &patience);
    bufferevent_enable(call->bev, EV_READ);
}

void line_door_answer(struct line_call *call, const char *line)
{
    call->asked = false;
    call->answered = true;
    if (call->bev == NULL ||
        evbuffer_add_printf(bufferevent_get_output(call->bev), "%s\n", line) < 0) {
        leave(call);
        return;
    }
    bufferevent_setcb(call->bev, NULL, on_written, on_end, call);
    event_add(call->deadline, &patience);
    bufferevent_enable(call->bev, EV_WRITE);
}

/* ---- the door ---- */

static bool clear_stale(const struct sockaddr_un *at, struct fault *why)
{
    struct stat what;

    if (lstat(at->sun_path, &what) != 0)
        return true;
    if (!S_ISSOCK(what.st_mode))
        return fault_set(why, "%.300s: is there already, and no socket", at->sun_path);
    unlink(at->sun_path);
    return true;
}

bool line_door_open(struct event_base *base, const char *path, unsigned mode, line_handler *handler,
                    void *arg, struct line_door **out_door, struct fault *why)
{
    struct line_door *door = calloc(1, sizeof *door);
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;

    if (door == NULL)
        return fault_set(why, "out of memory");
    *door = (struct line_door){ .base = base, .handler = handler, .arg = arg };
    TAILQ_INIT(&door->calls);
    if (!address_of(path, &door->at, why) || !clear_stale(&door->at, why)) {
        free(door);
        return false;
    }
    door->listener =
        evconnlistener_new_bind(base, on_accept, door, flags, LINE_DOOR_CALLS_MAX,
                                (const struct sockaddr *)&door->at, (int)sizeof door->at);
    if (door->listener == NULL || chmod(path, mode) != 0) {
        fault_set(why, "%.300s: %s", path, strerror(errno));
        line_door_close(door);
        return false;
    }
    *out_door = door;
    return true;
}

void line_door_close(struct line_door *door)
{
    struct line_call *call;

    if (door == NULL)
        return;
    while ((call = TAILQ_FIRST(&door->calls)) != NULL) // at most LINE_DOOR_CALLS_MAX
        leave(call);
    if (door->listener != NULL) {
        evconnlistener_free(door->listener);
        unlink(door->at.sun_path);
    }
    free(door);
}

/* ---- the other side ---- */

static bool say_line(int fd, const char *line)
{
    size_t n = strlen(line), sent = 0;

    while (sent <= n) {
        const char *from = sent < n ? line + sent : "\n";
        ssize_t some = send(fd, from, sent < n ? n - sent : 1, MSG_NOSIGNAL);

        if (some < 0 && errno != EINTR)
            return false;
        sent += some > 0 ? (size_t)some : 0;
    }
    return true;
}

static bool hear_line(int fd, char answer[LINE_DOOR_MAX])
{
    size_t n = 0;
    ssize_t some;

    while (n + 1 < LINE_DOOR_MAX) {
        some = recv(fd, answer + n, LINE_DOOR_MAX - 1 - n, 0);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        n += (size_t)some;
        if (answer[n - 1] == '\n') {
            answer[n - 1] = '\0';
            return true;
        }
    }
    return false;
}

bool line_door_ask(const char *path, const char *line, char answer[LINE_DOOR_MAX], bool *out_none,
                   struct fault *why)
{
    struct sockaddr_un at;
    int fd;
    bool ok;

    *out_none = true;
    if (!address_of(path, &at, why))
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
        fault_set(why, "%.300s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    *out_none = false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ok = say_line(fd, line) && hear_line(fd, answer);
    if (!ok)
        fault_set(why, "%.300s: no answer", path);
    close(fd);
    return ok;
}
