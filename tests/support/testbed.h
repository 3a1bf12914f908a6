/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testbed.h - a testbed for one test: a folder of its own, a real redis-server, the built
 * breachd, and ways to talk to both. A helper that cannot do its part fails the test on
 * the spot, so none of them returns an error. Nothing sleeps: every wait is for a
 * descriptor, and ends after PATIENCE_MS.
 */
#ifndef SUPPORT_TESTBED_H
#define SUPPORT_TESTBED_H

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

struct testbed {
    char dir[32];
    bool well; /* testbed_close() was reached, so nothing failed before it */
    struct child redis, breachd, broker;
    int redis_port;    /* 0: unix socket only */
    int broker_port;   /* of mosquitto */
    int notify;        /* what breachd says to systemd arrives here */
    int http_port;     /* of testbed_curl() */
    const char *token; /* of testbed_ask(), as Bearer; NULL: none */
    char notes[4096];
    const char *environment[8]; /* NAME=VALUE, given to breachd; NULL ends it */
    redisContext *db;
    json_t *alerts;            /* every alert read so far, in the order of the stream, */
    json_t *rules;             /* but those of reloads, which are here */
    char newest[32];           /* the stream's id of the last of them */
    long long first;           /* the sequence that the next alert must have; 0: any will do */
    int64_t base;              /* second 0 of testbed_ping() */
    char *body, *head, *story; /* of the newest answer, and of testbed_story() */
    char *said, *complained;   /* what breachctl wrote */
};

struct path {
    char text[96];
};

/* ---- the testbed ---- */

/* Makes the folder and a breachd.conf without orders; starts nothing. For testbed_test(). */
int testbed_setup(void **state);
/* Kills what runs, shows breachd's log unless the test ended well, and removes the folder. */
int testbed_teardown(void **state);

/*
 * Seconds count from four hours ago, and what is so old is present: for who comes and goes, which
 * takes minutes each time. Before testbed_start().
 */
void testbed_long_ago(struct testbed *testbed);
/*
 * Ends a test that went well: SIGTERM, and breachd, if it runs, must exit 0 (a sanitizer's report
 * is not 0).
 */
void testbed_close(struct testbed *testbed);

#define testbed_test(test) cmocka_unit_test_setup_teardown(test, testbed_setup, testbed_teardown)

/* ---- files of the folder (testbed_files.c) ---- */

