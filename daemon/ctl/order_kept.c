/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_kept.h"

#include "adapter/conf/ini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_WIDTH = 10 };

struct keeping {
    const struct order_sheet *sheet;
    FILE *file;
    bool permit; // the section is one
    size_t lost; // orders and zones that the sheet has not
    char first[INI_SECTION_LIMIT];
};

/* Behind `WORD `, or NULL. */
static const char *behind(const char *section, const char *word)
{
    size_t n = strlen(word);

    return strncmp(section, word, n) == 0 && section[n] == ' '
               ? section + n + strspn(section + n, " ")
               : NULL;
}

static bool is_in(const struct order_sheet *sheet, const char *id)
{
    for (const struct sheet_section *at = sheet->first; at != NULL; at = at->next) {
        size_t n = strlen(at->id);

        if (at->of == NULL
                ? strcmp(at->id, id) == 0
                : strncmp(at->id, id, n) == 0 && id[n] == '/' && strcmp(at->name, id + n + 1) == 0)
            return true;
    }
    return false;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct keeping *keeping = arg;
    const char *id;

    if (entry->key != NULL && keeping->permit) {
        fprintf(keeping->file, "%-*s = %s\n", KEY_WIDTH, entry->key, entry->value);
    } else if (entry->key == NULL) {
        id = behind(entry->section, "order");
        id = id != NULL ? id : behind(entry->section, "zone");
        keeping->permit = behind(entry->section, "permit") != NULL;
        if (keeping->permit)
            fprintf(keeping->file, "\n[%s]\n", entry->section);
        else if (id != NULL && !is_in(keeping->sheet, id) && keeping->lost++ == 0)
            snprintf(keeping->first, sizeof keeping->first, "%s", entry->section);
    }
}

char *order_kept(const char *old, const char *name, const struct order_sheet *sheet,
                 struct fault *why)
{
    struct complaints unheard = { 0 }; // what replaces it is checked, and not what goes
    struct keeping keeping = { .sheet = sheet };
    char *text = NULL;
    size_t n = 0;

    keeping.file = open_memstream(&text, &n);
    if (keeping.file == NULL) {
        fault_set(why, FAULT_MEMORY);
        return NULL;
    }
    ini_read_text(old, name, on_entry, &keeping, &unheard);
    complaints_fini(&unheard);
    if (fclose(keeping.file) != 0)
        fault_set(why, FAULT_MEMORY);
    else if (keeping.lost > 0)
        fault_set(why,
                  "%.120s: has [%.200s]%s, which the import has not: it would be lost with the "
                  "file that is replaced",
                  name, keeping.first, keeping.lost > 1 ? " and others" : "");
    else
        return text;
    free(text);
    return NULL;
}
