/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_redraw.h"

#include "adapter/conf/ini.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "core/rulebook.h"
#include "ctl/meter.h"
#include "ctl/order_edit.h"
#include "ctl/order_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = 2 * NAME_MAX_CHARS + 16, LINES_MAX = 2 };

static const char *const shape_keys[] = { "centre", "radius", "wkt", "geojson", "buffer", NULL };

/* A file that changes: the edits from `first` on are of it. */
struct changed {
    char *name, *text; // as it shall be
    size_t first, n;
};

struct redraw {
    const struct order_place *place;
    const struct sheet_section *const *zones;
    size_t n;
    struct arena arena;
    struct order_edit *wanted; // by number of a zone
    struct index by_section;   // the same number
    bool *found;
    struct order_edit *edits;            // those that were found, in the order of files
    const struct sheet_section **edited; // of each its zone
    size_t n_edits;
    struct changed *files;
    size_t n_files;
    struct meter meter;
};

/* ---- what is to be written ---- */

static const char *value_of(const struct sheet_section *zone, const char *key)
{
    return zone->values[order_key_find(key)];
}

/* Its shape as the sheet has it. */
static bool put_lines(struct redraw *redraw, const struct sheet_section *zone,
                      struct order_edit *edit)
{
    struct order_edit_line *lines = arena_take(&redraw->arena, LINES_MAX * sizeof *lines);
    const char *wkt = value_of(zone, "wkt");
    char *folded = wkt != NULL ? order_sheet_fold(wkt) : NULL;

    edit->lines = lines;
    edit->n_lines = wkt != NULL ? 1 : LINES_MAX;
    if (lines != NULL && wkt != NULL) {
        lines[0] = (struct order_edit_line){ "wkt", arena_text(&redraw->arena, folded) };
    } else if (lines != NULL) {
        lines[0] = (struct order_edit_line){ "centre", value_of(zone, "centre") };
        lines[1] = (struct order_edit_line){ "radius", value_of(zone, "radius") };
    }
    free(folded);
    return lines != NULL && lines[0].value != NULL;
}

static bool want(struct redraw *redraw, size_t nth)
{
    const struct sheet_section *zone = redraw->zones[nth];
    struct order_edit *edit = &redraw->wanted[nth];
    char section[SECTION_MAX];

    snprintf(section, sizeof section, "zone %s/%s", zone->id, zone->name);
    *edit = (struct order_edit){ .section = arena_text(&redraw->arena, section),
                                 .gone = shape_keys,
                                 .behind = "" };
    return edit->section != NULL && put_lines(redraw, zone, edit) &&
           index_put(&redraw->by_section, edit->section, nth);
}

static bool begin(struct redraw *redraw)
{
    size_t n = redraw->n;
    bool ok;

    redraw->wanted = calloc(n, sizeof *redraw->wanted);
    redraw->edits = calloc(n, sizeof *redraw->edits);
    redraw->edited = calloc(n, sizeof(const struct sheet_section *));
    redraw->found = calloc(n, sizeof *redraw->found);
    redraw->files = calloc(n, sizeof *redraw->files);
    ok = redraw->wanted != NULL && redraw->edits != NULL && redraw->edited != NULL &&
         redraw->found != NULL && redraw->files != NULL && index_init(&redraw->by_section, n);
    for (size_t i = 0; ok && i < n; i++)
        ok = want(redraw, i);
    return ok;
}

static void finish(struct redraw *redraw)
{
    for (size_t i = 0; i < redraw->n_files; i++) {
        free(redraw->files[i].name);
        free(redraw->files[i].text);
    }
    free(redraw->files);
    free(redraw->found);
    free(redraw->edited);
    free(redraw->edits);
    free(redraw->wanted);
    index_fini(&redraw->by_section);
    arena_fini(&redraw->arena);
}

/* ---- in which files they stand ---- */

/* Of a zone that is written twice the first: the check of the whole refuses that. */
static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct redraw *redraw = arg;
    char section[INI_SECTION_LIMIT];
    const char *rest = entry->section + strcspn(entry->section, " ");
    size_t nth;

    if (entry->key != NULL || strncmp(entry->section, "zone ", 5) != 0)
        return;
    snprintf(section, sizeof section, "zone %s", rest + strspn(rest, " "));
    if (!index_find(&redraw->by_section, section, &nth) || redraw->found[nth])
        return;
    redraw->found[nth] = true;
    redraw->edits[redraw->n_edits] = redraw->wanted[nth];
    redraw->edited[redraw->n_edits++] = redraw->zones[nth];
}

