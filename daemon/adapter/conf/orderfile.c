/* SPDX-License-Identifier: Apache-2.0 */
/* orderfile.c - reads all files, tells sections apart, groups them by order, has them added. */
#include "adapter/conf/orderfile.h"

#include "adapter/conf/ini.h"
#include "adapter/conf/order_add.h"
#include "adapter/conf/order_apart.h"
#include "adapter/conf/order_files.h"
#include "adapter/conf/order_strays.h"
#include "adapter/conf/order_text.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct folder {
    const struct orderfile_options *options;
    struct complaints *complaints;
    struct arena arena;
    struct arena keys[ORDER_DRAFT_KINDS]; // of sections, by their kind
    const char *file;                     // the one being read
    struct order_draft *first, **last;
    struct order_draft *open;        // the section being read; NULL after one that was refused
    struct pair **last_pair;         // of that one
    size_t count[ORDER_DRAFT_KINDS]; // by kind
    struct rulebook *rulebook;
};

static bool split_section(const char *section, enum order_draft_kind *out_kind,
                          const char **out_rest)
{
    for (int i = 0; i < ORDER_DRAFT_KINDS; i++) {
        const char *name = order_draft_kind_name((enum order_draft_kind)i);
        size_t n = strlen(name);

        if (strncmp(section, name, n) == 0 && section[n] == ' ') {
            *out_kind = (enum order_draft_kind)i;
            *out_rest = section + n + strspn(section + n, " ");
            return true;
        }
    }
    return false;
}

/* Cuts "ORDER/NAME" in two; an order has no slash. */
static bool split_id(struct order_draft *draft)
{
    char *slash = strchr(draft->order, '/');

    if ((slash != NULL) != (draft->kind != ORDER_DRAFT_ORDER))
        return false;
    if (slash != NULL) {
        *slash = '\0';
        draft->name = slash + 1;
    }
    return name_valid(draft->order) && (draft->name == NULL || name_valid(draft->name));
}

static void begin_section(struct folder *folder, const struct ini_entry *entry)
{
    struct order_draft *draft = arena_take(&folder->arena, sizeof *draft);
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
    folder->last_pair = &draft->pairs;
}

/* Of the section that is open. NULL when memory is out. */
static struct pair *pair_make(struct folder *folder, const struct ini_entry *entry)
{
    const char *key = order_draft_key(folder->open->kind, entry->key);
    bool windows = strcmp(entry->key, "schedule") == 0 || strcmp(entry->key, "every") == 0;
    const char *comment = windows ? entry->comment : "";
    size_t n = strlen(entry->value) + 1, n_comment = strlen(comment) + 1;
    struct arena *arena = &folder->keys[folder->open->kind];
    struct pair *pair = arena_take(arena, offsetof(struct pair, value) + n + n_comment);

    if (key == NULL) // complained of with its value
        key = arena_text(arena, entry->key);
    if (pair == NULL || key == NULL)
        return NULL;
    pair->key = key;
    pair->line = entry->line;
    memcpy(pair->value, entry->value, n);
    memcpy(pair->value + n, comment, n_comment);
    return pair;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct folder *folder = arg;
    struct pair *pair;

    if (orderfile_stopped(folder->options))
        return;
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
    if (folder->options->folder == NULL && strcmp(entry->key, ORDER_TEXT_SHAPE) == 0) {
        folder->open->shape = arena_text(&folder->arena, entry->value);
        return;
    }
    pair = pair_make(folder, entry);
    if (pair == NULL) {
        complain(folder->complaints, folder->file, entry->line, "out of memory");
        return;
    }
    *folder->last_pair = pair;
    folder->last_pair = &pair->next;
}

/* A draft is read as it shall be, whatever its file says now. */
static void read_file(struct folder *folder, const struct order_file *file)
{
    folder->file = file->path;
    folder->open = NULL;
    if (file->text != NULL)
        ini_read_text(file->text, file->path, on_entry, folder, folder->complaints);
    else
        ini_read_from(folder->options->sources, LAST_GOOD_ORDERS, file->path, on_entry, folder,
                      folder->complaints);
}

/* Else all is what was last good. */
static bool reads_folder(const struct orderfile_options *options)
{
    return options->sources == NULL || !options->sources->by_last;
}

static void read_files(struct folder *folder)
{
    struct order_files files;

    order_files_list(folder->options, &folder->arena, folder->complaints, &files);
    for (size_t i = 0; i < files.n && !orderfile_stopped(folder->options); i++)
        read_file(folder, &files.of[i]);
    order_files_fini(&files);
    if (reads_folder(folder->options)) // before the orders' own, of which there may be too many
        order_strays_tell(folder->options->folder, folder->first, folder->complaints);
}

/* Hangs a section on its order, behind those that hang there. */
static void hang(struct order_draft *draft, const struct index *order_of,
                 struct order_draft ***last_of)
{
    size_t nth;

    if (draft->kind == ORDER_DRAFT_ORDER || !index_find(order_of, draft->order, &nth))
        return;
    *last_of[nth] = draft;
    last_of[nth] = &draft->next_of_order;
}

