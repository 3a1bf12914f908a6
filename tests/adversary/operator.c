/* SPDX-License-Identifier: Apache-2.0 */
#include "operator_parts.h"

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

bool operator_one_in(struct operator_view *operator, unsigned n)
{
    return dice_below(operator->dice, n) == 0;
}

const char *operator_one_of(struct operator_view *operator, const char * const * texts, size_t n)
{
    return texts[dice_below(operator->dice, (unsigned)n)];
}

const char *operator_one_known(struct operator_view *operator, const struct operator_known * of,
                               const char *none)
{
    return of->n > 0 ? of->texts[dice_below(operator->dice, of->n)] : none;
}

/* ---- the head ---- */

static const char *add_method(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "HEAD",   "HEAD", "POST",  "OPTIONS", "PUT",
                                       "DELETE", "get",  "TRACE", "CONNECT" };
    const char *method = operator_one_in(operator, 5) ? ONE_OF(operator, odd) : "GET";

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
static unsigned long add_reason(struct operator_view *operator, struct printed * to)
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
    unsigned long access = 0;
    char number[32];

    if (operator_one_in(operator, 20)) // none, or an empty one
        return operator_one_in(operator, 2) ? (add_line(to, "X-Reason", ""), 0UL) : 0UL;
    access = ++operator->accesses;
    snprintf(number, sizeof number, "look %lu ", access);
    printed_add(to, "X-Reason: ");
    printed_add(to, number);
    printed_add(to, ONE_OF(operator, words));
    if (operator_one_in(operator, 8))
        printed_add_many(to, 'r', dice_below(operator->dice, 700));
    printed_add(to, "\r\n");
    return access;
}

static void add_by(struct operator_view *operator, struct printed * to)
{
    static const char *const names[] = { "Sgt 1234", "",     "PC 42",  "\xc3\xa9",
                                         "\xff",     "desk", "a\"b\\c" };

    if (operator_one_in(operator, 2))
        return;
    printed_add(to, "X-By: ");
    printed_add(to, ONE_OF(operator, names));
    if (operator_one_in(operator, 4))
        printed_add_many(to, 'b', dice_below(operator->dice, 80));
    printed_add(to, "\r\n");
}

static void add_tag(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "*", "W/\"\"", "\"", "W/", "\"x\", \"y\"" };

    if (!operator_one_in(operator, 3))
        return;
    if (operator_one_in(operator, 16)) {
        printed_add(to, "If-None-Match: ");
        printed_add_many(to, '"', dice_below(operator->dice, 12000));
        printed_add(to, "\r\n");
        return;
    }
    add_line(to, "If-None-Match",
             operator_one_in(operator, 4) ? ONE_OF(operator, odd)
                                          : operator_one_known(operator, & operator->tags, "*"));
}

static void add_odd_lines(struct operator_view *operator, struct printed * to)
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

    if (operator_one_in(operator, 6)) {
        printed_add(to, ONE_OF(operator, lines));
        printed_add(to, "\r\n");
    }
    if (!operator_one_in(operator, 300))
        return;
    for (int i = 0; i < 70; i++) // more than the door takes
        add_line(to, "X-Many", "1");
}

static void add_token(struct operator_view *operator, struct printed * to)
{
    unsigned n = 0;
    const char *token;

    while (n < OPERATOR_TOKENS && operator->tokens[n] != NULL)
        n++;
    token = operator->tokens[dice_below(operator->dice, n)];
    if (token[0] == '\0')
        return;
    printed_add(to, "Authorization: Bearer ");
    printed_add(to, token);
    printed_add(to, "\r\n");
}

static enum operator_path draw_path(struct operator_view *operator)
{
    unsigned all = 0, drawn, path = 0;

    for (unsigned i = 0; i < OPERATOR_PATHS; i++)
        all += operator->weights[i];
    drawn = dice_below(operator->dice, all);
    while (drawn >= operator->weights[path])
        drawn -= operator->weights[path++];
    return (enum operator_path)path;
}

size_t operator_ask(void *arg, char out[CLIENTS_QUESTION_MAX], struct question *question)
{
    struct operator_view *operator= arg;
    struct printed to = { out, 0 };
    enum operator_path path = draw_path(operator);
    const char *method = add_method(operator, & to);

    operator_add_target(operator, & to, path);
    printed_add(&to, operator_one_in(operator, 30) ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: x\r\n");
    add_token(operator, & to);
    *question = (struct question){ .bodiless = strcmp(method, "HEAD") == 0, .kind = path };
    if (path == OPERATOR_MAP)
        question->access = add_reason(operator, & to);
    add_by(operator, & to);
    add_tag(operator, & to);
    add_odd_lines(operator, & to);
    printed_add(&to, strcmp(method, "POST") == 0 ? "Content-Length: 2\r\n\r\n{}" : "\r\n");
    return to.n;
}

/* ---- answers ---- */

static void learn(struct operator_view *operator, struct operator_known * known, const char *text,
                  size_t n)
{
    unsigned at =
        known->n < OPERATOR_KNOWN ? known->n++ : dice_below(operator->dice, OPERATOR_KNOWN);

    snprintf(known->texts[at], OPERATOR_TEXT, "%.*s", (int)n, text);
}

/* Each text between these two. */
static void learn_all(struct operator_view *operator, struct operator_known * known,
                      const char *text, const char *before, const char *until)
{
    while ((text = strstr(text, before)) != NULL) {
        text += strlen(before);
        learn(operator, known, text, strcspn(text, until));
    }
}

/* Neither in a list nor in a status may a place stand; and only a map is drawn. */
static bool holds_a_place(const char *text)
{
    return strstr(text, "\"lat\"") != NULL || strstr(text, "\"lon\"") != NULL ||
           strstr(text, "\"coordinates\"") != NULL;
}

void operator_heard(void *arg, const struct question *question, int code, const char *text)
{
    struct operator_view *operator= arg;
    bool of_room = question->kind <= OPERATOR_DEVICE;

    operator->answers++;
    if (code > 0 && code < 600)
        operator->codes[code]++;
    if (question->kind != OPERATOR_MAP && holds_a_place(text))
        operator->placed++;
    if (code != 200 && code != 304)
        return;
    operator->let_in += of_room;
    if (question->kind == OPERATOR_MAP && question->access < OPERATOR_ACCESSES)
        operator->seen[question->access / 8] |=(unsigned char)(1 << question->access % 8);
    learn_all(operator, & operator->tags, text, "\r\nETag: ", "\r");
    learn_all(operator, & operator->cursors, text, "\"next\":\"", "\"");
    if (question->kind == OPERATOR_INCIDENTS)
        learn_all(operator, & operator->incidents, text, "\"incident\":\"", "\"");
}