/* False when memory is out. */
static bool redraw_file(const char *name, const char *text, size_t at, size_t n, void *arg)
{
    struct redraw *redraw = arg;
    struct changed *file = &redraw->files[redraw->n_files];
    struct complaints unheard = { 0 }; // the whole is checked below

    if (at == 0)
        meter_begin(&redraw->meter, "import, looking for the zones", n);
    meter_at(&redraw->meter, at);
    if (redraw->n_edits == redraw->n)
        return true;
    *file = (struct changed){ .first = redraw->n_edits };
    ini_read_text(text, name, on_entry, redraw, &unheard);
    complaints_fini(&unheard);
    file->n = redraw->n_edits - file->first;
    if (file->n == 0)
        return true;
    redraw->n_files++;
    file->name = strdup(name);
    file->text = order_edit(text, name, redraw->edits + file->first, file->n);
    return file->name != NULL && file->text != NULL;
}

static bool find_all(struct redraw *redraw, struct fault *why)
{
    struct fault unread;
    bool ok = order_find_each(redraw->place, redraw_file, redraw, &unread);
    size_t missing = 0;

    meter_end(&redraw->meter);
    if (!ok)
        return fault_set(why, FAULT_MEMORY);
    if (redraw->n_edits == redraw->n)
        return true;
    while (redraw->found[missing])
        missing++;
    return unread.text[0] != '\0'
               ? fault_set(why, "%s", unread.text)
               : fault_set(why, "no [%.140s] in %.300s", redraw->wanted[missing].section,
                           redraw->place->folder);
}

/* ---- checked as one, and written ---- */

static bool check(const struct redraw *redraw, struct rulebook_counts *out, struct fault *why)
{
    struct orderfile_draft *drafts = calloc(redraw->n_files + 1, sizeof *drafts);
    struct rulebook *rules = NULL;

    for (size_t i = 0; drafts != NULL && i < redraw->n_files; i++)
        drafts[i] = (struct orderfile_draft){ redraw->files[i].name, redraw->files[i].text };
    if (drafts != NULL)
        rules = order_place_check(redraw->place, drafts, redraw->n_files, false);
    free(drafts);
    if (rules == NULL)
        return fault_set(why, "refused: nothing in %.300s was changed", redraw->place->folder);
    *out = rulebook_counts(rules);
    rulebook_destroy(rules);
    return true;
}

static bool put(struct redraw *redraw, const struct changed *file, struct fault *why)
{
    const struct order_place *place = redraw->place;

    meter_wipe(&redraw->meter);
    print_line(stdout, "; %s/%s", place->folder, file->name);
    if (!order_edit_show(file->text, file->name, redraw->edits + file->first, file->n,
                         order_place_show))
        return fault_set(why, FAULT_MEMORY);
    if (place->call->dry_run)
        return true;
    if (!order_place_write(place, file->name, file->text, why))
        return false;
    print_line(stderr, "breachctl: %s/%s is in place", place->folder, file->name);
    return true;
}

/* A disk that is full, or somebody's change meanwhile, may still stop it half-way. */
static bool put_all(struct redraw *redraw, struct fault *why)
{
    struct fault cause;
    size_t i = 0;

    meter_begin(&redraw->meter, "import, writing", redraw->n_files);
    while (i < redraw->n_files && put(redraw, &redraw->files[i], &cause))
        meter_at(&redraw->meter, ++i);
    meter_end(&redraw->meter);
    if (i == redraw->n_files)
        return true;
    if (i == 0)
        return fault_set(why, "%s", cause.text);
    return fault_set(why,
                     "%.300s; %zu of %zu zones that moved are in place, as told above, and "
                     "%.64s/%.64s and all behind it are not",
                     cause.text, redraw->files[i].first, redraw->n,
                     redraw->edited[redraw->files[i].first]->id,
                     redraw->edited[redraw->files[i].first]->name);
}

static void tell_done(const struct redraw *redraw, const struct rulebook_counts *counts)
{
    bool dry = redraw->place->call->dry_run;

    print_line(stderr, "breachctl: %s: %zu order%s, %zu zone%s%s", dry ? "checked" : "with that",
               counts->orders, plural(counts->orders), counts->exclusions,
               plural(counts->exclusions), dry ? "; nothing was written" : "");
    if (!dry)
        order_place_tell_reload(redraw->place);
}

bool order_redraw(const struct order_place *place, const struct sheet_section *const *zones,
                  size_t n, struct fault *why)
{
    struct redraw redraw = { .place = place, .zones = zones, .n = n };
    struct rulebook_counts counts;
    bool ok = begin(&redraw) || fault_set(why, FAULT_MEMORY);

    ok = ok && find_all(&redraw, why) && check(&redraw, &counts, why) && put_all(&redraw, why);
    if (ok)
        tell_done(&redraw, &counts);
    finish(&redraw);
    return ok;
}