/* Hangs every section on its order, so that the order's text can be told by one number. */
static bool group_by_order(struct folder *folder)
{
    size_t orders = folder->count[ORDER_DRAFT_ORDER], n = 0;
    struct order_draft ***last_of = calloc(orders + 1, sizeof *last_of); // where the next one goes
    struct index order_of = { 0 };
    bool ok = last_of != NULL && index_init(&order_of, orders);

    // A section of the folder each turn.
    for (struct order_draft *draft = folder->first; ok && draft != NULL; draft = draft->next) {
        if (draft->kind == ORDER_DRAFT_ORDER && index_put(&order_of, draft->order, n))
            last_of[n++] = &draft->next_of_order;
    }
    // A section of the folder each turn.
    for (struct order_draft *draft = folder->first; ok && draft != NULL; draft = draft->next)
        hang(draft, &order_of, last_of);
    index_fini(&order_of);
    free(last_of);
    return ok;
}

/* Upper bound of the number of words between blanks and commas, of all orders. */
static size_t count_devices(const struct folder *folder)
{
    size_t n = folder->count[ORDER_DRAFT_ORDER];

    // A section of the folder each turn.
    for (const struct order_draft *draft = folder->first; draft != NULL; draft = draft->next) {
        const struct pair *pair =
            draft->kind == ORDER_DRAFT_ORDER ? order_draft_find(draft, "devices") : NULL;

        for (const char *at = pair ? pair->value : ""; *at != '\0'; at++)
            n += *at == ',' || *at == ' ' || *at == '\t';
    }
    return n;
}

/* Of each respondent with more zones over one place than one question has room for. */
static void complain_of_overlaps(struct folder *folder)
{
    size_t n = rulebook_counts(folder->rulebook).respondents;
    const char *where = folder->options->folder != NULL ? folder->options->folder : "text";
    struct fault why;

    for (size_t i = 0; i < n && !orderfile_stopped(folder->options); i++) {
        if (rulebook_overlap(folder->rulebook, i, &why))
            complain(folder->complaints, where, 0, "%s", why.text);
    }
}

static bool build(struct folder *folder)
{
    struct rulebook_room room = { .orders = folder->count[ORDER_DRAFT_ORDER],
                                  .devices = count_devices(folder),
                                  .zones = folder->count[ORDER_DRAFT_ZONE],
                                  .permits = folder->count[ORDER_DRAFT_PERMIT] };
    struct order_adding adding;
    struct fault why;

    folder->rulebook = rulebook_create(&folder->options->region, folder->options->civil, room);
    if (folder->rulebook == NULL ||
        !order_apart(folder->first, room.orders + room.zones + room.permits, &folder->arena,
                     folder->complaints) ||
        !group_by_order(folder))
        return false;
    adding = (struct order_adding){ .options = folder->options,
                                    .complaints = folder->complaints,
                                    .arena = &folder->arena,
                                    .order_keys = &folder->keys[ORDER_DRAFT_ORDER],
                                    .rulebook = folder->rulebook };
    order_add_all(&adding, folder->first);
    if (!rulebook_seal(folder->rulebook, &why))
        return false;
    complain_of_overlaps(folder);
    return true;
}

static void read_texts(struct folder *folder)
{
    for (size_t i = 0; i < folder->options->n_texts; i++) {
        char *text = arena_text(&folder->arena, folder->options->texts[i]);

        folder->file = "text";
        folder->open = NULL;
        if (text != NULL)
            order_text_read(text, on_entry, folder);
    }
}

struct rulebook *orderfile_load(const struct orderfile_options *options,
                                struct complaints *complaints)
{
    struct folder folder = { .options = options, .complaints = complaints };
    const char *where = options->folder != NULL ? options->folder : "text";
    size_t errors = complaints->errors;

    folder.last = &folder.first;
    if (options->folder != NULL)
        read_files(&folder);
    else
        read_texts(&folder);
    if (!build(&folder))
        complain(complaints, where, 0, "out of memory");
    if (orderfile_stopped(options))
        complain(complaints, where, 0, "not read to its end: breachd stops");
    if (complaints->errors == errors && folder.count[ORDER_DRAFT_ORDER] == 0)
        complain_softly(complaints, where, 0, "no orders in it: nobody is protected");
    if (complaints->errors != errors) {
        rulebook_destroy(folder.rulebook);
        folder.rulebook = NULL;
    }
    for (size_t i = 0; i < ORDER_DRAFT_KINDS; i++)
        arena_fini(&folder.keys[i]);
    arena_fini(&folder.arena);
    return folder.rulebook;
}

struct rulebook *orderfile_accepted(struct orderfile_options what)
{
    struct complaints complaints = { 0 };
    struct rulebook *rules;

    what.region = (struct lonlat_box){ { -180, -90 }, { 180, 90 } };
    what.ping_interval_ms = 1; // no zone is too small for it
    rules = orderfile_load(&what, &complaints);
    complaints_fini(&complaints);
    return rules;
}
