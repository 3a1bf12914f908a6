/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_parts.h"

#include <stdio.h>
#include <string.h>

static bool fits(const struct printed *to, size_t n)
{
    return to->n + n < CLIENTS_QUESTION_MAX - 64; // the end of the head always fits
}

void printed_add(struct printed *to, const char *text)
{
    size_t n = strlen(text);

    if (!fits(to, n))
        return;
    memcpy(to->out + to->n, text, n + 1);
    to->n += n;
}

void printed_add_many(struct printed *to, char what, size_t n)
{
    if (!fits(to, n))
        return;
    memset(to->out + to->n, what, n);
    to->n += n;
}

bool desk_one_in(struct desk *desk, unsigned n)
{
    return dice_below(desk->dice, n) == 0;
}

const char *desk_one_of(struct desk *desk, const char *const *texts, size_t n)
{
    return texts[dice_below(desk->dice, (unsigned)n)];
}

const char *desk_one_known(struct desk *desk, const struct desk_known *of, const char *none)
{
    return of->n > 0 ? of->texts[dice_below(desk->dice, of->n)] : none;
}

/* ---- the head ---- */

static const char *add_method(struct desk *desk, struct printed *to)
{
    static const char *const odd[] = { "HEAD",   "HEAD", "POST",  "OPTIONS", "PUT",
                                       "DELETE", "get",  "TRACE", "CONNECT" };
    const char *method = desk_one_in(desk, 5) ? ONE_OF(desk, odd) : "GET";

    printed_add(to, method);
    printed_add(to, " ");
    return method;
}

static void add_line(struct printed *to, const char *name, const char *value)
{
    printed_add(to, name);
    printed_add(to, ": ");
    printed_add(to, value);
    printed_add(to, "\r\n");
}

/* Words that people write, numbered where they may be kept; 0: they are not. */
static unsigned long add_reason(struct desk *desk, struct printed *to)
{
    static const char *const words[] = { "",
                                         "court asks",
                                         "\"}],\\",
                                         "\xc3\xa9\xe2\x80\xae",
                                         "\xff\xfe",
                                         "\x1b[2J",
                                         "\"reason\":\"look 1\"",
                                         "\t",
                                         "a\x01" };
    unsigned long look = 0;
    char number[32];

    if (desk_one_in(desk, 20)) // none, or an empty one
        return desk_one_in(desk, 2) ? (add_line(to, "X-Reason", ""), 0UL) : 0UL;
    look = ++desk->looks;
    snprintf(number, sizeof number, "look %lu ", look);
    printed_add(to, "X-Reason: ");
    printed_add(to, number);
    printed_add(to, ONE_OF(desk, words));
    if (desk_one_in(desk, 8))
        printed_add_many(to, 'r', dice_below(desk->dice, 700));
    printed_add(to, "\r\n");
    return look;
}

static void add_by(struct desk *desk, struct printed *to)
{
    static const char *const names[] = { "Sgt 1234", "",     "PC 42",  "\xc3\xa9",
                                         "\xff",     "desk", "a\"b\\c" };

    if (desk_one_in(desk, 2))
        return;
    printed_add(to, "X-By: ");
    printed_add(to, ONE_OF(desk, names));
    if (desk_one_in(desk, 4))
        printed_add_many(to, 'b', dice_below(desk->dice, 80));
    printed_add(to, "\r\n");
}

static void add_tag(struct desk *desk, struct printed *to)
{
    static const char *const odd[] = { "*", "W/\"\"", "\"", "W/", "\"x\", \"y\"" };

    if (!desk_one_in(desk, 3))
        return;
    if (desk_one_in(desk, 16)) {
        printed_add(to, "If-None-Match: ");
        printed_add_many(to, '"', dice_below(desk->dice, 12000));
        printed_add(to, "\r\n");
        return;
    }
    add_line(to, "If-None-Match",
             desk_one_in(desk, 4) ? ONE_OF(desk, odd) : desk_one_known(desk, &desk->tags, "*"));
}

