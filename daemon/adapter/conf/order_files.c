/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    const struct orderfile_options *options;
    struct arena *arena;
    struct complaints *complaints;
    struct order_files *files;
};

static int is_order_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

/* A draft before the file whose place it takes. */
static int by_path(const void *a, const void *b)
{
    const struct order_file *one = a, *other = b;
    int order = strcmp(one->path, other->path);

    return order != 0 ? order : (one->text == NULL) - (other->text == NULL);
}

static bool add(struct listing *listing, const char *path, const char *text)
{
    struct order_files *files = listing->files;

    if (files->n == files->room) {
        size_t room = files->room > 0 ? 2 * files->room : 64;
        struct order_file *larger = reallocarray(files->of, room, sizeof *larger);

        if (larger == NULL)
            return false;
        files->of = larger;
        files->room = room;
    }
    path = arena_text(listing->arena, path);
    if (path != NULL)
        files->of[files->n++] = (struct order_file){ path, text };
    return path != NULL;
}

static bool add_in_folder(struct listing *listing, const char *name, const char *text)
{
    char path[2048];

    snprintf(path, sizeof path, "%s/%s", listing->options->folder, name);
    return add(listing, path, text);
}

/* Those that lie in the folder. */
static bool list_folder(struct listing *listing)
{
    const char *folder = listing->options->folder;
    struct dirent **names = NULL;
    int n = scandir(folder, &names, is_order_file, alphasort);
    bool ok = true;

    if (n < 0)
        complain(listing->complaints, folder, 0, "%s", strerror(errno));
    for (int i = 0; i < n; i++) {
        ok = ok && add_in_folder(listing, names[i]->d_name, NULL);
        free(names[i]);
    }
    free(names);
    return ok;
}

/* Those that were last good, all of them or of those that are held. */
static bool list_last(struct listing *listing, const struct sources *sources, bool all)
{
    const struct last_good_text *text;
    char path[SOURCE_NAME_MAX];
    bool ok = true;

    // A file of orders each turn.
    for (size_t i = 0; ok && (text = last_good_nth(sources->last, LAST_GOOD_ORDERS, i)) != NULL;
         i++)
        ok = (!all && !source_is_held(sources, text->name)) ||
             add(listing, source_called(text->name, listing->options->folder, path), NULL);
    return ok;
}

static bool list_drafts(struct listing *listing)
{
    const struct orderfile_options *options = listing->options;
    bool ok = true;

    for (size_t i = 0; ok && i < options->n_drafts; i++)
        ok = add_in_folder(listing, options->drafts[i].name, options->drafts[i].text);
    return ok;
}

/* A file that was never good and is bad is left out. */
static bool is_left_out(const struct sources *sources, const char *path)
{
    char name[SOURCE_NAME_MAX];

    return sources != NULL && source_is_held(sources, path) &&
           (sources->last == NULL ||
            last_good_find(sources->last, LAST_GOOD_ORDERS, source_name(path, NULL, name)) == NULL);
}

/* One that is held, or a draft, and lies in the folder was found twice. */
static void tidy(struct order_files *files, const struct sources *sources)
{
    size_t n = 0;

    if (files->n > 0)
        qsort(files->of, files->n, sizeof *files->of, by_path);
    for (size_t i = 0; i < files->n; i++) {
        bool again = n > 0 && strcmp(files->of[n - 1].path, files->of[i].path) == 0;

        if (!again && (files->of[i].text != NULL || !is_left_out(sources, files->of[i].path)))
            files->of[n++] = files->of[i];
    }
    files->n = n;
}

void order_files_list(const struct orderfile_options *options, struct arena *arena,
                      struct complaints *complaints, struct order_files *out)
{
    const struct sources *sources = options->sources;
    struct listing listing = { options, arena, complaints, out };
    bool has_last = sources != NULL && sources->last != NULL, ok;

    *out = (struct order_files){ 0 };
    ok = has_last && sources->by_last ? list_last(&listing, sources, true) : list_folder(&listing);
    if (ok && has_last && !sources->by_last)
        ok = list_last(&listing, sources, false);
    if (!ok || !list_drafts(&listing))
        complain(complaints, options->folder, 0, FAULT_MEMORY);
    tidy(out, sources);
}

void order_files_fini(struct order_files *files)
{
    free(files->of);
    *files = (struct order_files){ 0 };
}
