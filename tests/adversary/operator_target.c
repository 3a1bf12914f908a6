/* SPDX-License-Identifier: Apache-2.0 */
/* operator_target.c - what is asked for: the path, and maybe a query. */
#include "operator_parts.h"

#include <stdio.h>
#include <string.h>

/* As a value of an address. */
static void add_coded(struct printed *to, const char *text)
{
    char coded[4];

    for (; *text != '\0'; text++) {
        snprintf(coded, sizeof coded,
                 strchr("-_./:", *text) || (*text >= '0' && *text <= 'z') ? "%c" : "%%%02X",
                 (unsigned char)*text);
        printed_add(to, coded);
    }
}

static void add_incident(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "nobody/home/1",
                                       "H0/home/0",
                                       "H0/home/4294967296",
                                       "H0/home/-1",
                                       "H0//1",
                                       "/",
                                       "..",
                                       "%2e%2e/%2e%2e",
                                       "%00",
                                       "%",
                                       "%zz",
                                       "%ff%fe",
                                       "H0/home/1/map",
                                       "device/desk-001/tamper/1",
                                       "map",
                                       "ID" };
    const char *id = operator_one_known(operator, & operator->incidents, "H0/home/1");

    if (operator_one_in(operator, 8)) {
        printed_add(to, ONE_OF(operator, odd));
    } else if (operator_one_in(operator, 20)) {
        printed_add_many(to, 'i', dice_below(operator->dice, 9000));
    } else if (operator_one_in(operator, 20)) { // cut
        char part[OPERATOR_TEXT];

        snprintf(part, sizeof part, "%.*s",
                 (int)dice_below(operator->dice, (unsigned)strlen(id) + 1), id);
        printed_add(to, part);
    } else {
        printed_add(to, id);
    }
}

static void add_device(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = {
        "", "nobody", "evil-0", "%20", "a/b", "honest-0", "honest-3/"
    };
    char id[32];

    snprintf(id, sizeof id, "desk-%03u", dice_below(operator->dice, 320));
    printed_add(to, operator_one_in(operator, 4) ? ONE_OF(operator, odd) : id);
}

static void add_path(struct operator_view *operator, struct printed * to, enum operator_path path)
{
    static const char *const nowhere[] = { "/v1/incidentsx",
                                           "/v1/incident",
                                           "//v1/incidents",
                                           "/V1/incidents",
                                           "/v1/incidents/",
                                           "/v1/devices/",
                                           "/v1/incidents%3f",
                                           "http://x/v1/incidents",
                                           "*",
                                           "/v1/incidents#x",
                                           "/v1" };

    switch (path) {
    case OPERATOR_INCIDENTS:
        printed_add(to, "/v1/incidents");
        break;
    case OPERATOR_INCIDENT:
    case OPERATOR_MAP:
        printed_add(to, "/v1/incidents/");
        add_incident(operator, to);
        printed_add(to, path == OPERATOR_MAP ? "/map" : "");
        break;
    case OPERATOR_DEVICES:
        printed_add(to, "/v1/devices");
        break;
    case OPERATOR_DEVICE:
        printed_add(to, "/v1/devices/");
        add_device(operator, to);
        break;
    case OPERATOR_OPERATOR:
        printed_add(to, operator_one_in(operator, 2) ? "/v1/status" : "/metrics");
        break;
    case OPERATOR_OPEN:
        printed_add(to, operator_one_in(operator, 2) ? "/healthz" : "/readyz");
        break;
    case OPERATOR_NOWHERE:
    case OPERATOR_PATHS:
        printed_add(to, ONE_OF(operator, nowhere));
    }
}

/* ---- the query ---- */

/* A cursor of either list: true, cut, longer, of numbers that nobody counts to, or nonsense. */
static void add_cursor(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "0",
                                       "1",
                                       "-1",
                                       "999999999999999999",
                                       "9223372036854775807",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "1e9",
                                       "0x10",
                                       "",
                                       " 1",
                                       "1 ",
                                       "null",
                                       "next",
                                       "00000000000000000000000000001",
                                       "%00" };
    char text[2 * OPERATOR_TEXT];

    snprintf(text, sizeof text, "%s", operator_one_known(operator, & operator->cursors, "100"));
    if (operator_one_in(operator, 3)) {
        snprintf(text, sizeof text, "%u", dice_below(operator->dice, 5000));
    } else if (operator_one_in(operator, 4)) {
        text[dice_below(operator->dice, (unsigned)strlen(text) + 1)] = '\0';
    } else if (operator_one_in(operator, 6)) {
        strcat(text, operator_one_known(operator, & operator->cursors, "x"));
    } else if (operator_one_in(operator, 5)) {
        printed_add(to, ONE_OF(operator, odd));
        return;
    }
    add_coded(to, text);
}

static void add_since(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "2020-06-23T20:00:00Z",
                                       "1969-12-31T23:59:59Z",
                                       "9999-12-31T23:59:59.999Z",
                                       "2026-02-30T00:00:00Z",
                                       "2026-11-30T24:00:00Z",
                                       "0",
                                       "1e308",
                                       "-1",
                                       "now",
                                       "2026-11-30T00:00:00+23:59",
                                       "2026-11-30T00:00:00.000000000000000Z",
                                       "" };

    add_coded(to, ONE_OF(operator, odd));
}

static void add_area(struct operator_view *operator, struct printed * to)
{
    static const char *const odd[] = { "",  "Basildon",  "Harwich", "%00",      "%ff",
                                       "%", "%E2%80%AE", "%22%5C",  "%0d%0aX:1" };

    if (operator_one_in(operator, 8))
        printed_add_many(to, 'a', dice_below(operator->dice, 8000));
    else
        printed_add(to, ONE_OF(operator, odd));
}

static void add_query(struct operator_view *operator, struct printed * to)
{
    static const char *const states[] = { "open", "todo",     "all",  "all",  "",
                                          "gone", "openopen", "OPEN", "%61ll" };
    static const char *const names[] = { "state", "after",  "since", "area", "limit",
                                         "next",  "cursor", "token", "" };
    unsigned n = dice_below(operator->dice, 4);

    for (unsigned i = 0; i < n; i++) {
        unsigned which = dice_below(operator->dice, sizeof names / sizeof *names);

        printed_add(to, i == 0 ? "?" : "&");
        printed_add(to, names[which]);
        printed_add(to, operator_one_in(operator, 40) ? "" : "=");
        if (which == 0)
            printed_add(to, ONE_OF(operator, states));
        else if (which == 2)
            add_since(operator, to);
        else if (which == 3)
            add_area(operator, to);
        else
            add_cursor(operator, to);
    }
}

void operator_add_target(struct operator_view *operator, struct printed * to,
                         enum operator_path path)
{
    add_path(operator, to, path);
    if (!operator_one_in(operator, 3))
        add_query(operator, to);
}
