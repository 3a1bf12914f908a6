/* SPDX-License-Identifier: Apache-2.0 */
#include "web/board.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "web/hash_copy.h"
#include "web/json_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A hash that is scanned over and over. */
struct scan {
    struct board *board;
    struct hash_copy *copy;
    char key[WEB_KEY_MAX];
    bool goes_on, tells; // of todo each change is told
    bool left_out;       // something is, by the last whole scan
    bool leaves_out;     // this one does
    unsigned rounds;
};

struct board {
    struct redis *talk;
    struct board_callbacks callbacks;
    struct scan todo, open;
    char heartbeat_key[WEB_KEY_MAX];
    bool known;        // it was asked for once, or could not be
    bool asked;        // for the heartbeat
    bool down, deaf;   // Redis is away; alerts are not heard
    json_t *heartbeat; // an object; NULL: none stands there
    struct tick heard; // when it was first seen there
    const char *lost;  // what was last told as lost; NULL: the heartbeat
    bool tells;        // something was told
    char site[NAME_MAX_CHARS + 1];
    struct tick scanned; // when the hashes were last asked for
};

enum { SCAN_APART_MS = 250 }; // a flood of alerts has them scanned four times a second

/* ---- how things are ---- */

/* What is lost, the first that holds; NULL: nothing. */
static const char *lost(const struct board *board)
{
    return board->down || board->deaf ? "redis" : board->heartbeat == NULL ? "heartbeat" : NULL;
}

/* How old a beat is, whoever is told of it later could not know. */
static char *print_heartbeat(const struct board *board)
{
    json_t *beat = json_copy(board->heartbeat);
    char *line, *event = NULL;

    json_object_set_new(beat, "age", json_real((double)(clock_tick().ms - board->heard.ms) / 1000));
    line = json_line_print(beat);
    if (line == NULL || asprintf(&event, "event: heartbeat\ndata: %s\n\n", line) < 0)
        event = NULL;
    free(line);
    return event;
}

static char *print_lost(const char *what)
{
    char *event;

    return asprintf(&event, "event: lost\ndata: {\"what\":\"%s\"}\n\n", what) < 0 ? NULL : event;
}

char *board_status(const struct board *board)
{
    const char *what = lost(board);

    return !board->known ? strdup("") : what != NULL ? print_lost(what) : print_heartbeat(board);
}

/* `anew`: the heartbeat is another. What is as it was told last is not told again. */
static void tell_status(struct board *board, bool anew)
{
    const char *what = lost(board);
    char *event;

    if (!board->known || (board->tells && what == board->lost && (what != NULL || !anew)))
        return; // before the first look there is nothing to tell
    event = board_status(board);
    if (event == NULL)
        return; // memory: the next look tells it
    board->tells = true;
    board->lost = what;
    board->callbacks.on_status(event, board->callbacks.arg);
    free(event);
}

static void note_site(struct board *board)
{
    const char *site = json_string_value(json_object_get(board->heartbeat, "site"));

    snprintf(board->site, sizeof board->site, "%s", site != NULL && name_valid(site) ? site : "");
}

/* What stands there now, or NULL; true: it is another than before. */
static bool take_heartbeat(struct board *board, json_t *heartbeat)
{
    bool anew = heartbeat != NULL && !json_equal(heartbeat, board->heartbeat);

    json_decref(board->heartbeat);
    board->heartbeat = heartbeat;
    if (anew)
        board->heard = clock_tick();
    if (heartbeat != NULL)
        note_site(board);
    return anew;
}

