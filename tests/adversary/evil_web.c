/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An adversary before breachd-web with the cookies of three people, of each role one, and without:
 * the operator who is honest is answered, and hears of every breach.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients.h"
#include "evil.h"
#include "judge.h"
#include "support/http_client.h"
#include "support/test.h"

/* Of everybody, and as the users file has it; scrypt(1) makes it anew. */
#define PASSWORD "correct horse battery"
#define KEPT_PASSWORD                                                                              \
    "$scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$xy6UCICz8Vv/P6JqOkkUD4DOmhxN0tXSe6sQAUBxupQ"

enum {
    ROLES = 3,
    TOKEN_TEXT = 65,
    CALLERS = 600,
    ANSWER_MS = 5000,
    HEARD_MS = 10000,
#if defined(__SANITIZE_ADDRESS__)
    RSS_MORE_KIB = 1536 * 1024
#else
    RSS_MORE_KIB = 384 * 1024 // of which scrypt has 32 MiB for each thread
#endif
};

struct session {
    char cookie[TOKEN_TEXT], csrf[TOKEN_TEXT];
};

static struct {
    struct dice *dice;
    struct child web;
    struct session evil[ROLES], honest; // view, room, map; and a desk
    unsigned long answers, codes[600], beyond;
    int events; // the honest operator's stream, and all that it told
    char *alerted;
    size_t n_alerts;
    long slowest, unanswered, rss_before, rss_most;
} scene;

static const char *const people[ROLES] = { "viewer", "desk", "sergeant" };

/* ---- the scene ---- */

static int door(const struct testbed *testbed)
{
    return http_client_connect_to(testbed_path(testbed, "web.sock").text, ANSWER_MS);
}

/* Says it and reads to the end of the connection; false when no answer came in time. */
static bool talk(const struct testbed *testbed, const char *request, char text[8192])
{
    int fd = door(testbed);
    size_t n = 0;
    ssize_t got = 1;

    text[0] = '\0';
    if (fd < 0 || !http_client_say(fd, request, strlen(request)))
        got = 0;
    while (got > 0 && n < 8191) {
        got = recv(fd, text + n, 8191 - n, 0);
        n += got > 0 ? (size_t)got : 0;
        text[n] = '\0';
    }
    if (fd >= 0)
        close(fd);
    return n > 0;
}

static struct session log_in(const struct testbed *testbed, const char *name)
{
    char body[128], request[512], text[8192];
    struct session session = { "", "" };
    int n = snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"" PASSWORD "\"}", name);

    snprintf(request, sizeof request,
             "POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: "
             "close\r\n"
             "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
             n, body);
    assert_true(talk(testbed, request, text));
    assert_non_null(strstr(text, "breachd="));
    assert_non_null(strstr(text, "\"csrf\":\""));
    sscanf(strstr(text, "breachd="), "breachd=%64[0-9a-f]", session.cookie);
    sscanf(strstr(text, "\"csrf\":\""), "\"csrf\":\"%64[0-9a-f]", session.csrf);
    return session;
}

static void start_web(struct testbed *testbed)
{
    struct path conf = testbed_path(testbed, "web.conf"), log = testbed_path(testbed, "web.log");
    const char *argv[] = { WEB_PROGRAM, "-c", conf.text, NULL };
    int64_t deadline = now_ms() + PATIENCE_MS;
    int fd;

    mkdir(testbed_path(testbed, "page").text, 0755);
    testbed_print(testbed, "page/index.html", "<title>breachd</title>");
    testbed_print(testbed, "users",
                  "viewer view %s\ndesk room %s\nsergeant map %s\nhonest room %s\n", KEPT_PASSWORD,
                  KEPT_PASSWORD, KEPT_PASSWORD, KEPT_PASSWORD);
    testbed_print(testbed, "web.token", MAP_TOKEN "\n");
    testbed_print(testbed, "web.conf",
                  "[web]\nlisten = unix:web.sock\npage = page\nusers = users\nmax-events = 1000\n"
                  "[redis]\nurl = unix:redis.sock\n"
                  "[door]\nurl = unix:http.sock\ntoken-file = web.token\n");
    scene.web = child_start(&(struct command){ .argv = argv, .err = log.text });
    while ((fd = door(testbed)) < 0) {
        assert_true(child_lives(&scene.web) && now_ms() < deadline);
        poll(NULL, 0, 20);
    }
    close(fd);
}

static void listen_to_events(const struct testbed *testbed)
{
    char request[256];

    scene.events = door(testbed);
    snprintf(request, sizeof request,
             "GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: breachd=%s\r\n\r\n",
             scene.honest.cookie);
    assert_true(http_client_say(scene.events, request, strlen(request)));
}

static void before(struct testbed *testbed)
{
    memset(&scene, 0, sizeof scene);
    testbed_redis_start(testbed, "");
    start_web(testbed);
    for (int i = 0; i < ROLES; i++)
        scene.evil[i] = log_in(testbed, people[i]);
    scene.honest = log_in(testbed, "honest");
    listen_to_events(testbed);
    scene.rss_before = rss_kib(&scene.web);
}