struct path testbed_path(const struct testbed *testbed, const char *name);
void testbed_write(const struct testbed *testbed, const char *name, const void *bytes, size_t size);
void testbed_print(const struct testbed *testbed, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same and whole at once, for who may be reading it. */
void testbed_replace(const struct testbed *testbed, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The whole file with a zero behind it, NULL when there is none; the caller frees it. */
char *testbed_read(const struct testbed *testbed, const char *name);
/*
 * Sets one key of an INI file: takes its old lines in [section] away and writes it under the
 * section, which exists.
 */
void testbed_set(const struct testbed *testbed, const char *name, const char *section,
                 const char *key, const char *value);
void testbed_copy(const struct testbed *testbed, const char *from, const char *name);
void testbed_remove(const struct testbed *testbed, const char *name);

/* ---- children (testbed_child.c) ---- */

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

/* ---- breachd (testbed_breachd.c) ---- */

/* Starts breachd with these further arguments, the last of them NULL, and waits for READY=1. */
void testbed_start(struct testbed *testbed, ...) __attribute__((sentinel));
/* The same without arguments, and without waiting. */
void testbed_begin(struct testbed *testbed);
void testbed_kill(struct testbed *testbed); /* kill -9 */
/* SIGHUP, and waits for the READY=1 that follows RELOADING=1. */
void testbed_reload(struct testbed *testbed);
/* Waits until breachd has told systemd this line, after the ones already waited for. */
void testbed_await_note(struct testbed *testbed, const char *line);
/* Takes in what breachd has told systemd by now, so that its socket never fills up. */
void testbed_hear(struct testbed *testbed);
/* Runs breachd to its end; its exit code. Its words are in run.out and run.err. */
int testbed_run(struct testbed *testbed, ...) __attribute__((sentinel));
bool testbed_log_has(const struct testbed *testbed, const char *text);
void testbed_await_log(const struct testbed *testbed, const char *text);
/* A further variable for the breachd that is started next; borrowed. */
void testbed_environment(struct testbed *testbed, const char *variable);
/* The breachd that is started next loads this library before all others; two further variables. */
void testbed_preload(struct testbed *testbed, const char *shim);
/* It will wait wherever it lists a folder as long as there is a file "gate". */
void testbed_gate_fit(struct testbed *testbed);
/* Its clocks will be ahead by the seconds that stand in a file "ahead", once there is one. */
void testbed_shift_fit(struct testbed *testbed);

/* ---- breachctl (testbed_ctl.c), over its Redis unless its arguments say otherwise ---- */

/* Reloads though half of the orders are gone: by the digest that the refusal shows. */
void testbed_reload_really(struct testbed *testbed);
/* Runs breachctl with these arguments, the last of them NULL; its exit code. */
int testbed_ctl(struct testbed *testbed, ...) __attribute__((sentinel));
/* The same in the background: for `watch`. Ends by SIGINT; its exit code. */
struct child testbed_ctl_start(struct testbed *testbed, ...) __attribute__((sentinel));
/* Its words go to `out`, not to where testbed_ctl_said looks. */
struct child testbed_ctl_start_to(struct testbed *testbed, const char *out, ...)
    __attribute__((sentinel));
int testbed_ctl_stop(struct child *child);
/* What the newest one has said by now, on stdout, on stderr; its own, until asked again. */
const char *testbed_ctl_said(struct testbed *testbed);
const char *testbed_ctl_complained(struct testbed *testbed);
void testbed_ctl_await(struct testbed *testbed, const char *text); /* on stdout */

/* ---- a disk that is full on demand (testbed_disk.c) ---- */

void testbed_disk_fit(struct testbed *testbed);       /* for the breachd that is started next */
long testbed_disk_kib(const struct testbed *testbed); /* of the ledger's files, KiB */
void testbed_disk_fill(struct testbed *testbed);
void testbed_disk_drain(struct testbed *testbed);

/* ---- HTTP, by curl (testbed_http.c) ---- */

struct request {
    const char *method, *path, *type; /* type NULL: no body */
    const void *body;
    size_t size;
};

/* The status code, 0 when there was no answer; testbed->body and testbed->head hold the rest. */
int testbed_ask(struct testbed *testbed, const struct request *request);
/* The same with further lines for curl's -K: headers, a user. */
int testbed_ask_with(struct testbed *testbed, const struct request *request, const char *more);
int testbed_get(struct testbed *testbed, const char *path);
int testbed_post(struct testbed *testbed, const char *json);
int testbed_post_lines(struct testbed *testbed, const char *ndjson);
/* A connection to breachd's door; for http_client.h. The caller closes it. */
int testbed_door(const struct testbed *testbed);
/*
 * Says exactly these bytes on a socket of its own, ends its side, and
 * reads until breachd ends its own.
 */
int testbed_say(struct testbed *testbed, const void *bytes, size_t size);
bool testbed_has_header(const struct testbed *testbed, const char *name);
/* The newest answer's body as JSON; the caller's. */
json_t *testbed_json(const struct testbed *testbed);
/* A line of /metrics: `series` is the name with its labels, as it stands there. */
double testbed_metric(struct testbed *testbed, const char *series);
void testbed_await_metric(struct testbed *testbed, const char *series, double value);
void testbed_await_code(struct testbed *testbed, const char *path, int code);

/* ---- TLS (testbed_tls.c) ---- */

/* NAME.pem and NAME.key in the testbed: a certificate that signs others. */
void testbed_make_ca(const struct testbed *testbed, const char *name);
/* NAME.pem and NAME.key, signed by `ca`; `names` as in "DNS:localhost,IP:127.0.0.1". */
void testbed_make_certificate(const struct testbed *testbed, const char *ca, const char *name,
                              const char *subject, const char *names);
/*
 * curl with these options to https://localhost:PORT/path, in the testbed's folder. The status code,
 * 0: no answer; testbed->body holds the whole answer with its head.
 */
int testbed_curl(struct testbed *testbed, const char *options, const char *path);

/* ---- Redis (testbed_redis.c) ---- */

/*
 * Starts redis-server on DIR/redis.sock with these further lines of redis.conf, and connects to it.
 */
void testbed_redis_start(struct testbed *testbed, const char *lines);
void testbed_redis_kill(struct testbed *testbed); /* kill -9 */
int testbed_free_port(void); /* on loopback; may be taken by the time it is used */
/* One command; a reply that is an error fails the test. Freed by the caller. */
redisReply *testbed_redis(struct testbed *testbed, const char *format, ...);
long long testbed_redis_number(struct testbed *testbed, const char *format, ...);
/* A further connection, for SUBSCRIBE; the caller frees it. */
redisContext *testbed_redis_connect(const struct testbed *testbed);

/* ---- MQTT (testbed_broker.c) ---- */

/*
 * Starts mosquitto on loopback with these further lines of its
 * conf; what it holds stays over kills.
 */
void testbed_broker_start(struct testbed *testbed, const char *lines);
void testbed_broker_kill(struct testbed *testbed); /* kill -9 */
/* Sets [mqtt] url to it: "mqtt://" or "mqtt://user@", and the host. */
void testbed_broker_use(const struct testbed *testbed, const char *scheme, const char *host);
/* By mosquitto_pub, QoS 1: returns when the broker has it. */
void testbed_publish(const struct testbed *testbed, const char *topic, const char *payload);
/* Runs a program to its end, which must be a good one. */
void testbed_command(const struct testbed *testbed, const char *const *argv);

/* ---- alerts (testbed_alert.c) ---- */

/* Waits until all that was judged is on disk; the number of the newest alert then. */
long long testbed_settle(struct testbed *testbed);
/* Waits until the stream holds every alert that there is then; how many were read. */
size_t testbed_gather(struct testbed *testbed);
/*
 * All alerts so far as text, "breach A/home/1/1\n…": type, and id without the site. Those that
 * tell of a restart are left out. The testbed's own.
 */
const char *testbed_story(struct testbed *testbed);
void testbed_expect(struct testbed *testbed, const char *story);
/* A borrowed member by its dotted path ("data.ping.time"), NULL when there is none. */
const json_t *alert_at(const json_t *alert, const char *path);
const char *alert_text(const json_t *alert, const char *path);

/*
 * --- the scene most tests play in (testbed_scene.c)
 * -------------------------------------------------
 */

#define HOME_LAT          51.56844
#define HOME_LON          0.45782
#define METRES_PER_DEGREE 111259.0 /* of latitude, there */

/* ID.conf: an order over `device` with the circle ID/home, so far north of the scene's centre. */
void testbed_order(const struct testbed *testbed, const char *id, const char *device, double north,
                   double radius, const char *more);
/*
 * Posts a ping so many seconds after testbed->base and metres north of the centre; the status code.
 */
int testbed_ping(struct testbed *testbed, const char *device, int second, double north);
/* What testbed_ping sends, as JSON. Returns `json`. */
enum { TESTBED_PING_MAX = 256 };
char *testbed_ping_print(const struct testbed *testbed, const char *device, int second,
                         double north, char json[TESTBED_PING_MAX]);
/*
 * An order A over tag-1 whose zone A/home, with these lines more, has 200 m, a redis-server unless
 * one runs, and breachd with this argument; NULL: none.
 */
void testbed_open(struct testbed *testbed, const char *zone, const char *argument);
/*
 * A rehearsal: tag-1 walks from 900 m up to the zone A/home (200 m, warned
 * of from 800 m), stays, and leaves.
 */
void testbed_visit(struct testbed *testbed);

#endif
