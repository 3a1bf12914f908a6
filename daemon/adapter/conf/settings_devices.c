/* SPDX-License-Identifier: Apache-2.0 */
/* settings_devices.c - the sections [devices N] of breachd.conf, one a kind of device. */
#include "adapter/conf/settings_parts.h"
#include "adapter/conf/units.h"
#include "core/radius.h"

#include <string.h>

static const char word[] = "devices", blanks[] = " \t";

/* Each glob must be one; false when one is none. */
static bool take_match(struct device_kind *kind, const char *text, struct fault *why)
{
    kind->n_match = 0;
    for (const char *at = text + strspn(text, ", \t"); *at != '\0';) {
        size_t n = strcspn(at, ", \t");
        char glob[NAME_MAX_CHARS + 2]; // one more, so that one too long is seen to be

        if (kind->n_match == DEVICE_GLOBS_MAX)
            return fault_set(why, "more than %d of them", DEVICE_GLOBS_MAX);
        memcpy(glob, at, n < sizeof glob ? n : sizeof glob - 1);
        glob[n < sizeof glob ? n : sizeof glob - 1] = '\0';
        if (!device_glob_valid(glob))
            return fault_set(why,
                             "\"%.*s\" is not 1..%d letters, digits, - _ . of an id, and * and ?",
                             (int)(n < 80 ? n : 80), at, NAME_MAX_CHARS);
        strcpy(kind->match[kind->n_match++], glob);
        at += n + strspn(at + n, ", \t");
    }
    return kind->n_match > 0 || fault_set(why, "must not be empty");
}

static bool take_percentile(struct device_kind *kind, const char *text, struct fault *why)
{
    return unit_parse(UNIT_PERCENT, text, RADIUS_PERCENTILE_LEAST, RADIUS_PERCENTILE_MOST,
                      &kind->percentile, why);
}

static const struct {
    const char *section, *key;
    bool (*take)(struct device_kind *kind, const char *text, struct fault *why);
} keys[] = {
    { "devices", "match", take_match },
    { "devices", "accuracy-percentile", take_percentile },
};

_Static_assert(sizeof keys / sizeof *keys == SETTINGS_DEVICES_KEYS, "a line for each");

bool settings_devices_is(const char *section)
{
    size_t n = strlen(word);

    return strncmp(section, word, n) == 0 &&
           (section[n] == '\0' || strchr(blanks, section[n]) != NULL);
}

/* A section of that name that was there already goes on, as any other does. */
static bool find_kind(const struct device_kinds *kinds, const char *name, size_t *out_nth)
{
    for (size_t i = 0; i < kinds->n; i++) {
        if (strcmp(kinds->of[i].name, name) == 0) {
            *out_nth = i;
            return true;
        }
    }
    return false;
}

static void begin(struct settings_devices *reading, const struct ini_entry *entry,
                  struct settings *out, struct complaints *complaints)
{
    const char *name = entry->section + strlen(word);
    struct device_kinds *kinds = &out->kinds;

    name += strspn(name, blanks);
    reading->open = false;
    if (name[0] == '\0') {
        complain(complaints, out->file, entry->line, "[devices]: needs a name: [devices uk-tags]");
    } else if (!name_valid(name)) {
        complain(complaints, out->file, entry->line,
                 "[devices]: \"%.80s\" is not 1..%d letters, digits, - _ .", name, NAME_MAX_CHARS);
    } else if (find_kind(kinds, name, &reading->nth)) {
        reading->open = true;
    } else if (kinds->n == DEVICE_KINDS_MAX) {
        complain(complaints, out->file, entry->line, "[devices %s]: more than %d kinds", name,
                 DEVICE_KINDS_MAX);
    } else {
        reading->open = true;
        reading->nth = kinds->n++;
        out->kind_lines[reading->nth] = entry->line;
        kinds->of[reading->nth].percentile = RADIUS_PERCENTILE;
        strcpy(kinds->of[reading->nth].name, name); // name_valid has measured it
    }
}

void settings_devices_take(struct settings_devices *reading, const struct ini_entry *entry,
                           struct settings *out, struct complaints *complaints)
{
    struct device_kind *kind = &out->kinds.of[reading->nth];
    int *lines = reading->lines[reading->nth];
    struct fault why;

    if (entry->key == NULL) {
        begin(reading, entry, out, complaints);
        return;
    }
    for (size_t i = 0; reading->open && i < SETTINGS_DEVICES_KEYS; i++) {
        if (strcmp(keys[i].key, entry->key) != 0)
            continue;
        if (lines[i] != 0)
            complain(complaints, out->file, entry->line, "%s: given in line %d already", entry->key,
                     lines[i]);
        else if (!keys[i].take(kind, entry->value, &why))
            complain(complaints, out->file, entry->line, "%s: %s", entry->key, why.text);
        lines[i] = lines[i] != 0 ? lines[i] : entry->line;
        return;
    }
    if (reading->open) // else its section was refused
        complain(complaints, out->file, entry->line, "%s: no such key in [devices %s]", entry->key,
                 kind->name);
}

void settings_devices_end(const struct settings_devices *reading, const struct settings *settings,
                          struct complaints *complaints)
{
    for (size_t i = 0; i < settings->kinds.n; i++) {
        if (reading->lines[i][0] == 0)
            complain(complaints, settings->file, settings->kind_lines[i],
                     "[devices %s] match: must be given", settings->kinds.of[i].name);
    }
}