/* ---- the honest operator ---- */

static void take_events(void)
{
    ssize_t got;

    do {
        char *alerted = realloc(scene.alerted, scene.n_alerts + 65537);

        assert_non_null(alerted);
        scene.alerted = alerted;
        got = recv(scene.events, alerted + scene.n_alerts, 65536, MSG_DONTWAIT);
        scene.n_alerts += got > 0 ? (size_t)got : 0;
        alerted[scene.n_alerts] = '\0';
    } while (got > 0);
}

static void midway(struct testbed *testbed, int nth)
{
    char request[256], text[8192];
    int64_t began = now_ms();
    long took, rss = rss_kib(&scene.web);

    (void)nth;
    snprintf(
        request, sizeof request,
        "GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: breachd=%s\r\n\r\n",
        scene.honest.cookie);
    if (!talk(testbed, request, text) || strstr(text, "\"honest\"") == NULL)
        scene.unanswered++;
    took = (long)(now_ms() - began);
    scene.slowest = took > scene.slowest ? took : scene.slowest;
    scene.rss_most = rss > scene.rss_most ? rss : scene.rss_most;
    take_events();
}

/* ---- what is asked ---- */

static const char *one_of(const char *const *texts, size_t n)
{
    return texts[dice_below(scene.dice, (unsigned)n)];
}
#define ONE_OF(texts) one_of(texts, sizeof(texts) / sizeof *(texts))

enum need { VIEW, ROOM, MAP, ANYBODY };

/* Whose cookie: a role, or 3: forged, none, cut, much. */
static size_t print_cookie(char *out, unsigned role)
{
    static const char *const odd[] = { "",
                                       "Cookie: breachd=\r\n",
                                       "Cookie: breachd=0123456789abcdef\r\n",
                                       "Cookie: a=b; breachd=; breachd=x\r\n",
                                       "Cookie: ;;;;\r\n",
                                       "X-Person: honest\r\n" };

    return role < ROLES ? (size_t)sprintf(out, "Cookie: breachd=%s\r\n", scene.evil[role].cookie)
                        : (size_t)sprintf(out, "%s", ONE_OF(odd));
}

static size_t print_body(char *out, const char *path)
{
    static const char *const incidents[] = {
        "E0/home/1", "nobody/home/1", "E1/home/4294967295", "", "device/evil-0/tamper/1",
        "\\u0000",   "\xff"
    };
    static const char *const words[] = { "",        "drift", "arrested",
                                         "\\u202e", "\xff",  "2199-01-01T00:00:00Z" };
    char fill[4096];

    if (strcmp(path, "/login") == 0)
        return (size_t)sprintf(out, "{\"name\":\"%s\",\"password\":\"%s\"}",
                               dice_below(scene.dice, 2) == 0 ? "honest" : "desk", "wrong");
    if (dice_below(scene.dice, 8) == 0)
        return (size_t)sprintf(out, "%s",
                               dice_below(scene.dice, 2) == 0 ? "[]" : "{\"incident\":1");
    memset(fill, 'n', sizeof fill);
    fill[dice_below(scene.dice, 4) == 0 ? dice_below(scene.dice, sizeof fill) : 0] = '\0';
    return (size_t)sprintf(out,
                           "{\"incident\":\"%s\",\"reason\":\"%s\",\"note\":\"%s\",\"to\":\"%s\","
                           "\"until\":\"%s\",\"outcome\":\"%s\"}",
                           ONE_OF(incidents), ONE_OF(words), fill, ONE_OF(words), ONE_OF(words),
                           ONE_OF(words));
}

static size_t print_post(char *out, const char *path, unsigned role, struct question *question)
{
    static const char *const origins[] = { "Origin: http://localhost\r\n",
                                           "Origin: http://localhost\r\n", "Origin: http://y\r\n",
                                           "", "Sec-Fetch-Site: cross-site\r\n" };
    const char *origin = ONE_OF(origins);
    bool right = role < ROLES && strcmp(path, "/logout") != 0 && dice_below(scene.dice, 3) > 0;
    char body[8192];
    size_t n = print_body(body, path), at;

    at = (size_t)sprintf(out, "POST %s HTTP/1.1\r\nHost: localhost\r\n%sX-CSRF: %s\r\n", path,
                         origin, right ? scene.evil[role].csrf : "0");
    at += print_cookie(out + at, role);
    at += (size_t)sprintf(out + at, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                          n);
    memcpy(out + at, body, n);
    // Nobody else's page, nobody without the word that only the page knows, and no viewer may.
    question->access = strstr(origin, "http://localhost") == NULL || !right || role < ROOM;
    return at + n;
}

