/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/removals.h"

#include "adapter/print.h"
#include "ctl/line.h"

#include <string.h>

enum removal_cause removal_cause(const struct read_entry *link, const json_t *body)
{
    if (strcmp(link->kind, "forgotten") == 0)
        return REMOVED_FORGOTTEN;
    if (strcmp(link->kind, "archived") == 0)
        return REMOVED_LEFT_OUT;
    return strcmp(line_text(body, "command"), "archive") == 0 ? REMOVED_ARCHIVED
                                                              : REMOVED_BY_RETENTION;
}

static json_int_t count(const json_t *body, const char *name)
{
    const json_t *range;
    json_int_t n = 0;
    size_t i;

    json_array_foreach(json_object_get(body, name), i, range) n +=
        json_integer_value(json_array_get(range, 1)) -
        json_integer_value(json_array_get(range, 0)) + 1;
    return n;
}

/* Who they say they are, or were before sudo(8), or are logged in as. */
static const char *who(const json_t *body)
{
    static const char *const names[] = { "by", "sudo", "user" };
    size_t i = 0;

    while (i < 2 && line_text(body, names[i])[0] == '\0')
        i++;
    return line_text(body, names[i]);
}

/* Each hundred bodies of an archive have a link of their own: they are told as one. */
static json_t *same_archive(const json_t *all, const json_t *body)
{
    json_t *last = json_array_get(all, json_array_size(all) - 1);

    return last != NULL && strcmp(line_text(last, "reason"), line_text(body, "reason")) == 0 ? last
                                                                                             : NULL;
}

static bool add(json_t **list, const struct read_entry *link, const json_t *body, const char *of)
{
    json_int_t n = count(body, "entries") + count(body, "alerts");
    char at[UTC_TEXT_MAX];
    json_t *same;

    if (*list == NULL && (*list = json_array()) == NULL)
        return false;
    same = strcmp(of, "before") == 0 ? same_archive(*list, body) : NULL;
    if (same != NULL)
        return json_object_set_new(
                   same, "bodies",
                   json_integer(n + json_integer_value(json_object_get(same, "bodies")))) == 0;
    return json_array_append_new(
               *list, json_pack("{s:I,s:s,s:s,s:s,s:s,s:I}", "entry", (json_int_t)link->number,
                                "at", utc_print(link->at, at), of, line_text(body, "of"), "by",
                                who(body), "reason", line_text(body, "reason"), "bodies", n)) == 0;
}

/* Not of what is no evidence, which `retention` takes. */
static void take_expired(struct removals *gone, const json_t *body)
{
    json_int_t before = json_integer_value(json_object_get(body, "before"));

    if (!json_is_true(json_object_get(body, "evidence")))
        return;
    gone->expired_bodies += count(body, "entries");
    gone->expired_alerts += count(body, "alerts");
    if (before > gone->expired_before.ms)
        gone->expired_before.ms = before;
}

bool removals_take(struct removals *gone, const struct read_entry *link, const json_t *body)
{
    bool taking = strcmp(link->kind, "retention") == 0 || strcmp(link->kind, "forgotten") == 0;
    enum removal_cause why = removal_cause(link, body);

    if (taking && why == REMOVED_BY_RETENTION)
        take_expired(gone, body);
    if (!taking || why == REMOVED_BY_RETENTION)
        return true;
    return why == REMOVED_FORGOTTEN ? add(&gone->forgotten, link, body, "respondent")
                                    : add(&gone->archived, link, body, "before");
}

void removals_fini(struct removals *gone)
{
    json_decref(gone->forgotten);
    json_decref(gone->archived);
}

static void print_one(const json_t *one, const char *before, const char *of, const char *what)
{
    print_line(stdout, "%s%s: %s at %s by %s: %s; %lld bodies, entry %lld", before,
               line_text(one, of), what, line_text(one, "at"), line_text(one, "by"),
               line_text(one, "reason"),
               (long long)json_integer_value(json_object_get(one, "bodies")),
               (long long)json_integer_value(json_object_get(one, "entry")));
}

void removals_print(const struct removals *gone)
{
    const json_t *one;
    size_t i;

    json_array_foreach(gone->forgotten, i, one) print_one(one, "", "respondent", "forgotten");
    json_array_foreach(gone->archived, i, one) print_one(one, "before ", "before", "let go");
}
