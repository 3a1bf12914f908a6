/* SPDX-License-Identifier: Apache-2.0 */
/* order_end.c - an order ends at an instant: its line `until` is written anew. */
#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/index.h"
#include "core/rulebook.h"
#include "ctl/order_edit.h"
#include "ctl/order_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = NAME_MAX_CHARS + 16 };

/* The section as it is then, with the name of its file. */
static bool show(const struct order_place *place, const char *name, const char *text,
                 const struct order_edit *edit)
{
    print_line(stdout, "; %s/%s", place->folder, name);
    return order_edit_show(text, name, edit, 1, order_place_show);
}

/* An end is brought forward: to make an order longer is the court's, and a text's. */
static bool check_earlier(const struct order_place *place, const char *name, const char *text,
                          const char *id, struct utc at, struct fault *why)
{
    struct orderfile_draft draft = { name, text };
    struct rulebook *rules = order_place_check(place, &draft, 1, false);
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

static bool end_order(const struct order_place *place, const char *id, const char *until,
                      struct utc at, struct fault *why)
{
    static const char *const gone[] = { "until", NULL };
    char name[ORDER_FILE_NAME_MAX], section[SECTION_MAX];
    struct order_edit_line line = { "until", until };
    struct order_edit edit = { section, gone, "from", &line, 1 };
    char *text = NULL, *fresh = NULL;
    bool ok;

    snprintf(section, sizeof section, "order %s", id);
    ok = order_place_lock(place, why) &&
         (text = order_find_file(place, section, name, why)) != NULL &&
         check_earlier(place, name, text, id, at, why);
    if (ok &&
        ((fresh = order_edit(text, name, &edit, 1)) == NULL || !show(place, name, fresh, &edit)))
        ok = fault_set(why, FAULT_MEMORY);
    ok = ok && order_place_put(place, name, fresh, true, why);
    free(fresh);
    free(text);
    return ok;
}

int order_end(const struct order_call *call, const char *id)
{
    struct order_place place = { .fd = -1 };
    char until[UTC_TEXT_MAX];
    struct utc at;
    struct fault why;
    bool ok;

    if (!ctl_given(call->at, "--at TIME"))
        return ctl_misused("order");
    if (!name_valid(id))
        return ctl_wrong("%.100s: not 1..%d letters, digits, - _ .", id, NAME_MAX_CHARS);
    ok = order_place_open(call, &place, &why);
    if (ok && !read_at(&place, call->at, until, &at, &why)) {
        order_place_close(&place);
        return ctl_wrong("%s", why.text);
    }
    ok = ok && end_order(&place, id, until, at, &why);
    order_place_close(&place);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
