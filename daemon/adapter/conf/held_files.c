/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/held_files.h"

#include "adapter/conf/ini.h"
#include "adapter/conf/orderfile.h"
#include "core/index.h"
#include "core/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void held_files_fini(struct held_files *held)
{
    for (size_t i = 0; i < held->n; i++)
        free(held->of[i]);
    *held = (struct held_files){ 0 };
}

static bool is_held(const struct held_files *held, const char *path)
{
    for (size_t i = 0; i < held->n; i++) {
        if (strcmp(held->of[i], path) == 0)
            return true;
    }
    return false;
}

static bool hold(struct held_files *held, const char *path)
{
    if (held->n == HELD_FILES_MAX || (held->of[held->n] = strdup(path)) == NULL)
        return false;
    held->n++;
    return true;
}

bool held_files_add(struct held_files *held, const char *called)
{
    char path[SOURCE_NAME_MAX];

    source_name(called, NULL, path);
    return !is_held(held, path) && hold(held, path);
}

void held_files_remove(struct held_files *held, const char *called)
{
    char path[SOURCE_NAME_MAX];

    source_name(called, NULL, path);
    for (size_t i = 0; i < held->n; i++) {
        if (strcmp(held->of[i], path) != 0)
            continue;
        free(held->of[i]);
        held->of[i] = held->of[--held->n];
        return;
    }
}

size_t held_files_left_out(const struct held_files *held, const struct last_good *last)
{
    size_t n = 0;

    for (size_t i = 0; i < held->n; i++)
        n += last == NULL || last_good_find(last, LAST_GOOD_ORDERS, held->of[i]) == NULL;
    return n;
}

const char *held_files_print(size_t n, size_t left_out, char out[HELD_FILES_TEXT_MAX])
{
    size_t stay = n - left_out;
    int length = 0;

    out[0] = '\0';
    if (stay > 0)
        length = snprintf(out, HELD_FILES_TEXT_MAX, "%zu file%s as last good%s", stay, plural(stay),
                          left_out > 0 ? ", " : "");
    if (left_out > 0)
        snprintf(out + length, HELD_FILES_TEXT_MAX - (size_t)length,
                 "%zu file%s left out, which never %s good", left_out, plural(left_out),
                 left_out == 1 ? "was" : "were");
    return out;
}

/* Whether the file of orders, and each shape that it named, says what it said. */
static bool is_unchanged(const struct last_good *last, const struct last_good_text *orders)
{
    const struct last_good_text *shape;

    if (!source_is_unchanged(orders, INI_FILE_LIMIT))
        return false;
    for (shape = last_good_shape(last, orders->name); shape != NULL;
         shape = last_good_next_shape(last, shape)) {
        if (!source_is_unchanged(shape, ORDERFILE_GEOJSON_MAX))
            return false;
    }
    return true;
}

/* ---- what is bad ---- */