/* NULL: no object, or a larger one than is told. */
static json_t *parse_heartbeat(const struct redis_reply *reply)
{
    bool fits = reply->kind == REDIS_TEXT && reply->n <= JSON_LINE_MAX;
    json_t *json = fits ? json_loadb(reply->text, reply->n, 0, NULL) : NULL;

    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

static void on_heartbeat(const struct redis_reply *reply, void *arg)
{
    struct board *board = arg;
    bool anew;

    board->asked = false;
    if (reply->kind == REDIS_ERROR) {
        redis_reset(board->talk, reply->text); // a right is missing: it is said, and it is loud
        return;
    }
    anew = take_heartbeat(board, parse_heartbeat(reply));
    board->down = false;
    board->known = true;
    tell_status(board, anew);
}

/* ---- the hashes ---- */

static void on_change(const char *incident, const char *value, void *arg)
{
    struct scan *scan = arg;
    char *name, *event = NULL;

    if (!scan->tells)
        return;
    name = json_line_print(json_string(incident));
    if (name != NULL && asprintf(&event, "event: todo\ndata: {\"incident\":%s,\"entry\":%s}\n\n",
                                 name, value != NULL ? value : "null") >= 0)
        scan->board->callbacks.on_todo(event, scan->board->callbacks.arg);
    else
        event = NULL;
    free(event);
    free(name);
}

static void scan_on(struct scan *scan, const char *cursor);

/* Once a change, to whoever listens and to the log. */
static void tell_left_out(struct scan *scan)
{
    const struct board *board = scan->board;
    bool is = scan->leaves_out;

    if (is == scan->left_out)
        return;
    scan->left_out = is;
    if (is)
        log_warning("%s: has what no browser can be told: it is left out", scan->key);
    else
        log_info("%s: nothing of it is left out any more", scan->key);
    if (scan->tells)
        board->callbacks.on_todo(is ? "event: left-out\ndata: {\"left_out\":true}\n\n"
                                    : "event: left-out\ndata: {\"left_out\":false}\n\n",
                                 board->callbacks.arg);
}

static void end_scan(struct scan *scan)
{
    scan->goes_on = false;
    tell_left_out(scan);
    hash_copy_end(scan->copy, on_change, scan);
    if (scan == &scan->board->todo) // the last thing that is asked: Redis does what it is there for
        redis_healthy(scan->board->talk);
}

/* [cursor, [field, value, …]] */
static void on_scanned(const struct redis_reply *reply, void *arg)
{
    struct scan *scan = arg;
    struct redis_reply cursor = redis_item(reply, 0), pairs = redis_item(reply, 1);

    if (reply->kind == REDIS_ERROR || cursor.kind != REDIS_TEXT ||
        ++scan->rounds > BOARD_ROUNDS_MAX) {
        redis_reset(scan->board->talk,
                    reply->kind == REDIS_ERROR ? reply->text : "does not scan as it should");
        return;
    }
    for (size_t i = 0; i + 1 < pairs.n; i += 2) {
        struct redis_reply field = redis_item(&pairs, i), value = redis_item(&pairs, i + 1);

        if (!hash_copy_put(scan->copy, field.text, field.n, value.text, value.n))
            scan->leaves_out = true;
    }
    if (strcmp(cursor.text, "0") == 0)
        end_scan(scan);
    else
        scan_on(scan, cursor.text);
}

static void scan_on(struct scan *scan, const char *cursor)
{
    char count[16];

    snprintf(count, sizeof count, "%d", WEB_STEP);
    scan->goes_on = redis_send(scan->board->talk, 5,
                               (const char *[]){ "HSCAN", scan->key, cursor, "COUNT", count }, NULL,
                               on_scanned, scan);
}

static void begin_scan(struct scan *scan)
{
    if (scan->goes_on || !redis_is_up(scan->board->talk) || !hash_copy_begin(scan->copy))
        return;
    scan->rounds = 0;
    scan->leaves_out = false;
    scan_on(scan, "0");
}

/* ---- the second ---- */

static void scan(struct board *board)
{
    board->scanned = clock_tick();
    begin_scan(&board->open); // first, so that an item finds its newest alert
    begin_scan(&board->todo);
}

void board_tick(struct board *board)
{
    if (!redis_is_up(board->talk)) {
        board_down(board);
        return;
    }
    if (!board->asked)
        board->asked = redis_send(board->talk, 2, (const char *[]){ "GET", board->heartbeat_key },
                                  NULL, on_heartbeat, board);
    scan(board);
}

void board_refresh(struct board *board)
{
    if (redis_is_up(board->talk) && clock_tick().ms - board->scanned.ms >= SCAN_APART_MS)
        scan(board);
}

void board_down(struct board *board)
{
    board->down = board->known = true;
    board->asked = board->todo.goes_on = board->open.goes_on = false;
    tell_status(board, false);
}

void board_hear(struct board *board, bool feed)
{
    board->deaf = !feed;
    tell_status(board, false);
}

bool board_is_lost(const struct board *board)
{
    return lost(board) != NULL;
}

const char *board_site(const struct board *board)
{
    return board->site;
}

/* ---- the list ---- */

struct printing {
    FILE *out;
    const struct hash_copy *open;
    bool more;
};

static void print_item(const char *incident, const char *value, void *arg)
{
    struct printing *printing = arg;
    const char *open = hash_copy_get(printing->open, incident);
    char *name = json_line_print(json_string(incident));

    if (name != NULL)
        fprintf(printing->out, "%s{\"incident\":%s,\"entry\":%s,\"open\":%s}",
                printing->more ? "," : "", name, value, open != NULL ? open : "null");
    printing->more = printing->more || name != NULL;
    free(name);
}

char *board_print(const struct board *board, size_t *out_n)
{
    struct printing printing = { .open = board->open.copy };
    char *text = NULL;

    if (board->down || !hash_copy_is_known(board->todo.copy))
        return NULL;
    printing.out = open_memstream(&text, out_n);
    if (printing.out == NULL)
        return NULL;
    fputs("{\"items\":[", printing.out);
    hash_copy_each(board->todo.copy, print_item, &printing);
    fprintf(printing.out, "],\"left_out\":%s}", board->todo.left_out ? "true" : "false");
    if (fclose(printing.out) == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- begin and end ---- */

static bool scan_init(struct scan *scan, struct board *board, const struct web_redis *redis,
                      const char *name)
{
    scan->board = board;
    scan->copy = hash_copy_create();
    web_redis_key(redis, name, scan->key);
    return scan->copy != NULL;
}

struct board *board_create(const struct web_redis *redis, struct redis *talk,
                           const struct board_callbacks *callbacks)
{
    struct board *board = calloc(1, sizeof *board);

    if (board == NULL)
        return NULL;
    board->talk = talk;
    board->callbacks = *callbacks;
    board->down = true;
    web_redis_key(redis, "heartbeat", board->heartbeat_key);
    board->todo.tells = true;
    if (scan_init(&board->todo, board, redis, "todo") &&
        scan_init(&board->open, board, redis, "open"))
        return board;
    board_destroy(board);
    return NULL;
}

void board_destroy(struct board *board)
{
    if (board == NULL)
        return;
    hash_copy_destroy(board->todo.copy);
    hash_copy_destroy(board->open.copy);
    json_decref(board->heartbeat);
    free(board);
}