static void add_odd_lines(struct desk *desk, struct printed *to)
{
    static const char *const lines[] = { "Connection: close",
                                         "Connection: keep-alive",
                                         "Expect: 100-continue",
                                         "Range: bytes=0-1",
                                         "Accept-Encoding: gzip",
                                         "Content-Length: 0",
                                         "Transfer-Encoding: chunked",
                                         "Upgrade: h2c",
                                         "X-Forwarded-For: 8.8.8.8",
                                         "Cookie: breachd=0",
                                         "Content-Length: 99999999",
                                         "Host: y",
                                         "X Y: 1" };

    if (desk_one_in(desk, 6)) {
        printed_add(to, ONE_OF(desk, lines));
        printed_add(to, "\r\n");
    }
    if (!desk_one_in(desk, 300))
        return;
    for (int i = 0; i < 70; i++) // more than the door takes
        add_line(to, "X-Many", "1");
}

static void add_token(struct desk *desk, struct printed *to)
{
    unsigned n = 0;
    const char *token;

    while (n < DESK_TOKENS && desk->tokens[n] != NULL)
        n++;
    token = desk->tokens[dice_below(desk->dice, n)];
    if (token[0] == '\0')
        return;
    printed_add(to, "Authorization: Bearer ");
    printed_add(to, token);
    printed_add(to, "\r\n");
}

static enum desk_path draw_path(struct desk *desk)
{
    unsigned all = 0, drawn, path = 0;

    for (unsigned i = 0; i < DESK_PATHS; i++)
        all += desk->weights[i];
    drawn = dice_below(desk->dice, all);
    while (drawn >= desk->weights[path])
        drawn -= desk->weights[path++];
    return (enum desk_path)path;
}

size_t desk_ask(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    struct desk *desk = arg;
    struct printed to = { out, 0 };
    enum desk_path path = draw_path(desk);
    const char *method = add_method(desk, &to);

    desk_add_target(desk, &to, path);
    printed_add(&to, desk_one_in(desk, 30) ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: x\r\n");
    add_token(desk, &to);
    *question = (struct question){ .bodiless = strcmp(method, "HEAD") == 0, .kind = path };
    if (path == DESK_MAP)
        question->look = add_reason(desk, &to);
    add_by(desk, &to);
    add_tag(desk, &to);
    add_odd_lines(desk, &to);
    printed_add(&to, strcmp(method, "POST") == 0 ? "Content-Length: 2\r\n\r\n{}" : "\r\n");
    return to.n;
}

/* ---- answers ---- */

static void learn(struct desk *desk, struct desk_known *known, const char *text, size_t n)
{
    unsigned at = known->n < DESK_KNOWN ? known->n++ : dice_below(desk->dice, DESK_KNOWN);

    snprintf(known->texts[at], DESK_TEXT, "%.*s", (int)n, text);
}

/* Each text between these two. */
static void learn_all(struct desk *desk, struct desk_known *known, const char *text,
                      const char *before, const char *until)
{
    while ((text = strstr(text, before)) != NULL) {
        text += strlen(before);
        learn(desk, known, text, strcspn(text, until));
    }
}

/* Neither in a list nor in a status may a place stand; and only a map is drawn. */
static bool holds_a_place(const char *text)
{
    return strstr(text, "\"lat\"") != NULL || strstr(text, "\"lon\"") != NULL ||
           strstr(text, "\"coordinates\"") != NULL;
}

void desk_heard(void *arg, const struct question *question, int code, const char *text)
{
    struct desk *desk = arg;
    bool of_room = question->kind <= DESK_DEVICE;

    desk->answers++;
    if (code > 0 && code < 600)
        desk->codes[code]++;
    if (question->kind != DESK_MAP && holds_a_place(text))
        desk->placed++;
    if (code != 200 && code != 304)
        return;
    desk->let_in += of_room;
    if (question->kind == DESK_MAP && question->look < DESK_LOOKS)
        desk->seen[question->look / 8] |= (unsigned char)(1 << question->look % 8);
    learn_all(desk, &desk->tags, text, "\r\nETag: ", "\r");
    learn_all(desk, &desk->cursors, text, "\"next\":\"", "\"");
    if (question->kind == DESK_INCIDENTS)
        learn_all(desk, &desk->incidents, text, "\"incident\":\"", "\"");
}
