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

/* The file's text, if the section is in it; the caller frees. */
static char *look_into(const struct order_place *place, const char *name, const char *section,
                       struct fault *why)
{
    bool there;
    char *text = order_place_read(place, name, &there, why);

    if (text != NULL && order_edit_has(text, name, section))
        return text;
    free(text);
    return NULL;
}

char *order_find_file(const struct order_place *place, const char *section,
                      char name[ORDER_FILE_NAME_MAX], struct fault *why)
{
    struct dirent **names = NULL;
    int n = scandir(place->folder, &names, is_order_file, alphasort);
    struct fault unread = { .text = "" };
    char *text = NULL;

    for (int i = 0; i < n; i++) {
        if (text == NULL) {
            strcpy(name, names[i]->d_name);
            text = look_into(place, name, section, &unread);
        }
        free(names[i]);
    }
    free(names);
    if (text == NULL && unread.text[0] != '\0')
        *why = unread;
    else if (text == NULL)
        fault_set(why, "no [%.140s] in %.300s", section, place->folder);
    return text;
}
