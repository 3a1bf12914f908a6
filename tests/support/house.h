/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house.h - a house for one test: a folder of its own, a real redis-server, the built
 * breachd, and ways to talk to both. A helper that cannot do its part fails the test on
 * the spot, so none of them returns an error. Nothing sleeps: every wait is for a
 * descriptor, and ends after PATIENCE_MS.
 */
#ifndef SUPPORT_HOUSE_H
#define SUPPORT_HOUSE_H

#include <hiredis/hiredis.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PATIENCE_MS 20000

/* Where breachd, its configuration and the shared data lie; CMake says it. */
#ifndef BREACHD_PROGRAM
#define BREACHD_PROGRAM "breachd"
#endif

struct child {
    pid_t pid; /* 0: nobody */
    int pidfd;
};

struct house {
    char dir[32];
    bool well; /* house_close() was reached, so nothing failed before it */
    struct child redis, breachd, broker;
    int redis_port;    /* 0: unix socket only */
    int broker_port;   /* of mosquitto */
    int notify;        /* what breachd says to systemd arrives here */
    int http_port;     /* of house_curl() */
    const char *token; /* of house_ask(), as Bearer; NULL: none */
    char notes[4096];
    const char *environment[8]; /* NAME=VALUE, given to breachd; NULL ends it */
    redisContext *db;
    json_t *alerts;            /* every alert read so far, in the order of the stream */
    char newest[32];           /* the stream's id of the last of them */
    long long first;           /* the sequence that the next alert must have; 0: any will do */
    int64_t base;              /* second 0 of house_ping() */
    char *body, *head, *story; /* of the newest answer, and of house_story() */
    char *said, *complained;   /* what breachctl wrote */
};

struct path {
    char text[96];
};

/* ---- the house ---- */

/* Makes the folder and a breachd.conf without orders; starts nothing. For house_test(). */
int house_setup(void **state);
/* Kills what runs, shows breachd's log unless the test ended well, and removes the folder. */
int house_teardown(void **state);
/*
 * Ends a test that went well: SIGTERM, and breachd, if it runs, must exit 0 (a sanitizer's report
 * is not 0).
 */
void house_close(struct house *house);

#define house_test(test) cmocka_unit_test_setup_teardown(test, house_setup, house_teardown)

/* ---- files of the folder (house_files.c) ---- */

