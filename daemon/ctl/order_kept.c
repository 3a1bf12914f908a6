/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_kept.h"

#include "adapter/conf/ini.h"
#include "adapter/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_WIDTH = 10 };

struct keeping {
    struct order_sheet *sheet;
    FILE *file;
    bool drawn;
    bool permit;                   // the section is one, or
    struct sheet_section *section; // what becomes of it; NULL: neither
    bool shaped;                   // the sheet has a shape of it, by itself
    size_t lost;                   // orders and zones that the sheet has not
    char first[INI_SECTION_LIMIT];
    bool failed; // with the reason
    struct fault why;
};

/* Behind `WORD `, or NULL. */
static const char *behind(const char *section, const char *word)
{
    size_t n = strlen(word);

    return strncmp(section, word, n) == 0 && section[n] == ' '
               ? section + n + strspn(section + n, " ")
               : NULL;
}

/* ---- keys ---- */

static bool has(const struct sheet_section *section, const char *key)
{
    return section->values[order_key_find(key)] != NULL;
}

static bool has_shape(const struct sheet_section *section)
{
    return has(section, "centre") || has(section, "wkt") || has(section, "geojson");
}

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys != NULL && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

/* Whether a new shape takes its place: the old one, and a buffer that is drawn into the new one. */
static bool goes_with_shape(const struct keeping *keeping, const char *key)
{
    static const char *const shapes[] = { "centre", "wkt", "geojson", NULL };

    if (!keeping->shaped)
        return false;
    return is_one_of(key, shapes) || (strcmp(key, "buffer") == 0 && keeping->drawn) ||
           (strcmp(key, "radius") == 0 && !has(keeping->section, "centre"));
}

static const char *subject_of(const struct sheet_section *section, char out[INI_SECTION_LIMIT])
{
    snprintf(out, INI_SECTION_LIMIT, "%s%s%s", section->id, section->of != NULL ? "/" : "",
             section->of != NULL ? section->name : "");
    return out;
}

static bool lists(const char *list, const char *one, size_t n)
{
    static const char between[] = ", \t";

    for (list += strspn(list, between); *list != '\0'; list += strspn(list, between)) {
        size_t length = strcspn(list, between);

        if (length == n && strncmp(list, one, n) == 0)
            return true;
        list += length;
    }
    return false;
}

/* Devices that the old text has and the sheet, which has others, does not. */
static void tell_devices(const struct sheet_section *order, const char *old)
{
    static const char between[] = ", \t";
    const char *fresh = order->values[order_key_find("devices")];

    for (old += strspn(old, between); *old != '\0'; old += strspn(old, between)) {
        size_t n = strcspn(old, between);

        if (!lists(fresh, old, n))
            print_line(stderr, "breachctl: %s: its device %.*s goes: the import has it not",
                       order->id, (int)n, old);
        old += n;
    }
}

static void keep_key(struct keeping *keeping, const char *key, const char *value)
{
    struct sheet_section *section = keeping->section;
    size_t nth = order_key_find(key);
    char subject[INI_SECTION_LIMIT];
    struct fault cause;

    subject_of(section, subject);
    if (nth < ORDER_KEYS && section->values[nth] != NULL) {
        if (strcmp(key, "devices") == 0)
            tell_devices(section, value);
    } else if (goes_with_shape(keeping, key)) {
        print_line(stderr, "breachctl: %s: its %s goes: the import has another shape", subject,
                   key);
    } else if (nth == ORDER_KEYS || !order_sheet_put(keeping->sheet, section, nth, value, &cause)) {
        if (nth == ORDER_KEYS)
            fault_set(&cause, "%.60s: an import writes no such key", key);
        fault_set(&keeping->why, "%.140s: %.300s", subject, cause.text);
        keeping->failed = true;
    } else {
        print_line(stderr, "breachctl: %s: its %s stays: the import has none", subject, key);
    }
}

/* ---- sections ---- */

static void begin(struct keeping *keeping, const char *section)
{
    const char *id = behind(section, "order");

    id = id != NULL ? id : behind(section, "zone");
    keeping->permit = behind(section, "permit") != NULL;
    keeping->section = id != NULL ? order_sheet_find(keeping->sheet, id) : NULL;
    keeping->shaped = keeping->section != NULL && has_shape(keeping->section);
    if (keeping->permit)
        fprintf(keeping->file, "\n[%s]\n", section);
    else if (id != NULL && keeping->section == NULL && keeping->lost++ == 0)
        snprintf(keeping->first, sizeof keeping->first, "%s", section);
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct keeping *keeping = arg;

    if (entry->key == NULL)
        begin(keeping, entry->section);
    else if (keeping->permit)
        fprintf(keeping->file, "%-*s = %s\n", KEY_WIDTH, entry->key, entry->value);
    else if (keeping->section != NULL && !keeping->failed)
        keep_key(keeping, entry->key, entry->value);
}

/* Whether nothing stands in the way; the reason if something does. */
static bool is_kept(const struct keeping *keeping, const char *name, struct fault *why)
{
    if (keeping->lost > 0)
        return fault_set(why,
                         "%.120s: has [%.200s]%s, which the import has not: it would be lost with "
                         "the file that is replaced",
                         name, keeping->first, keeping->lost > 1 ? " and others" : "");
    return !keeping->failed || fault_set(why, "%.120s: %.350s", name, keeping->why.text);
}

char *order_kept(const char *old, const char *name, struct order_sheet *sheet, bool drawn,
                 struct fault *why)
{
    struct complaints unheard = { 0 }; // what replaces it is checked, and not what goes
    struct keeping keeping = { .sheet = sheet, .drawn = drawn };
    char *text = NULL;
    size_t n = 0;
    bool ok;

    keeping.file = open_memstream(&text, &n);
    if (keeping.file == NULL) {
        fault_set(why, FAULT_MEMORY);
        return NULL;
    }
    ini_read_text(old, name, on_entry, &keeping, &unheard);
    complaints_fini(&unheard);
    ok = fclose(keeping.file) == 0 || fault_set(why, FAULT_MEMORY);
    if (ok && is_kept(&keeping, name, why))
        return text;
    free(text);
    return NULL;
}
