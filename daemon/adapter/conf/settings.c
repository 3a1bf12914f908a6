/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - breachd.conf is read by the table of keys; every key is taken, or told why not. */
#include "adapter/conf/listen.h"
#include "adapter/conf/settings_parts.h"
#include "adapter/conf/units.h"

#include <stdio.h>
#include <string.h>

struct loading {
    struct settings *out;
    struct complaints *complaints;
    char folder[SETTINGS_PATH_MAX];
    bool section_known;
    bool of_devices; // the section is one
    struct settings_devices devices;
};

/* Only what may be left out may be empty. */
static bool set_path(const struct settings_key *key, const char *text, const char *folder,
                     char *out, struct fault *why)
{
    int n = text[0] == '/' || text[0] == '\0'
                ? snprintf(out, SETTINGS_PATH_MAX, "%s", text)
                : snprintf(out, SETTINGS_PATH_MAX, "%s/%s", folder, text);

    if (text[0] == '\0' && key->standard[0] != '\0')
        return fault_set(why, "must not be empty");
    return n < SETTINGS_PATH_MAX ||
           fault_set(why, "longer than %d characters", SETTINGS_PATH_MAX - 1);
}

static bool set_name(const struct settings_key *key, const char *text, char *out, struct fault *why)
{
    bool left_out = text[0] == '\0' && key->standard != NULL && key->standard[0] == '\0';

    if (!left_out && !name_valid(text))
        return fault_set(why, "\"%.80s\" is not 1..%d letters, digits, - _ .", text,
                         NAME_MAX_CHARS);
    strcpy(out, text); // name_valid has measured it
    return true;
}

/*
 * "51.4,-0.1 52.1,1.4": the south-west corner, then the north-east one, each latitude, longitude.
 */
static bool set_region(const char *text, struct lonlat_box *out, struct fault *why)
{
    struct lonlat_box box;
    int read = 0;

    if (sscanf(text, "%lf , %lf%*[ ,]%lf , %lf %n", &box.sw.lat, &box.sw.lon, &box.ne.lat,
               &box.ne.lon, &read) != 4 ||
        text[read] != '\0' || !lonlat_valid(box.sw) || !lonlat_valid(box.ne))
        return fault_set(why,
                         "\"%.80s\" is not like `51.4,-0.1 52.1,1.4` (south-west latitude,"
                         "longitude, then north-east)",
                         text);
    if (box.sw.lat >= box.ne.lat || box.sw.lon >= box.ne.lon)
        return fault_set(why, "the first corner must lie south and west of the second");
    *out = box;
    return true;
}

static bool set_words(const struct settings_key *key, const char *text, bool *out,
                      struct fault *why)
{
    const char *const *words = settings_words(key);

    *out = strcmp(text, words[true]) == 0;
    return *out || strcmp(text, words[false]) == 0 ||
           fault_set(why, "\"%.80s\" is neither %s nor %s", text, words[false], words[true]);
}

static bool set_number(const struct settings_key *key, const char *text, void *at,
                       struct fault *why)
{
    double value;

    if (!unit_parse(settings_unit(key), text, key->low, key->high, &value, why))
        return false;
    if (settings_is_real(key))
        *(double *)at = value;
    else
        *(int64_t *)at = (int64_t)value;
    return true;
}

static bool set(const struct settings_key *key, const char *text, struct loading *loading,
                struct fault *why)
{
    void *at = (char *)loading->out + key->offset;

    switch (key->kind) {
    case COUNT:
    case DURATION:
    case SIZE:
    case REAL:
    case DISTANCE:
    case SPEED:
    case SHARE:
        return set_number(key, text, at, why);
    case NAME:
        return set_name(key, text, at, why);
    case ZONE:
        if (strlen(text) > NAME_MAX_CHARS)
            return fault_set(why, "longer than %d characters", NAME_MAX_CHARS);
        strcpy(at, text);
        return true;
    case PATH:
        return set_path(key, text, loading->folder, at, why);
    case SECRET: // what stands in it comes later: settings_read_secrets
        return set_path(key, text, loading->folder, ((struct settings_secret *)at)->file, why);
    case REGION:
        return set_region(text, at, why);
    case LISTEN: // may be wrong in several places: take_listen
        break;
    case FULL:
    case ON:
    case BY_FILE:
    case ANY:
        return set_words(key, text, at, why);
    case REDIS_URL:
        return redis_target_parse(text, loading->folder, at, why);
    case MQTT_URL:
        return mqtt_target_parse(text, at, why);
    case TOPICS:
        return mqtt_topics_parse(text, at, why);
    }
    return false;
}

