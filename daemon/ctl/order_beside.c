/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_beside.h"

#include "adapter/conf/held_files.h"
#include "adapter/last_good.h"
#include "adapter/print.h"
#include "core/plural.h"

#include <stdio.h>
#include <string.h>

enum { PATH_MAX_CHARS = SETTINGS_PATH_MAX + ORDER_FILE_NAME_MAX + 8 };

/* Files that are bad as they are, and of the others what was last good; NULL: nothing. */
struct beside {
    const struct order_place *place;
    struct last_good *last;
    struct held_files held;
};

static struct rulebook *load(const struct beside *beside, const struct orderfile_draft *drafts,
                             size_t n, struct complaints *complaints)
{
    const struct order_place *place = beside->place;
    struct sources sources = { .last = beside->last,
                               .held = (const char *const *)beside->held.of,
                               .n_held = beside->held.n };
    struct orderfile_options options = { .folder = place->folder,
                                         .drafts = drafts,
                                         .n_drafts = n,
                                         .region = place->settings.region,
                                         .civil = &place->civil,
                                         .ping_interval_ms = place->settings.ping_interval_ms,
                                         .kinds = &place->settings.kinds,
                                         .sources = &sources };

    return orderfile_load(&options, complaints);
}

static bool lies_in(const char *file, const char *folder)
{
    size_t n = strlen(folder);

    return file != NULL && strncmp(file, folder, n) == 0 && file[n] == '/';
}

/* Holds each file that is complained of; false where that is of no use. */
static bool hold_bad(struct beside *beside, const struct complaints *said)
{
    size_t before = beside->held.n;

    for (size_t i = 0; i < said->n; i++) {
        if (said->kept[i].is_error && !lies_in(said->kept[i].file, beside->place->folder))
            return false;
        if (said->kept[i].is_error)
            held_files_add(&beside->held, said->kept[i].file);
    }
    if (beside->held.n > before)
        return true;
    if (beside->last == NULL)
        return false;
    last_good_free(beside->last); // by it they are no better: they are left out
    beside->last = NULL;
    return true;
}

/* Which files are bad by themselves; false: there are none, or no end of them. */
static bool find_bad(struct beside *beside)
{
    bool again = true;

    for (int round = 0; again && round < HELD_FILES_ROUNDS_MAX; round++) {
        struct complaints said = { 0 };
        struct rulebook *rules = load(beside, NULL, 0, &said);

        if (rules != NULL) {
            rulebook_destroy(rules);
            complaints_fini(&said);
            return beside->held.n > 0;
        }
        again = hold_bad(beside, &said);
        complaints_fini(&said);
    }
    return false;
}

static void find_last(struct beside *beside)
{
    char path[LAST_GOOD_PATH_MAX];
    struct fault unheard; // it may not be ours to read: bad files are left out then
    bool there;

    beside->last =
        last_good_read(last_good_path(beside->place->settings.ledger, path), &there, &unheard);
}

/* What is written takes the place of its file, however bad that was. */
static void release(struct beside *beside, const struct orderfile_draft *drafts, size_t n)
{
    char path[PATH_MAX_CHARS];

    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", beside->place->folder, drafts[i].name);
        held_files_remove(&beside->held, path);
    }
}

static void tell(const struct beside *beside, const struct complaints *said)
{
    char called[SOURCE_NAME_MAX];

    for (size_t i = 0; i < beside->held.n; i++) { // at most HELD_FILES_MAX
        const char *file = source_called(beside->held.of[i], beside->place->folder, called);
        const char *first = "with another file"; // of a clash the other one is told
        size_t n = 0;

        for (size_t j = said->n; j > 0; j--) {
            const struct complaint *one = &said->kept[j - 1];

            if (!one->is_error || one->file == NULL || strcmp(one->file, file) != 0)
                continue;
            first = one->text;
            n++;
        }
        print_line(stderr,
                   "breachctl: warning: %s: is refused by itself, %zu complaint%s, and does not "
                   "count here: mend it; first: %s",
                   file, n, plural(n), first);
    }
}

struct rulebook *order_beside_load(const struct order_place *place,
                                   const struct orderfile_draft *drafts, size_t n,
                                   struct complaints *complaints)
{
    struct beside beside = { .place = place };
    struct complaints said = { 0 };
    struct rulebook *rules = load(&beside, drafts, n, complaints);

    if (rules != NULL || !place->settings.by_file)
        return rules;
    find_last(&beside);
    if (find_bad(&beside)) {
        release(&beside, drafts, n);
        rules = load(&beside, drafts, n, &said);
        if (rules != NULL)
            tell(&beside, complaints);
        complaints_fini(complaints);
        *complaints = said;
    }
    last_good_free(beside.last);
    held_files_fini(&beside.held);
    return rules;
}