static size_t print_get(char *out, const char *path, unsigned role, struct question *question)
{
    static const char *const lines[] = { "",
                                         "",
                                         "Last-Event-ID: 0-1\r\n",
                                         "Last-Event-ID: x\r\n",
                                         "Last-Event-ID: 18446744073709551615-0\r\n",
                                         "X-Reason: court\r\n",
                                         "X-Reason: \xff\r\n",
                                         "Range: bytes=0-0\r\n",
                                         "If-None-Match: *\r\n",
                                         "Connection: close\r\n" };
    bool is_map = strncmp(path, "/incidents/", 11) == 0;
    size_t at =
        (size_t)sprintf(out, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s", path, ONE_OF(lines));

    at += print_cookie(out + at, role);
    question->endless = strcmp(path, "/events") == 0;
    question->access = (is_map && role != MAP) ||
                       (role >= ROLES && (path[1] == 'e' || path[1] == 't' || path[1] == 'a'));
    return at + (size_t)sprintf(out + at, "\r\n");
}

static size_t ask(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    static const char *const gets[] = { "/me",
                                        "/todo",
                                        "/todo",
                                        "/events",
                                        "/events",
                                        "/alerts",
                                        "/alerts?count=100000",
                                        "/alerts?since=0-1&count=100",
                                        "/alerts?since=x",
                                        "/",
                                        "/index.html",
                                        "/../users",
                                        "/%2e%2e/users",
                                        "/incidents/H0/home/1/map",
                                        "/incidents/H1%2Fhome%2F1/map",
                                        "/incidents//map",
                                        "/nowhere" };
    static const char *const posts[] = { "/login", "/ack",    "/note",  "/close",
                                         "/hand",  "/shelve", "/logout" };
    unsigned role = dice_below(scene.dice, ROLES + 1);

    (void)arg;
    *question = (struct question){ 0 };
    return dice_below(scene.dice, 3) > 0 ? print_get(out, ONE_OF(gets), role, question)
                                         : print_post(out, ONE_OF(posts), role, question);
}

/* `look` says that it must not have been given. */
static void heard(void *arg, const struct question *question, int code, const char *text)
{
    (void)arg;
    (void)text;
    scene.answers++;
    if (code > 0 && code < 600)
        scene.codes[code]++;
    scene.beyond += question->access != 0 && code >= 200 && code < 300;
}

static void act(struct evil *evil)
{
    struct path path = testbed_path(evil->testbed, "web.sock");
    struct clients *clients;

    scene.dice = &evil->dice;
    clients = clients_create(&(struct clients_options){
        .path = path.text, .n = CALLERS, .dice = &evil->dice, .ask = ask, .heard = heard });
    while (clients != NULL && !atomic_load(&evil->stop)) {
        clients_turn(clients);
        atomic_store(&evil->done, scene.answers);
    }
    clients_destroy(clients);
}

/* ---- what must hold ---- */

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    while (text != NULL && (text = strstr(text, what)) != NULL) {
        text += strlen(what);
        n++;
    }
    return n;
}

/* Breaches that were told and did not reach the honest operator's browser. */
static size_t unheard_breaches(const struct testbed *testbed)
{
    int64_t deadline = now_ms() + HEARD_MS;
    const json_t *alert;
    size_t missing, i;

    do {
        missing = 0;
        take_events();
        json_array_foreach(testbed->alerts, i, alert)
        {
            if (strcmp(alert_text(alert, "type"), "breachd.breach") == 0)
                missing += count(scene.alerted, alert_text(alert, "id")) == 0;
        }
        poll(NULL, 0, missing > 0 ? 50 : 0);
    } while (missing > 0 && now_ms() < deadline);
    return missing;
}

static size_t say(const char *what, size_t n)
{
    if (n > 0)
        fprintf(stderr, "web: %s: %zu\n", what, n);
    return n > 0;
}

static size_t untrue(struct evil *evil, struct testbed *testbed)
{
    size_t wrong = say("breachd-web died", !child_lives(&scene.web));

    (void)evil;
    for (int code = 0; code < 600; code++) {
        if (scene.codes[code] > 0)
            print_message("web: %d: %lu\n", code, scene.codes[code]);
    }
    print_message("web: the honest operator waited %ld ms at most, %ld KiB more\n", scene.slowest,
                  scene.rss_most - scene.rss_before);
    wrong += say("breaches that the honest operator did not hear of", unheard_breaches(testbed)) +
             say("times that the honest operator was not answered", (size_t)scene.unanswered) +
             say("given to who may not have it", scene.beyond) +
             say("KiB more", scene.rss_most - scene.rss_before > RSS_MORE_KIB
                                 ? (size_t)(scene.rss_most - scene.rss_before)
                                 : 0);
    close(scene.events);
    free(scene.alerted);
    child_kill(&scene.web);
    return wrong;
}

const struct evil_kind evil_web = { .name = "web",
                                    .says = "stolen cookies of each role before breachd-web",
                                    .act = act,
                                    .before = before,
                                    .midway = midway,
                                    .untrue = untrue };
