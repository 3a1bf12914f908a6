/* SPDX-License-Identifier: Apache-2.0 */
/* orderfile.c - read all files, group by order, then add orders, zones, permits in turn. */
#include "adapter/orderfile.h"

#include "adapter/ini.h"
#include "adapter/order_text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 30 mph: what may pass through a zone between two pings in a street. */
static const double street_speed = 13.4;

struct folder {
    const struct orderfile_wish *wish;
    struct complaints *complaints;
    struct arena arena;
    const char *file; // the one being read
    struct draft *first, **last;
    struct draft *open; // the section being read; NULL after one that was refused
    size_t count[3];    // by kind
    struct index order_of;
    struct draft **orders;   // by number
    struct draft ***last_of; // where the next draft of that order goes
    struct rulebook *rulebook;
};

static bool split_section(const char *section, enum draft_kind *out_kind, const char **out_rest)
{
    static const char *const words[] = { "order ", "zone ", "permit " };

    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);

        if (strncmp(section, words[i], n) == 0) {
            *out_kind = (enum draft_kind)i;
            *out_rest = section + n + strspn(section + n, " ");
            return true;
        }
    }
    return false;
}

/* Cuts "ORDER/NAME" in two; an order has no slash. */
static bool split_id(struct draft *draft)
{
    char *slash = strchr(draft->order, '/');

    if ((slash != NULL) != (draft->kind != DRAFT_ORDER))
        return false;
    if (slash != NULL) {
        *slash = '\0';
        draft->name = slash + 1;
    }
    return name_valid(draft->order) && (draft->name == NULL || name_valid(draft->name));
}

static void begin_section(struct folder *folder, const struct ini_entry *entry)
{
    struct draft *draft = arena_take(&folder->arena, sizeof *draft);
    const char *rest;

    folder->open = NULL;
    if (draft == NULL || !split_section(entry->section, &draft->kind, &rest)) {
        complain(folder->complaints, folder->file, entry->line,
                 "[%s]: is none of [order ID], [zone ORDER/NAME], [permit ORDER/NAME]",
                 entry->section);
        return;
    }
    draft->file = folder->file;
    draft->line = entry->line;
    draft->order = arena_text(&folder->arena, rest);
    draft->last_pair = &draft->pairs;
    if (draft->order == NULL || !split_id(draft)) {
        complain(
            folder->complaints, folder->file, entry->line,
            "[%s]: ids are 1..64 letters, digits, - _ . and a zone's or permit's is ORDER/NAME",
            entry->section);
        return;
    }
    folder->count[draft->kind]++;
    *folder->last = draft;
    folder->last = &draft->next;
    folder->open = draft;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct folder *folder = arg;
    struct pair *pair;

    if (entry->key == NULL) {
        begin_section(folder, entry);
        return;
    }
    if (folder->open == NULL) {
        if (entry->section[0] == '\0')
            complain(folder->complaints, folder->file, entry->line,
                     "%s: stands before any [section]", entry->key);
        return;
    }
    if (folder->wish->folder == NULL && strcmp(entry->key, ORDER_TEXT_SHAPE) == 0) {
        folder->open->shape = arena_text(&folder->arena, entry->value);
        return;
    }
    pair = arena_take(&folder->arena, sizeof *pair);
    if (pair != NULL) {
        pair->key = arena_text(&folder->arena, entry->key);
        pair->value = arena_text(&folder->arena, entry->value);
        pair->line = entry->line;
        if (strcmp(entry->key, "schedule") == 0)
            pair->comment = arena_text(&folder->arena, entry->comment);
    }
    if (pair == NULL || pair->key == NULL || pair->value == NULL) {
        complain(folder->complaints, folder->file, entry->line, "out of memory");
        return;
    }
    *folder->open->last_pair = pair;
    folder->open->last_pair = &pair->next;
}

static int is_order_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_files(struct folder *folder)
{
    struct dirent **names = NULL;
    int n = scandir(folder->wish->folder, &names, is_order_file, by_name);

    if (n < 0)
        complain(folder->complaints, folder->wish->folder, 0, "%s", strerror(errno));
    for (int i = 0; i < n; i++) {
        char path[2048];

        snprintf(path, sizeof path, "%s/%s", folder->wish->folder, names[i]->d_name);
        folder->file = arena_text(&folder->arena, path);
        folder->open = NULL;
        if (folder->file != NULL)
            ini_read(folder->file, on_entry, folder, folder->complaints);
        free(names[i]);
    }
    free(names);
}