static bool take_listen(struct loading *loading, const struct settings_key *key, const char *text,
                        int line)
{
    struct settings *out = loading->out;
    struct listen_setting setting = { out->file, key->key, loading->folder, line };

    return listen_parse(&setting, text, out->listen, &out->n_listen, loading->complaints);
}

static void take(struct loading *loading, size_t nth, const char *text, int line)
{
    const struct settings_key *key = &settings_keys[nth];
    struct settings *out = loading->out;
    struct fault why;

    if (key->kind == LISTEN)
        out->good[nth] = take_listen(loading, key, text, line);
    else if (set(key, text, loading, &why))
        out->good[nth] = true;
    else
        complain(loading->complaints, out->file, line, "%s: %s", key->key, why.text);
}

static bool section_exists(const char *section)
{
    for (size_t i = 0; i < settings_keys_n; i++) {
        if (strcmp(settings_keys[i].section, section) == 0)
            return true;
    }
    return false;
}

/* Keys of releases before, which decide nothing any more: a file that has them is as good. */
static const char *obsolete(const struct ini_entry *entry)
{
    static const struct {
        const char *section, *key, *why;
    } keys[] = {
        { "detect", "possible", "probability-possible decides now" },
        { "detect", "breach", "probability-breach decides now" },
        { "detect", "error-time", "the model has its own" },
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].section, entry->section) == 0 && strcmp(keys[i].key, entry->key) == 0)
            return keys[i].why;
    }
    return NULL;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct loading *loading = arg;
    const char *file = loading->out->file;
    int *lines = loading->out->lines;

    if (entry->key == NULL)
        loading->of_devices = settings_devices_is(entry->section);
    if (loading->of_devices) {
        settings_devices_take(&loading->devices, entry, loading->out, loading->complaints);
        return;
    }
    if (entry->key == NULL) {
        loading->section_known = section_exists(entry->section);
        if (!loading->section_known)
            complain(loading->complaints, file, entry->line,
                     "[%s]: no such section: site, ledger, devices, http, redis, mqtt, "
                     "alerts, detect",
                     entry->section);
        return;
    }
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];

        if (strcmp(key->section, entry->section) != 0 || strcmp(key->key, entry->key) != 0)
            continue;
        if (lines[i] != 0) {
            complain(loading->complaints, file, entry->line, "%s: given in line %d already",
                     key->key, lines[i]);
            return;
        }
        lines[i] = entry->line;
        take(loading, i, entry->value, entry->line);
        return;
    }
    if (obsolete(entry) != NULL)
        complain_softly(loading->complaints, file, entry->line,
                        "%s: is taken and decides nothing: %s; delete the line", entry->key,
                        obsolete(entry));
    else if (entry->section[0] == '\0')
        complain(loading->complaints, file, entry->line, "%s: stands before any [section]",
                 entry->key);
    else if (loading->section_known)
        complain(loading->complaints, file, entry->line, "%s: no such key in [%s]", entry->key,
                 entry->section);
}

void settings_load(const char *path, struct settings *out, struct complaints *complaints)
{
    settings_load_from(NULL, path, out, complaints);
}

void settings_load_from(const struct sources *sources, const char *path, struct settings *out,
                        struct complaints *complaints)
{
    struct loading loading = { .out = out, .complaints = complaints };

    memset(out, 0, sizeof *out);
    snprintf(out->file, sizeof out->file, "%s", path);
    ini_folder(path, loading.folder, sizeof loading.folder);
    if (!ini_read_from(sources, LAST_GOOD_SETTINGS, path, on_entry, &loading, complaints))
        return;
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];

        if (out->lines[i] == 0 && key->standard == NULL)
            complain(complaints, path, 0, "[%s] %s: must be given", key->section, key->key);
        else if (out->lines[i] == 0)
            take(&loading, i, key->standard, 0);
    }
    settings_devices_end(&loading.devices, out, complaints);
    out->stepped = !out->no_position;
    settings_check(out, complaints);
    settings_read_secrets(out, complaints);
}