struct path house_path(const struct house *house, const char *name);
void house_write(const struct house *house, const char *name, const void *bytes, size_t size);
void house_print(const struct house *house, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same and whole at once, for who may be reading it. */
void house_replace(const struct house *house, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The whole file with a zero behind it, NULL when there is none; the caller frees it. */
char *house_read(const struct house *house, const char *name);
/*
 * Sets one key of an INI file: takes its old lines in [section] away and writes it under the
 * section, which exists.
 */
void house_set(const struct house *house, const char *name, const char *section, const char *key,
               const char *value);
void house_copy(const struct house *house, const char *from, const char *name);
void house_remove(const struct house *house, const char *name);

/* ---- children (house_child.c) ---- */

struct command {
    const char *const *argv;        /* NULL ends it */
    const char *in, *out, *err;     /* files; NULL: /dev/null */
    const char *const *environment; /* NULL: nothing to add */
};

struct child child_start(const struct command *command);
bool child_lives(const struct child *child);
/* Waits at most `ms`; true when it has ended, with its status as waitpid() tells it. */
bool child_ends(struct child *child, int64_t ms, int *out_status);
/* SIGKILL, and gone. Nobody is fine. */
void child_kill(struct child *child);

int64_t now_ms(void); /* monotonic */
/* poll() for one descriptor until `deadline` (of now_ms); false when it passes. */
bool wait_for(int fd, short events, int64_t deadline);

/* ---- breachd (house_breachd.c) ---- */

/* Starts breachd with these further arguments, the last of them NULL, and waits for READY=1. */
void house_start(struct house *house, ...) __attribute__((sentinel));
/* The same without arguments, and without waiting. */
void house_begin(struct house *house);
void house_kill(struct house *house); /* kill -9 */
/* SIGHUP, and waits for the READY=1 that follows RELOADING=1. */
void house_reload(struct house *house);
/* Waits until breachd has told systemd this line, after the ones already waited for. */
void house_await_note(struct house *house, const char *line);
/* Takes in what breachd has told systemd by now, so that its socket never fills up. */
void house_hear(struct house *house);
/* Runs breachd to its end; its exit code. Its words are in run.out and run.err. */
int house_run(struct house *house, ...) __attribute__((sentinel));
bool house_log_has(const struct house *house, const char *text);
void house_await_log(const struct house *house, const char *text);
/* A further variable for the breachd that is started next; borrowed. */
void house_environment(struct house *house, const char *variable);
/* The breachd that is started next loads this library before all others; two further variables. */
void house_preload(struct house *house, const char *shim);
/* It will wait wherever it lists a folder as long as there is a file "gate". */
void house_gate_fit(struct house *house);
/* Its clocks will be ahead by the seconds that stand in a file "ahead", once there is one. */
void house_shift_fit(struct house *house);

/* ---- breachctl (house_ctl.c), over the house's Redis unless its arguments say otherwise ---- */

/* Runs breachctl with these arguments, the last of them NULL; its exit code. */
int house_ctl(struct house *house, ...) __attribute__((sentinel));
/* The same in the background: for `watch`. Ends by SIGINT; its exit code. */
struct child house_ctl_start(struct house *house, ...) __attribute__((sentinel));
/* Its words go to `out`, not to where house_ctl_said looks. */
struct child house_ctl_start_to(struct house *house, const char *out, ...)
    __attribute__((sentinel));
int house_ctl_stop(struct child *child);
/* What the newest one has said by now, on stdout, on stderr; the house's own, until asked again. */
const char *house_ctl_said(struct house *house);
const char *house_ctl_complained(struct house *house);
void house_ctl_await(struct house *house, const char *text); /* on stdout */

/* ---- a disk that is full on demand (house_disk.c) ---- */

void house_disk_fit(struct house *house); /* for the breachd that is started next */
void house_disk_fill(struct house *house);
void house_disk_drain(struct house *house);

/* ---- HTTP, by curl (house_http.c) ---- */

struct request {
    const char *method, *path, *type; /* type NULL: no body */
    const void *body;
    size_t size;
};

/* The status code, 0 when there was no answer; house->body and house->head hold the rest. */
int house_ask(struct house *house, const struct request *request);
/* The same with further lines for curl's -K: headers, a user. */
int house_ask_with(struct house *house, const struct request *request, const char *more);
int house_get(struct house *house, const char *path);
int house_post(struct house *house, const char *json);
int house_post_lines(struct house *house, const char *ndjson);
/* A connection to breachd's door; for http_client.h. The caller closes it. */
int house_door(const struct house *house);
/*
 * Says exactly these bytes on a socket of its own, ends its side, and
 * reads until breachd ends its own.
 */
int house_say(struct house *house, const void *bytes, size_t size);
bool house_has_header(const struct house *house, const char *name);
/* The newest answer's body as JSON; the caller's. */
json_t *house_json(const struct house *house);
/* A line of /metrics: `series` is the name with its labels, as it stands there. */
double house_metric(struct house *house, const char *series);
void house_await_metric(struct house *house, const char *series, double value);
void house_await_code(struct house *house, const char *path, int code);

/* ---- TLS (house_tls.c) ---- */

/* NAME.pem and NAME.key in the house: a certificate that signs others. */
void house_make_ca(const struct house *house, const char *name);
/* NAME.pem and NAME.key, signed by `ca`; `names` as in "DNS:localhost,IP:127.0.0.1". */
void house_make_certificate(const struct house *house, const char *ca, const char *name,
                            const char *subject, const char *names);
/*
 * curl with these options to https://localhost:PORT/path, in the house's folder. The status code,
 * 0: no answer; house->body holds the whole answer with its head.
 */
int house_curl(struct house *house, const char *options, const char *path);

/* ---- Redis (house_redis.c) ---- */

/*
 * Starts redis-server on DIR/redis.sock with these further lines of redis.conf, and connects to it.
 */
void house_redis_start(struct house *house, const char *lines);
void house_redis_kill(struct house *house); /* kill -9 */
int house_free_port(void);                  /* on loopback; may be taken by the time it is used */
/* One command; a reply that is an error fails the test. Freed by the caller. */
redisReply *house_redis(struct house *house, const char *format, ...);
long long house_redis_number(struct house *house, const char *format, ...);
/* A further connection, for SUBSCRIBE; the caller frees it. */
redisContext *house_redis_connect(const struct house *house);

/* ---- MQTT (house_broker.c) ---- */

/*
 * Starts mosquitto on loopback with these further lines of its
 * conf; what it holds stays over kills.
 */
void house_broker_start(struct house *house, const char *lines);
void house_broker_kill(struct house *house); /* kill -9 */
/* Sets [mqtt] url to it: "mqtt://" or "mqtt://user@", and the host. */
void house_broker_use(const struct house *house, const char *scheme, const char *host);
/* By mosquitto_pub, QoS 1: returns when the broker has it. */
void house_publish(const struct house *house, const char *topic, const char *payload);
/* Runs a program to its end, which must be a good one. */
void house_command(const struct house *house, const char *const *argv);

/* ---- alerts (house_alert.c) ---- */

/* Waits until all that was judged is on disk; the number of the newest alert then. */
long long house_settle(struct house *house);
/* Waits until the stream holds every alert that there is then; how many were read. */
size_t house_gather(struct house *house);
/*
 * All alerts so far as text, "breach A/home/1/1\n…": type, and id without the site. Those that
 * tell of a restart are left out. The house's own.
 */
const char *house_story(struct house *house);
void house_expect(struct house *house, const char *story);
/* A borrowed member by its dotted path ("data.ping.time"), NULL when there is none. */
const json_t *alert_at(const json_t *alert, const char *path);
const char *alert_text(const json_t *alert, const char *path);

/*
 * --- the scene most tests play in (house_scene.c)
 * -------------------------------------------------
 */

#define HOME_LAT          51.56844
#define HOME_LON          0.45782
#define METRES_PER_DEGREE 111259.0 /* of latitude, there */

/* ID.conf: an order over `device` with the circle ID/home, so far north of the scene's centre. */
void house_order(const struct house *house, const char *id, const char *device, double north,
                 double radius, const char *more);
/*
 * Posts a ping so many seconds after house->base and metres north of the centre; the status code.
 */
int house_ping(struct house *house, const char *device, int second, double north);
/* What house_ping sends, as JSON. Returns `json`. */
enum { HOUSE_PING_MAX = 256 };
char *house_ping_print(const struct house *house, const char *device, int second, double north,
                       char json[HOUSE_PING_MAX]);
/*
 * An order A over tag-1 whose zone A/home, with these lines more, has 200 m, a redis-server unless
 * one runs, and breachd with this argument; NULL: none.
 */
void house_open(struct house *house, const char *zone, const char *argument);
/*
 * A rehearsal: tag-1 walks from 900 m up to the zone A/home (200 m, warned
 * of from 800 m), stays, and leaves.
 */
void house_evening(struct house *house);

#endif