/* Hangs every section on its order, so that the order's text can be told by one number. */
static bool group_by_order(struct folder *folder)
{
    size_t n = 0, nth;

    folder->orders = calloc(folder->count[DRAFT_ORDER] + 1, sizeof *folder->orders);
    folder->last_of = calloc(folder->count[DRAFT_ORDER] + 1, sizeof *folder->last_of);
    if (folder->orders == NULL || folder->last_of == NULL ||
        !index_init(&folder->order_of, folder->count[DRAFT_ORDER]))
        return false;
    for (struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        if (draft->kind == DRAFT_ORDER && index_put(&folder->order_of, draft->order, n)) {
            folder->last_of[n] = &draft->next_of_order;
            folder->orders[n++] = draft;
        }
    }
    for (struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        if (draft->kind == DRAFT_ORDER || !index_find(&folder->order_of, draft->order, &nth))
            continue;
        *folder->last_of[nth] = draft;
        folder->last_of[nth] = &draft->next_of_order;
    }
    return true;
}

/* The order with the text that it was read from; false when memory is out. */
static bool put_order(struct folder *folder, const struct draft *draft, struct order_values *values,
                      struct fault *why)
{
    char *text = order_text_print(draft);
    bool ok = text != NULL && order_text_digest(text, values->order.digest);

    values->order.text = text;
    ok = ok ? rulebook_add_order(folder->rulebook, &values->order, values->devices,
                                 values->n_devices, why)
            : fault_set(why, "out of memory");
    free(text);
    return ok;
}

static void add_order(struct folder *folder, struct draft *draft)
{
    struct complaints *complaints = folder->complaints;
    struct order_values values = { 0 };
    struct fault why, doubts[ORDER_DOUBTS_MAX];

    draft->refused = !draft_order(draft, &folder->arena, &values, complaints);
    if (draft->refused)
        return;
    if (!put_order(folder, draft, &values, &why)) {
        complain(complaints, draft->file, draft->line, "%s", why.text);
        draft->refused = true;
        return;
    }
    for (size_t i = order_doubts(&values.order, doubts); i > 0; i--)
        complain_softly(complaints, draft->file, draft->line, "%s", doubts[i - 1].text);
    if (values.order.monitoring == NULL)
        complain_softly(complaints, draft->file, draft->line,
                        "monitoring: not given: why may this person be tracked at all?");
    if (draft->next_of_order == NULL)
        complain_softly(complaints, draft->file, draft->line, "order %s: has no zone",
                        draft->order);
}

/* Its order was complained of already: what hangs on it is read, but no more is said of the order.
 */
static bool order_was_refused(const struct folder *folder, const struct draft *draft)
{
    size_t nth;

    return index_find(&folder->order_of, draft->order, &nth) && folder->orders[nth]->refused;
}

static const struct pair *shape_pair(const struct draft *draft)
{
    static const char *const shapes[] = { "centre", "wkt", "geojson" };

    for (size_t i = 0; i < 3; i++) {
        const struct pair *pair = draft_find(draft, shapes[i]);

        if (pair != NULL)
            return pair;
    }
    return NULL;
}

/* 30 mph for one interval between pings, across the smaller side. */
static void doubt_size(struct folder *folder, const struct draft *draft)
{
    double passed = street_speed * (double)folder->wish->ping_interval_ms / 1000, width;
    size_t nth = rulebook_counts(folder->rulebook).exclusions - 1; // the one just added

    width = zone_width(rulebook_exclusion(folder->rulebook, nth)->zone);
    if (width < passed)
        complain_softly(folder->complaints, draft->file, draft->line,
                        "zone %s/%s: %.0f m wide: at 30 mph and a ping in %lld s he may pass "
                        "through unseen",
                        draft->order, draft->name, width,
                        (long long)folder->wish->ping_interval_ms / 1000);
}

