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

/* The row of the key of that name by which devices are judged that have none of their own. */
static const struct settings_key *usual_key(const char *key)
{
    const struct settings_key *row = settings_keys;

    while (strcmp(row->key, key) != 0)
        row++; // each that is asked for stands there
    return row;
}

static bool take_duration(const char *key, const char *text, int64_t *out_ms, struct fault *why)
{
    const struct settings_key *row = usual_key(key);
    double value;

    if (!unit_parse(UNIT_DURATION, text, row->low, row->high, &value, why))
        return false;
    *out_ms = (int64_t)value;
    return true;
}

static bool take_unknown_accuracy(struct device_kind *kind, const char *text, struct fault *why)
{
    const struct settings_key *row = usual_key("unknown-accuracy");

    return unit_parse(UNIT_DISTANCE, text, row->low, row->high, &kind->unknown_accuracy, why);
}

static bool take_ping_interval(struct device_kind *kind, const char *text, struct fault *why)
{
    return take_duration("ping-interval", text, &kind->ping_interval_ms, why);
}

static bool take_silent_after(struct device_kind *kind, const char *text, struct fault *why)
{
    return take_duration("silent-after", text, &kind->silent_ms, why);
}

static bool take_no_fix_after(struct device_kind *kind, const char *text, struct fault *why)
{
    kind->has_no_fix = take_duration("no-fix-after", text, &kind->no_fix_ms, why);
    return kind->has_no_fix;
}

static bool take_clock(struct device_kind *kind, const char *text, struct fault *why)
{
    bool trusted = strcmp(text, "trusted") == 0;

    kind->clock = trusted ? CLOCK_TRUSTED : CLOCK_UNTRUSTED;
    return trusted || strcmp(text, "untrusted") == 0 ||
           fault_set(why, "\"%.80s\" is neither trusted nor untrusted", text);
}

static const struct {
    const char *section, *key;
    bool (*take)(struct device_kind *kind, const char *text, struct fault *why);
} keys[] = {
    { "devices", "match", take_match },
    { "devices", "accuracy-percentile", take_percentile },
    { "devices", "unknown-accuracy", take_unknown_accuracy },
    { "devices", "ping-interval", take_ping_interval },
    { "devices", "silent-after", take_silent_after },
    { "devices", "no-fix-after", take_no_fix_after },
    { "devices", "clock", take_clock },
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

/* Where that key of the kind is given; 0: nowhere. */
static int line_of(const struct settings_devices *reading, size_t nth, const char *key)
{
    size_t i = 0;

    while (strcmp(keys[i].key, key) != 0)
        i++; // each that is asked for stands there
    return reading->lines[nth][i];
}

/* Who may not be quiet for as long as it is expected to be between two pings. */
static void doubt_silence(const struct settings_devices *reading, const struct settings *settings,
                          size_t nth, struct complaints *complaints)
{
    const struct device_kind *kind = &settings->kinds.of[nth];
    int64_t interval = kind->ping_interval_ms ? kind->ping_interval_ms : settings->ping_interval_ms;
    int64_t silent = kind->silent_ms ? kind->silent_ms : settings->detect.silent_ms;
    int line = line_of(reading, nth, "silent-after");
    char after[UNIT_TEXT_MAX], every[UNIT_TEXT_MAX];

    line = line > 0 ? line : line_of(reading, nth, "ping-interval");
    if (line > 0 && silent > 0 && silent < interval)
        complain_softly(complaints, settings->file, line,
                        "[devices %s] silent-after: %s is shorter than ping-interval, %s: such a "
                        "device is told to be silent between any two pings",
                        kind->name, unit_print(UNIT_DURATION, (double)silent, after),
                        unit_print(UNIT_DURATION, (double)interval, every));
}

void settings_devices_end(const struct settings_devices *reading, const struct settings *settings,
                          struct complaints *complaints)
{
    for (size_t i = 0; i < settings->kinds.n; i++) {
        if (reading->lines[i][0] == 0)
            complain(complaints, settings->file, settings->kind_lines[i],
                     "[devices %s] match: must be given", settings->kinds.of[i].name);
        doubt_silence(reading, settings, i, complaints);
    }
}
