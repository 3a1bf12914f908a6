/* SPDX-License-Identifier: Apache-2.0 */
/* web_settings.c - web.conf is read by the table of keys; every key is taken, or told why not. */
#include "adapter/conf/ini.h"
#include "adapter/conf/listen.h"
#include "web/web_settings_parts.h"

#include <stdio.h>
#include <string.h>

struct loading {
    struct web_settings *out;
    struct complaints *complaints;
    char folder[WEB_PATH_MAX];
    bool section_known;
};

static void take_listen(struct loading *loading, const struct web_key *key, const char *text,
                        int line)
{
    struct web_settings *out = loading->out;
    struct listen_setting setting = { out->file, key->key, loading->folder, line };

    listen_parse(&setting, text, out->listen, &out->n_listen, loading->complaints);
}

static void take(struct loading *loading, size_t nth, const char *text, int line)
{
    const struct web_key *key = &web_keys[nth];
    struct fault why;

    if (key->kind == WEB_LISTEN)
        take_listen(loading, key, text, line);
    else if (!web_value_set(key, text, loading->folder, (char *)loading->out + key->offset, &why))
        complain(loading->complaints, loading->out->file, line, "%s: %s", key->key, why.text);
}

static bool section_exists(const char *section)
{
    for (size_t i = 0; i < web_keys_n; i++) {
        if (strcmp(web_keys[i].section, section) == 0)
            return true;
    }
    return false;
}

static bool find(const char *section, const char *name, size_t *out_nth)
{
    for (size_t i = 0; i < web_keys_n; i++) {
        if (strcmp(web_keys[i].section, section) == 0 && strcmp(web_keys[i].key, name) == 0) {
            *out_nth = i;
            return true;
        }
    }
    return false;
}

int web_settings_line(const struct web_settings *settings, const char *section, const char *key)
{
    size_t nth;

    return find(section, key, &nth) ? settings->lines[nth] : 0;
}

static void take_section(struct loading *loading, const struct ini_entry *entry)
{
    loading->section_known = section_exists(entry->section);
    if (!loading->section_known)
        complain(loading->complaints, loading->out->file, entry->line,
                 "[%s]: no such section: web, redis, door", entry->section);
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct loading *loading = arg;
    const char *file = loading->out->file;
    int *lines = loading->out->lines;
    size_t nth;

    if (entry->key == NULL) {
        take_section(loading, entry);
    } else if (find(entry->section, entry->key, &nth)) {
        if (lines[nth] != 0) {
            complain(loading->complaints, file, entry->line, "%s: given in line %d already",
                     entry->key, lines[nth]);
            return;
        }
        lines[nth] = entry->line;
        take(loading, nth, entry->value, entry->line);
    } else if (entry->section[0] == '\0') {
        complain(loading->complaints, file, entry->line, "%s: stands before any [section]",
                 entry->key);
    } else if (loading->section_known) {
        complain(loading->complaints, file, entry->line, "%s: no such key in [%s]", entry->key,
                 entry->section);
    }
}

/* What stands in the file that a key names; nothing of it is repeated. */
static void read_secret(const struct web_settings *settings, const char *section, const char *key,
                        const char *path, char out[PASSWORD_MAX], struct complaints *complaints)
{
    struct fault why;

    if (path[0] != '\0' && !password_read(path, out, &why))
        complain(complaints, settings->file, web_settings_line(settings, section, key), "%s: %s",
                 key, why.text);
}

void web_settings_load(const char *path, struct web_settings *out, struct complaints *complaints)
{
    struct loading loading = { .out = out, .complaints = complaints };

    memset(out, 0, sizeof *out);
    snprintf(out->file, sizeof out->file, "%s", path);
    ini_folder(path, loading.folder, sizeof loading.folder);
    if (!ini_read_from(NULL, LAST_GOOD_SETTINGS, path, on_entry, &loading, complaints))
        return;
    for (size_t i = 0; i < web_keys_n; i++) {
        if (out->lines[i] == 0)
            take(&loading, i, web_keys[i].standard, 0);
    }
    web_settings_check(out, complaints);
    read_secret(out, "redis", "password-file", out->redis_password_file, out->redis_password,
                complaints);
    read_secret(out, "door", "token-file", out->token_file, out->token, complaints);
}

void web_settings_wipe(struct web_settings *settings)
{
    explicit_bzero(settings->redis_password, sizeof settings->redis_password);
    explicit_bzero(settings->token, sizeof settings->token);
}
