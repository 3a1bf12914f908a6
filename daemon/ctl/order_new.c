/* SPDX-License-Identifier: Apache-2.0 */
/* order_new.c - an order with one zone, by options, by questions, or by both. */
#include "adapter/print.h"
#include "core/index.h"
#include "ctl/order_ask.h"
#include "ctl/order_grid.h"
#include "ctl/order_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char zone_of_none[] = "home";

/* What the command line says already. */
static bool begin(const struct order_place *place, struct order_answers *answers, struct fault *why)
{
    const struct order_call *call = place->call;
    size_t centre = order_key_find("centre");

    for (size_t i = 0; i < ORDER_KEYS; i++) {
        const char *given = call->keys[i] != NULL ? call->keys[i] : "";

        if (strlen(given) >= ORDER_ANSWER_MAX)
            return fault_set(why, "--%s: longer than %d bytes: `order import` takes it from a file",
                             order_keys[i].name, ORDER_ANSWER_MAX - 1);
        strcpy(answers->of[i], given);
        order_ask_now(i, answers->of[i]);
    }
    return call->grid == NULL ||
           order_grid_centre(call->grid, &place->settings.region, answers->of[centre], why);
}

/* A zone is named, or has a shape. */
static bool has_zone(const struct order_answers *answers)
{
    bool has = false;

    for (size_t i = 0; i < ORDER_KEYS; i++)
        has |= order_keys[i].of >= ORDER_KEY_ZONE_NAME && answers->of[i][0] != '\0';
    return has;
}

/* The file of the answers; the caller frees. */
static char *print_sheet(const struct order_answers *answers, struct fault *why)
{
    const char *id = answers->of[order_key_find("id")], *name = answers->of[order_key_find("zone")];
    struct order_sheet sheet = { 0 };
    struct sheet_section *order = NULL, *zone = NULL;
    char *text = NULL;
    bool ok =
        name_valid(id) || fault_set(why, "id: \"%.80s\" is not 1..64 letters, digits, - _ .", id);

    ok = ok && (name[0] == '\0' || name_valid(name) ||
                fault_set(why, "zone: \"%.80s\" is not 1..64 letters, digits, - _ .", name));
    order = ok ? order_sheet_section(&sheet, NULL, id) : NULL;
    if (order != NULL && has_zone(answers))
        zone = order_sheet_section(&sheet, order, name[0] != '\0' ? name : zone_of_none);
    if (ok && (order == NULL || (zone == NULL && has_zone(answers))))
        ok = fault_set(why, FAULT_MEMORY);
    for (size_t i = 0; ok && i < ORDER_KEYS; i++) {
        if (order_keys[i].of == ORDER_KEY_ORDER)
            ok = order_sheet_put(&sheet, order, i, answers->of[i], why);
        else if (order_keys[i].of == ORDER_KEY_ZONE && zone != NULL)
            ok = order_sheet_put(&sheet, zone, i, answers->of[i], why);
    }
    if (ok && (text = order_sheet_print(&sheet)) == NULL)
        fault_set(why, FAULT_MEMORY);
    order_sheet_fini(&sheet);
    return text;
}

/* Shows the file, checks all, moves it in. */
static bool settle(const struct order_place *place, const struct order_answers *answers, bool ask,
                   struct fault *why)
{
    char name[ORDER_FILE_NAME_MAX];
    char *text = print_sheet(answers, why);
    bool ok =
        text != NULL && order_place_name(place->call, answers->of[order_key_find("id")], name, why);

    if (ok)
        order_place_show(text);
    if (ok && ask && !place->call->dry_run && !ask_whether("put it in place?"))
        ok = fault_set(why, "nothing was written");
    ok = ok && order_place_put(place, name, text, false, why);
    free(text);
    return ok;
}

/* Asks until it is good, or nobody answers any more. */
static bool by_questions(const struct order_place *place, struct order_answers *answers,
                         struct fault *why)
{
    while (order_ask(place, answers)) {
        if (settle(place, answers, true, why))
            return true;
        print_line(stderr, "breachctl: %s", why->text);
        if (!ask_whether("once more, with these answers to begin from?"))
            break;
    }
    return fault_set(why, "nothing was written");
}

int order_new(const struct order_call *call)
{
    struct order_answers *answers = calloc(1, sizeof *answers);
    struct order_place place = { .fd = -1 };
    struct fault why;
    bool ask = call->ask || (isatty(STDIN_FILENO) && call->keys[order_key_find("id")] == NULL);
    bool ok = answers != NULL || fault_set(&why, FAULT_MEMORY);

    if (!ask && call->keys[order_key_find("id")] == NULL) {
        free(answers);
        ctl_wrong("--id ID, or --ask: must be given, where nobody sits at a terminal");
        return ctl_misused("order");
    }
    ok = ok && order_place_open(call, &place, &why) && begin(&place, answers, &why) &&
         (ask ? by_questions(&place, answers, &why) : settle(&place, answers, false, &why));
    order_place_close(&place);
    free(answers);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