static bool lies_in(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* Of the file an error is told for the first time, so many were held before. */
static bool take_bad(struct held_files *held, size_t before, const struct last_good *last,
                     const char *called)
{
    char path[SOURCE_NAME_MAX];
    const struct last_good_text *text =
        last_good_find(last, LAST_GOOD_ORDERS, source_name(called, NULL, path));

    for (size_t i = before; i < held->n; i++) {
        if (strcmp(held->of[i], path) == 0)
            return true; // another of its errors
    }
    return !is_held(held, path) && (text == NULL || !is_unchanged(last, text)) && hold(held, path);
}

bool held_files_take_bad(struct held_files *held, const struct last_good *last, const char *folder,
                         const struct complaints *said)
{
    size_t before = held->n, errors = 0;

    for (size_t i = 0; i < said->n; i++) {
        const struct complaint *one = &said->kept[i];

        if (!one->is_error)
            continue;
        errors++;
        if (one->file == NULL || (one->is_clash && before == 0) || !lies_in(one->file, folder) ||
            !take_bad(held, before, last, one->file))
            return false;
    }
    return errors == said->errors && held->n > before; // or there are more than are kept
}

/* ---- what would go ---- */

struct losing {
    const struct last_good *last;
    const struct rulebook *rules;
    struct utc now;
    char order[NAME_MAX_CHARS + 1];     // of the section that is read, if it had not ended; else ""
    char lost[2 * NAME_MAX_CHARS + 16]; // the first thing that is lost; "": nothing
};

static bool had_not_ended(const struct losing *losing, const char *id)
{
    const struct last_good_order *order = last_good_find_order(losing->last, id);

    return order != NULL && order->until.ms > losing->now.ms;
}

static void lose(struct losing *losing, const char *what, const char *id)
{
    if (losing->lost[0] == '\0')
        snprintf(losing->lost, sizeof losing->lost, "%s %s", what, id);
}

static void take_section(struct losing *losing, const char *section)
{
    const char *id = strchr(section, ' ');
    size_t nth;

    losing->order[0] = '\0';
    if (id == NULL)
        return;
    id += strspn(id, " ");
    if (strncmp(section, "order ", 6) == 0 && strlen(id) <= NAME_MAX_CHARS &&
        had_not_ended(losing, id)) {
        strcpy(losing->order, id);
        if (!rulebook_find_order(losing->rules, id, &nth))
            lose(losing, "order", id);
    } else if (strncmp(section, "zone ", 5) == 0) {
        char order[NAME_MAX_CHARS + 1];

        snprintf(order, sizeof order, "%.*s", (int)strcspn(id, "/"), id);
        if (had_not_ended(losing, order) && !rulebook_find_exclusion(losing->rules, id, &nth))
            lose(losing, "zone", id);
    }
}

static void take_devices(struct losing *losing, const char *value)
{
    char *copy = strdup(value), *rest = copy, *one;
    size_t respondent, nth;

    while (copy != NULL && (one = strsep(&rest, ", \t")) != NULL) { // words of one line
        if (*one != '\0' && !rulebook_find_device(losing->rules, one, &respondent, &nth))
            lose(losing, "device", one);
    }
    free(copy);
}

/* An order that was served is enforced; one that is not any more is as good as gone. */
static void take_served(struct losing *losing)
{
    size_t nth;

    if (rulebook_find_order(losing->rules, losing->order, &nth) &&
        rulebook_order(losing->rules, nth)->served.ms == UTC_NEVER.ms)
        lose(losing, "service of order", losing->order);
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct losing *losing = arg;

    if (entry->key == NULL)
        take_section(losing, entry->section);
    else if (losing->order[0] != '\0' && strcmp(entry->key, "devices") == 0)
        take_devices(losing, entry->value);
    else if (losing->order[0] != '\0' && strcmp(entry->key, "served") == 0)
        take_served(losing);
}

/* What would go without the former text of the file; "" for nothing. */
static void find_lost(struct losing *losing, const char *path)
{
    struct sources sources = { .last = losing->last, .by_last = true };
    struct complaints unsaid = { 0 };

    losing->lost[0] = '\0';
    ini_read_from(&sources, LAST_GOOD_ORDERS, path, on_entry, losing, &unsaid);
    complaints_fini(&unsaid);
}

size_t held_files_take_losers(struct held_files *held, const struct last_good *last,
                              const char *folder, const struct rulebook *rules, struct utc now,
                              struct complaints *complaints)
{
    char called[SOURCE_NAME_MAX];
    struct losing losing = { .last = last, .rules = rules, .now = now };
    const struct last_good_text *text;
    size_t before = held->n;

    // A file of orders each turn.
    for (size_t i = 0; (text = last_good_nth(last, LAST_GOOD_ORDERS, i)) != NULL; i++) {
        if (is_held(held, text->name) || is_unchanged(last, text))
            continue;
        find_lost(&losing, text->name);
        if (losing.lost[0] == '\0' || !hold(held, text->name))
            continue;
        complain(complaints, source_called(text->name, folder, called), 0,
                 "%s would go while another file is refused: what was last good stays in force "
                 "here too",
                 losing.lost);
    }
    return held->n - before;
}
