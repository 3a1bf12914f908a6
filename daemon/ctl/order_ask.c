/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_ask.h"

#include "adapter/clock.h"
#include "adapter/conf/orderfile.h"
#include "adapter/print.h"
#include "ctl/order_grid.h"

#include <stdio.h>
#include <string.h>

enum { QUESTION_MAX = 160 };

/* A text of this one value, and the number of its line there. */
static int print_alone(const struct order_answers *answers, size_t key, char *out, size_t room)
{
    const char *id = answers->of[0];
    const struct order_key *of = &order_keys[key];

    if (of->of == ORDER_KEY_ID)
        snprintf(out, room, "[order %s]\n", answers->of[key]);
    else if (of->of == ORDER_KEY_ORDER)
        snprintf(out, room, "[order %s]\n%s = %s\n", id, of->name, answers->of[key]);
    else if (of->of == ORDER_KEY_ZONE_NAME)
        snprintf(out, room, "[order %s]\n[zone %s/%s]\n", id, id, answers->of[key]);
    else
        snprintf(out, room, "[order %s]\n[zone %s/z]\n%s = %s\n", id, id, of->name,
                 answers->of[key]);
    return of->of == ORDER_KEY_ID ? 1 : of->of == ORDER_KEY_ZONE ? 3 : 2;
}

/* Whether a complaint about that line is of the value; else it is of what is not asked yet. */
static bool is_of_value(const char *said, enum order_key_of of)
{
    return of == ORDER_KEY_ORDER || of == ORDER_KEY_ZONE || strstr(said, "ids are") != NULL;
}

/* Says what is wrong with the answer by itself. */
static bool is_good(const struct order_place *place, const struct order_answers *answers,
                    size_t key)
{
    char text[4 * ORDER_ANSWER_MAX], where[32];
    const char *texts[] = { text };
    struct orderfile_options options = { .texts = texts,
                                         .n_texts = 1,
                                         .region = place->settings.region,
                                         .civil = &place->civil,
                                         .ping_interval_ms = place->settings.ping_interval_ms,
                                         .kinds = &place->settings.kinds };
    struct complaints complaints = { 0 };
    int line = print_alone(answers, key, text, sizeof text);
    bool good = true;

    rulebook_destroy(orderfile_load(&options, &complaints));
    snprintf(where, sizeof where, "text:%d: ", line);
    for (size_t i = 0; i < complaints.n; i++) {
        const struct complaint *one = &complaints.kept[i];

        if (!one->is_error || strncmp(one->text, where, strlen(where)) != 0 ||
            !is_of_value(one->text, order_keys[key].of))
            continue;
        print_line(stderr, "  %s%s", one->text + strlen(where), one->secret ? one->secret : "");
        good = false;
    }
    complaints_fini(&complaints);
    return good;
}

void order_ask_now(size_t key, char answer[ORDER_ANSWER_MAX])
{
    char text[UTC_TEXT_MAX];
    struct utc now = clock_utc();

    if ((key != order_key_find("from") && key != order_key_find("served")) ||
        strcmp(answer, "now") != 0)
        return;
    now.ms -= now.ms % 1000;
    strcpy(answer, utc_print(now, text));
}

/* Metres of the National Grid are a centre too. */
static bool mend(const struct order_place *place, size_t key, char answer[ORDER_ANSWER_MAX])
{
    char centre[ORDER_CENTRE_MAX];
    struct fault why;

    if (key != order_key_find("centre") || !order_grid_is(answer))
        return true;
    if (!order_grid_centre(answer, &place->settings.region, centre, &why)) {
        print_line(stderr, "  %s", why.text);
        return false;
    }
    strcpy(answer, centre);
    return true;
}

/* Until the answer is good; false: nobody answers any more. */
static bool ask_one(const struct order_place *place, struct order_answers *answers, size_t key)
{
    const struct order_key *of = &order_keys[key];
    char *kept = answers->of[key], before[ORDER_ANSWER_MAX], question[QUESTION_MAX];

    strcpy(before, kept);
    snprintf(question, sizeof question, "%s%s", of->ask, of->needed ? "" : " (or nothing)");
    for (;;) {
        if (!ask_text(question, before, kept))
            return false;
        order_ask_now(key, kept);
        if (kept[0] == '\0' && of->needed)
            print_line(stderr, "  it must be given");
        else if (kept[0] == '\0' || (mend(place, key, kept) && is_good(place, answers, key)))
            return true;
    }
}

bool order_ask(const struct order_place *place, struct order_answers *answers)
{
    bool shaped = answers->of[order_key_find("wkt")][0] != '\0' ||
                  answers->of[order_key_find("geojson")][0] != '\0';

    for (size_t i = 0; i < ORDER_KEYS; i++) {
        bool of_circle = i == order_key_find("centre") || i == order_key_find("radius");

        if (order_keys[i].ask != NULL && !(shaped && of_circle) && !ask_one(place, answers, i))
            return false;
    }
    return true;
}
