/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_end.c - an order ends at an instant: one line of its file is written anew, and every other
 * byte of it stays as somebody has written it.
 */
#include "adapter/clock.h"
#include "adapter/conf/ini.h"
#include "adapter/print.h"
#include "core/index.h"
#include "core/rulebook.h"
#include "ctl/order_place.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where an order stands in a file; lines from 1, 0: none. */
struct spot {
    const char *id;
    int section, from, until, next; // next: where the section after it begins
    bool inside;
};

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct spot *spot = arg;
    const char *id = entry->section;

    if (entry->key == NULL) {
        if (spot->inside)
            spot->next = entry->line;
        spot->inside =
            strncmp(id, "order ", 6) == 0 && strcmp(id + 6 + strspn(id + 6, " "), spot->id) == 0;
        if (spot->inside)
            spot->section = entry->line;
    } else if (spot->inside && strcmp(entry->key, "from") == 0) {
        spot->from = entry->line;
    } else if (spot->inside && strcmp(entry->key, "until") == 0) {
        spot->until = entry->line;
    }
}

static int is_order_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && n < ORDER_FILE_NAME_MAX && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + n - 5, ".conf") == 0;
}

/* The file's text, if the order is in it; the caller frees. */
static char *look_into(const struct order_place *place, const char *name, const char *id,
                       struct spot *out, struct fault *why)
{
    struct complaints unheard = { 0 }; // the whole is checked later
    bool there;
    char *text = order_place_read(place, name, &there, why);

    *out = (struct spot){ .id = id };
    if (text != NULL)
        ini_read_text(text, name, on_entry, out, &unheard);
    complaints_fini(&unheard);
    if (out->section != 0)
        return text;
    free(text);
    return NULL;
}

/* The text of the one file of the folder that has the order; the caller frees. */
static char *find_file(const struct order_place *place, const char *id,
                       char name[ORDER_FILE_NAME_MAX], struct spot *out, struct fault *why)
{
    struct dirent **names = NULL;
    int n = scandir(place->folder, &names, is_order_file, alphasort);
    char *text = NULL;
    struct fault unread = { .text = "" };

    for (int i = 0; i < n; i++) {
        if (text == NULL) {
            strcpy(name, names[i]->d_name);
            text = look_into(place, name, id, out, &unread);
        }
        free(names[i]);
    }
    free(names);
    if (text == NULL && unread.text[0] != '\0')
        *why = unread;
    else if (text == NULL)
        fault_set(why, "%.64s: no order of that id in %.300s", id, place->folder);
    return text;
}

/* Where line `nth` begins, counted from 1; the end when there are fewer. */
static const char *line_at(const char *text, int nth)
{
    while (--nth > 0 && *text != '\0') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* Indented, and neither blank nor a comment. */
static bool goes_on(const char *line)
{
    size_t n = strspn(line, " \t");

    return n > 0 && strchr("\r\n;#", line[n]) == NULL;
}

/* Past the line and those that go on with it. */
static const char *past_value(const char *line)
{
    do {
        line += strcspn(line, "\n");
        line += *line == '\n';
    } while (goes_on(line));
    return line;
}

/* The text with another `until`, which is laid out as `from` is; the caller frees. */
static char *edited(const char *text, const struct spot *spot, const char *until)
{
    const char *from = line_at(text, spot->from), *begin, *end;
    size_t length = strcspn(from, "\n");
    int width = (int)strcspn(from, "=:") - (int)strspn(from, " \t");
    const char *line_end = length > 0 && from[length - 1] == '\r' ? "\r\n" : "\n";
    char *made = NULL;

    begin = end = past_value(from);
    if (spot->until > 0) {
        begin = line_at(text, spot->until);
        end = past_value(begin);
    }
    if (asprintf(&made, "%.*s%s%-*s= %s%s%s", (int)(begin - text), text,
                 begin > text && begin[-1] != '\n' ? line_end : "", width, "until", until, line_end,
                 end) < 0)
        return NULL;
    return made;
}

/* The lines of the order's own section. */
static void show(const struct order_place *place, const char *name, const char *text,
                 const char *id)
{
    struct complaints unheard = { 0 };
    struct spot spot = { .id = id };
    const char *begin, *end;
    char *section;

    ini_read_text(text, name, on_entry, &spot, &unheard);
    complaints_fini(&unheard);
    begin = line_at(text, spot.section);
    end = spot.next > 0 ? line_at(text, spot.next) : text + strlen(text);
    section = strndup(begin, (size_t)(end - begin));
    print_line(stdout, "; %s/%s", place->folder, name);
    if (section != NULL)
        order_place_show(section);
    free(section);
}

/* An end is brought forward: to make an order longer is the court's, and a text's. */
static bool check_earlier(const struct order_place *place, const char *name, const char *text,
                          const char *id, struct utc at, struct fault *why)
{
    struct rulebook *rules = order_place_check(place, name, text, false);
    const struct order *order;
    char until[UTC_TEXT_MAX];
    size_t nth;
    bool ok;

    if (rules == NULL)
        return fault_set(why, "the orders are refused as they are: mend them first");
    ok = rulebook_find_order(rules, id, &nth);
    order = ok ? rulebook_order(rules, nth) : NULL;
    ok = order != NULL ? at.ms <= order->until.ms ||
                             fault_set(why,
                                       "%.64s: ends at %s already: an order is not made longer by "
                                       "ending it",
                                       id, utc_print(order->until, until))
                       : fault_set(why, "%.64s: no order of that id", id);
    rulebook_destroy(rules);
    return ok;
}

/* What is written for --at: an instant as it was given, and the present one for `now`. */
static bool read_at(const struct order_place *place, const char *at, char out[UTC_TEXT_MAX],
                    struct utc *out_at, struct fault *why)
{
    struct fault flaw;

    if (strcmp(at, "now") == 0) {
        *out_at = clock_utc();
        out_at->ms -= out_at->ms % 1000;
        utc_print(*out_at, out);
        return true;
    }
    if (strlen(at) >= UTC_TEXT_MAX || !civil_parse(&place->civil, at, out_at, &flaw))
        return fault_set(why, "--at: \"%.60s\" %.200s", at,
                         strlen(at) >= UTC_TEXT_MAX ? "is no instant" : flaw.text);
    strcpy(out, at);
    return true;
}

static bool end_order(const struct order_place *place, const char *id, struct fault *why)
{
    char name[ORDER_FILE_NAME_MAX], until[UTC_TEXT_MAX];
    struct spot spot;
    struct utc at;
    char *text = NULL, *fresh = NULL;
    bool ok = read_at(place, place->call->at, until, &at, why) && order_place_lock(place, why) &&
              (text = find_file(place, id, name, &spot, why)) != NULL &&
              check_earlier(place, name, text, id, at, why);

    if (ok && (fresh = edited(text, &spot, until)) == NULL)
        ok = fault_set(why, FAULT_MEMORY);
    if (ok)
        show(place, name, fresh, id);
    ok = ok && order_place_put(place, name, fresh, true, why);
    free(fresh);
    free(text);
    return ok;
}

int order_end(const struct order_call *call, const char *id)
{
    struct order_place place = { .fd = -1 };
    struct fault why;
    bool ok;

    if (call->at == NULL || !name_valid(id))
        return ctl_misused("order");
    ok = order_place_open(call, &place, &why) && end_order(&place, id, &why);
    order_place_close(&place);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
