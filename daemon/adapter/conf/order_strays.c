/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_strays.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct strays {
    const char *folder;
    struct dirent **names;
    int n;
    bool *named; // by an order
    struct index by_name;
};

static bool ends_in(const char *name, const char *end)
{
    size_t n = strlen(name), length = strlen(end);

    return n >= length && strcmp(name + n - length, end) == 0;
}

/* What an editor, or a package's update, leaves beside the file itself. */
static bool is_copy(const char *name)
{
    static const char *const ends[] = { "~",    "#",         ".bak",      ".orig",     ".swp",
                                        ".swo", ".dpkg-old", ".dpkg-new", ".dpkg-dist" };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends_in(name, ends[i]))
            return true;
    }
    return false;
}

static int is_passed_over(const struct dirent *entry)
{
    const char *name = entry->d_name;

    return name[0] != '.' && strncmp(name, "README", 6) != 0 && !is_copy(name) &&
           !(ends_in(name, ".conf") && strlen(name) > 5);
}

/* The file, or the folder, in which the shape lies that an order names. */
static void take_shape(struct strays *strays, const char *value)
{
    size_t n = strlen(strays->folder), nth;
    char name[NAME_MAX_CHARS * 4];

    if (strncmp(value, strays->folder, n) == 0 && value[n] == '/')
        value += n + 1;
    while (strncmp(value, "./", 2) == 0) // a line of ini.h at most
        value += 2;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(value, "/"), value);
    if (index_find(&strays->by_name, name, &nth))
        strays->named[nth] = true;
}

static bool begin(struct strays *strays, const struct order_draft *first)
{
    strays->named = calloc((size_t)strays->n, sizeof *strays->named);
    if (strays->named == NULL || !index_init(&strays->by_name, (size_t)strays->n))
        return false;
    for (int i = 0; i < strays->n; i++)
        index_put(&strays->by_name, strays->names[i]->d_name, (size_t)i);
    // Each order and zone that was read.
    for (const struct order_draft *draft = first; draft != NULL; draft = draft->next) {
        const struct pair *pair =
            draft->kind == ORDER_DRAFT_ZONE ? order_draft_find(draft, "geojson") : NULL;

        if (pair != NULL)
            take_shape(strays, pair->value);
    }
    return true;
}

static void tell(const struct strays *strays, struct complaints *complaints)
{
    size_t n = 0;

    for (int i = 0; i < strays->n; i++) {
        const struct dirent *entry = strays->names[i];
        char path[2048];

        if (strays->named[i] || ++n > ORDER_STRAYS_NAMED_MAX)
            continue;
        snprintf(path, sizeof path, "%s/%s", strays->folder, entry->d_name);
        complain_stray(complaints, path,
                       entry->d_type == DT_DIR
                           ? "a folder, and no order names a shape in it: what is in it is not read"
                           : "is no order file, for its name does not end in .conf: nobody in it "
                             "is watched");
    }
    if (n > ORDER_STRAYS_NAMED_MAX)
        complain_stray(complaints, strays->folder, "%zu more such files are not read",
                       n - ORDER_STRAYS_NAMED_MAX);
}

void order_strays_tell(const char *folder, const struct order_draft *first,
                       struct complaints *complaints)
{
    struct strays strays = { .folder = folder };

    strays.n = scandir(folder, &strays.names, is_passed_over, alphasort);
    if (strays.n > 0 && begin(&strays, first))
        tell(&strays, complaints);
    else if (strays.n > 0)
        complain(complaints, folder, 0, FAULT_MEMORY);
    for (int i = 0; i < strays.n; i++)
        free(strays.names[i]);
    free(strays.names);
    free(strays.named);
    index_fini(&strays.by_name);
}
