/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_find.h"

#include "ctl/order_edit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int is_order_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && n < ORDER_FILE_NAME_MAX && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + n - 5, ".conf") == 0;
}

bool order_find_each(const struct order_place *place,
                     bool (*on_file)(const char *name, const char *text, size_t at, size_t n,
                                     void *arg),
                     void *arg, struct fault *out_unread)
{
    struct dirent **names = NULL;
    int n = scandir(place->folder, &names, is_order_file, alphasort);
    bool ok = true, there;

    *out_unread = (struct fault){ .text = "" };
    for (int i = 0; i < n; i++) {
        char *text = ok ? order_place_read(place, names[i]->d_name, &there, out_unread) : NULL;

        if (text != NULL)
            ok = on_file(names[i]->d_name, text, (size_t)i, (size_t)n, arg);
        free(text);
        free(names[i]);
    }
    free(names);
    return ok;
}

struct wanted {
    const char *section;
    char *name;
    char *text;
};

static bool search_file(const char *name, const char *text, size_t at, size_t n, void *arg)
{
    struct wanted *wanted = arg;

    (void)at;
    (void)n;
    if (!order_edit_has(text, name, wanted->section))
        return true;
    strcpy(wanted->name, name); // order_find_each knows no longer one
    wanted->text = strdup(text);
    return false;
}

char *order_find_file(const struct order_place *place, const char *section,
                      char name[ORDER_FILE_NAME_MAX], struct fault *why)
{
    struct wanted wanted = { .section = section, .name = name };
    struct fault unread;

    if (order_find_each(place, search_file, &wanted, &unread) && unread.text[0] != '\0')
        *why = unread;
    else if (wanted.text == NULL)
        fault_set(why, "no [%.140s] in %.300s", section, place->folder);
    return wanted.text;
}