static void add_zone(struct folder *folder, struct draft *draft)
{
    struct complaints *complaints = folder->complaints;
    struct schedule schedule;
    struct zone_draft values;
    struct fault why;
    const struct pair *shape = shape_pair(draft);

    draft->refused = !draft_zone(draft, &schedule, &values, complaints);
    if (draft->refused || order_was_refused(folder, draft))
        return;
    draft->refused = !rulebook_add_zone(folder->rulebook, &values, &why);
    if (!draft->refused)
        doubt_size(folder, draft);
    else if (strncmp(why.text, "zone ", 5) == 0) // of the section, not of its shape
        complain(complaints, draft->file, draft->line, "%s", why.text);
    else
        complain_of(complaints, draft->file, shape->line, shape->key, &why);
}

/* Whether there is such a zone, but it was complained of already. */
static bool zone_was_refused(const struct folder *folder, const char *order, const char *name)
{
    size_t nth;

    if (!index_find(&folder->order_of, order, &nth))
        return false;
    for (const struct draft *at = folder->orders[nth]; at != NULL; at = at->next_of_order) {
        if (at->kind == DRAFT_ZONE && at->refused && strcmp(at->name, name) == 0)
            return true;
    }
    return false;
}

static void add_permit(struct folder *folder, const struct draft *draft)
{
    struct permit values;
    struct fault why;

    if (!draft_permit(draft, &values, folder->complaints) || order_was_refused(folder, draft) ||
        rulebook_add_permit(folder->rulebook, draft->order, &values, &why))
        return;
    // "zones: order A has no zone school": it may be one that could not be made.
    if (strncmp(why.text, "zones:", 6) != 0 ||
        !zone_was_refused(folder, draft->order, strrchr(why.text, ' ') + 1))
        complain(folder->complaints, draft->file, draft->line, "%s", why.text);
}

/* An upper bound: what is between blanks and commas. */
static size_t count_devices(const struct folder *folder)
{
    size_t n = 0;

    for (const struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        const struct pair *pair = draft->kind == DRAFT_ORDER ? draft_find(draft, "devices") : NULL;

        for (const char *at = pair ? pair->value : ""; *at != '\0'; at++)
            n += *at == ',' || *at == ' ' || *at == '\t';
        n++;
    }
    return n;
}

static bool build(struct folder *folder)
{
    struct rulebook_room room = { .orders = folder->count[DRAFT_ORDER],
                                  .devices = count_devices(folder),
                                  .zones = folder->count[DRAFT_ZONE],
                                  .permits = folder->count[DRAFT_PERMIT] };
    struct fault why;

    folder->rulebook = rulebook_create(&folder->wish->region, folder->wish->civil, room);
    if (folder->rulebook == NULL || !group_by_order(folder))
        return false;
    for (struct draft *draft = folder->first; draft != NULL; draft = draft->next)
        draft_read_shape(draft, &folder->arena);
    for (struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        if (draft->kind == DRAFT_ORDER)
            add_order(folder, draft);
    }
    for (struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        if (draft->kind == DRAFT_ZONE)
            add_zone(folder, draft);
    }
    for (const struct draft *draft = folder->first; draft != NULL; draft = draft->next) {
        if (draft->kind == DRAFT_PERMIT)
            add_permit(folder, draft);
    }
    return rulebook_seal(folder->rulebook, &why);
}

static void read_texts(struct folder *folder)
{
    for (size_t i = 0; i < folder->wish->n_texts; i++) {
        char *text = arena_text(&folder->arena, folder->wish->texts[i]);

        folder->file = "text";
        folder->open = NULL;
        if (text != NULL)
            order_text_read(text, on_entry, folder);
    }
}

struct rulebook *orderfile_load(const struct orderfile_wish *wish, struct complaints *complaints)
{
    struct folder folder = { .wish = wish, .complaints = complaints };
    const char *where = wish->folder != NULL ? wish->folder : "text";
    size_t errors = complaints->errors;

    folder.last = &folder.first;
    if (wish->folder != NULL)
        read_files(&folder);
    else
        read_texts(&folder);
    if (!build(&folder))
        complain(complaints, where, 0, "out of memory");
    if (complaints->errors == errors && folder.count[DRAFT_ORDER] == 0)
        complain_softly(complaints, where, 0, "no orders in it: nobody is protected");
    if (complaints->errors != errors) {
        rulebook_destroy(folder.rulebook);
        folder.rulebook = NULL;
    }
    index_fini(&folder.order_of);
    free(folder.orders);
    free(folder.last_of);
    arena_fini(&folder.arena);
    return folder.rulebook;
}
