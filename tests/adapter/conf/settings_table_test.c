/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the manual and the file that is installed say of each key is what its row of the table does:
 * whether it needs a restart, makes a connection anew, or neither; its default; and its range.
 */
#include "adapter/conf/settings_parts.h"
#include "adapter/conf/units.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static const char restart[] = "(restart", reconnects[] = "(reconnects", next[] = "(next connection";

/* A key of one of the two files: what stands there of it. */
struct stated {
    char section[32], key[32];
    char text[4096]; // of the manual's item, or of the comment above the key
    char value[128]; // of the file that is installed;
    bool out;        // where the line is a comment
};

struct statements {
    struct stated of[2 * SETTINGS_KEYS_MAX];
    size_t n;
};

static struct stated *add(struct statements *all, const char *section, const char *key)
{
    struct stated *stated = &all->of[all->n++];

    assert_true(all->n <= sizeof all->of / sizeof *all->of);
    *stated = (struct stated){ 0 };
    snprintf(stated->section, sizeof stated->section, "%s", section);
    snprintf(stated->key, sizeof stated->key, "%s", key);
    return stated;
}

static const struct stated *find(const struct statements *all, const struct settings_key *key)
{
    const struct stated *found = NULL;

    for (size_t i = 0; i < all->n; i++) {
        if (strcmp(all->of[i].section, key->section) == 0 && strcmp(all->of[i].key, key->key) == 0)
            found = &all->of[i];
    }
    if (found == NULL)
        fail_msg("[%s] %s: nothing is told of it", key->section, key->key);
    return found;
}

static void append(struct stated *stated, const char *line)
{
    size_t n = strlen(stated->text);

    assert_true(n + strlen(line) < sizeof stated->text);
    strcpy(stated->text + n, line);
}

/* Hands each line to `take` with the section, `[site]` or `.Ss [site]`, that it stands in. */
static void read_lines(const char *path,
                       void (*take)(struct statements *all, const char *section, char *line),
                       struct statements *out)
{
    FILE *file = fopen(path, "re");
    char section[32] = "", *line = NULL;
    size_t room = 0;

    assert_non_null(file);
    while (getline(&line, &room, file) != -1) {
        const char *head = strncmp(line, ".Ss ", 4) == 0  ? line + 4
                           : strncmp(line, "; [", 3) == 0 ? line + 2 // an example of a section
                                                          : line;

        if (sscanf(head, "[%31[a-z]", section) != 1)
            take(out, section, line);
    }
    free(line);
    fclose(file);
}

/* ---- ranges: "Duration, 1h to 3660d.", "per token. 0 to 1000000; 0: any number." ---- */

static bool is_quantity(const struct settings_key *key, enum unit_kind *out_unit)
{
    switch (key->kind) {
    case COUNT:
    case REAL:
        *out_unit = UNIT_COUNT;
        return true;
    case DURATION:
        *out_unit = UNIT_DURATION;
        return true;
    case SIZE:
        *out_unit = UNIT_SIZE;
        return true;
    case DISTANCE:
        *out_unit = UNIT_DISTANCE;
        return true;
    case SPEED:
        *out_unit = UNIT_SPEED;
        return true;
    case SHARE:
        *out_unit = UNIT_SHARE;
        return true;
    case NAME:
    case ZONE:
    case PATH:
    case SECRET:
    case REGION:
    case LISTEN:
    case REDIS_URL:
    case MQTT_URL:
    case TOPICS:
    case BY_FILE:
    case FULL:
    case ON:
    case ANY:
        break;
    }
    return false;
}

/* Whether the `n` bytes at `text`, but for the stop behind them, are that value. */
static bool is_value(enum unit_kind unit, const char *text, size_t n, double value)
{
    char copy[UNIT_TEXT_MAX];
    struct fault why;
    double got;

    while (n > 0 && strchr(".,;", text[n - 1]) != NULL)
        n--;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return unit_parse(unit, copy, -DBL_MAX, DBL_MAX, &got, &why) &&
           fabs(got - value) <= 1e-9 * fabs(value);
}

/* The value is one word, or two with its unit: the last of those before `at`, */
static bool ends_with(enum unit_kind unit, const char *text, const char *at, double value)
{
    const char *from = at;

    for (int words = 0; words < 2 && from > text; words++) {
        do
            from--;
        while (from > text && strchr(" \n", from[-1]) == NULL);
        if (is_value(unit, from, (size_t)(at - from), value))
            return true;
        from -= from > text; // the blank
    }
    return false;
}

/* or the first of those at it. */
static bool begins_with(enum unit_kind unit, const char *at, double value)
{
    size_t n = 0;

    for (int words = 0; words < 2; words++) {
        n += words > 0 && at[n] != '\0'; // the blank
        n += strcspn(at + n, " \n");
        if (is_value(unit, at, n, value))
            return true;
    }
    return false;
}

static bool tells_range(const char *text, enum unit_kind unit, double low, double high)
{
    static const char between[] = " to ";

    for (const char *at = text; (at = strstr(at, between)) != NULL; at++) {
        if (ends_with(unit, text, at, low) && begins_with(unit, at + strlen(between), high))
            return true;
    }
    return false;
}

static void assert_range_stated(const char *where, const struct settings_key *key, const char *text)
{
    char low[UNIT_TEXT_MAX], high[UNIT_TEXT_MAX];
    enum unit_kind unit;

    if (!is_quantity(key, &unit) || strcmp(key->key, "evidence-retention") == 0)
        return; // its lowest, but for never, is what another key says
    if (!tells_range(text, unit, key->low, key->high))
        fail_msg("[%s] %s: %s does not say \"%s to %s\"", key->section, key->key, where,
                 unit_print(unit, key->low, low), unit_print(unit, key->high, high));
}

/* ---- breachd.conf(5) ---- */

/* `.It Cm tls-certificate , tls-key` begins what is told of both; it ends with the list. */
static void take_manual(struct statements *all, const char *section, char *line)
{
    static size_t begun; // the items that the text is about
    const char *item = ".It Cm ";

    if (strncmp(line, ".El", 3) == 0 || strncmp(line, ".Sh", 3) == 0)
        begun = all->n;
    if (strncmp(line, item, strlen(item)) == 0) {
        begun = all->n;
        for (char *key = strtok(line + strlen(item), " ,\n"); key != NULL;
             key = strtok(NULL, " ,\n"))
            add(all, section, key);
        return;
    }
    for (size_t i = begun; i < all->n; i++)
        append(&all->of[i], line);
}

static const char *wanted_mark(const struct settings_key *key)
{
    switch (key->anew) {
    case SETTINGS_LIVE:
        return NULL;
    case SETTINGS_FIXED:
        return restart;
    case SETTINGS_TLS:
        return next;
    default:
        return reconnects;
    }
}

static void the_manual_says_what_a_reload_does_with_each_key(void **state)
{
    static const char *const marks[] = { restart, reconnects, next };
    static struct statements manual;

    (void)state;
    read_lines(SOURCE_FOLDER "/config/breachd.conf.5", take_manual, &manual);
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];
        const struct stated *stated = find(&manual, key);

        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
            if ((strstr(stated->text, marks[j]) != NULL) != (wanted_mark(key) == marks[j]))
                fail_msg("[%s] %s: the manual does %ssay %s)", key->section, key->key,
                         wanted_mark(key) == marks[j] ? "not " : "", marks[j]);
        }
    }
}

/* "Default 60s." */
static bool tells_default(const char *text, const char *standard)
{
    static const char word[] = "Default ";
    size_t n = strlen(standard);

    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        const char *is = at + strlen(word);

        if (strncmp(is, standard, n) == 0 && is[n] != '\0' && strchr(".,:;\n", is[n]) != NULL)
            return true;
    }
    return false;
}

static void the_manual_says_range_and_default_of_each_quantity(void **state)
{
    static struct statements manual;
    enum unit_kind unit;

    (void)state;
    read_lines(SOURCE_FOLDER "/config/breachd.conf.5", take_manual, &manual);
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];
        const struct stated *stated = find(&manual, key);

        assert_range_stated("breachd.conf(5)", key, stated->text);
        if (is_quantity(key, &unit) && strcmp(key->key, "evidence-retention") != 0 &&
            !tells_default(stated->text, key->standard))
            fail_msg("[%s] %s: breachd.conf(5) does not say \"Default %s\"", key->section, key->key,
                     key->standard);
    }
}

/* ---- the file that is installed ---- */

/* `key = value`, or `; key = value` where nothing is the default, under a comment of some lines. */
static void take_installed(struct statements *all, const char *section, char *line)
{
    static struct stated above; // of it only the text
    bool out = line[0] == ';';
    char key[32], value[128];

    if (sscanf(out ? line + strspn(line, "; ") : line, "%31[a-z-] = %127[^\n]", key, value) == 2) {
        struct stated *stated = add(all, section, key);

        append(stated, above.text);
        strcpy(stated->value, value);
        stated->out = out;
    } else if (out) {
        append(&above, line);
        return;
    }
    above.text[0] = '\0';
}

static void the_installed_file_says_what_needs_a_restart_the_default_and_the_range(void **state)
{
    static struct statements installed;

    (void)state;
    read_lines(SOURCE_FOLDER "/config/breachd.conf", take_installed, &installed);
    for (size_t i = 0; i < settings_keys_n; i++) {
        const struct settings_key *key = &settings_keys[i];
        const struct stated *stated = find(&installed, key);
        bool says = strstr(stated->text, "Needs a restart.") != NULL;

        if (says != (key->anew == SETTINGS_FIXED))
            fail_msg("[%s] %s: \"Needs a restart.\" %s", key->section, key->key,
                     says ? "is there" : "is not there");
        if (stated->out != (key->standard != NULL && key->standard[0] == '\0'))
            fail_msg("[%s] %s: only what has no default is commented out", key->section, key->key);
        assert_range_stated("breachd.conf", key, stated->text);
        if (key->standard != NULL && key->standard[0] != '\0')
            assert_string_equal(stated->value, key->standard);
    }
}

/* ---- the table itself ---- */

/* A row that named another's member would set it, and have its line. */
static void each_key_has_a_place_of_its_own(void **state)
{
    static struct settings settings;

    (void)state;
    for (size_t i = 0; i < settings_keys_n; i++)
        settings.lines[i] = (int)i + 1;
    for (size_t i = 0; i < settings_keys_n; i++)
        assert_int_equal(settings_line(&settings, (char *)&settings + settings_keys[i].offset),
                         i + 1);
    assert_int_equal(settings_line(&settings, &settings.n_listen), 0);
}

/* What a section's keys make anew is the section's own. */
static void each_section_makes_its_own_connection_anew(void **state)
{
    static const struct {
        unsigned anew;
        const char *section;
    } rows[] = {
        { SETTINGS_ALERTS, "redis" },
        { SETTINGS_PINGS, "redis" },
        { SETTINGS_MQTT, "mqtt" },
    };

    (void)state;
    for (size_t i = 0; i < settings_keys_n; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            if (settings_keys[i].anew & rows[j].anew)
                assert_string_equal(settings_keys[i].section, rows[j].section);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manual_says_what_a_reload_does_with_each_key),
        cmocka_unit_test(the_manual_says_range_and_default_of_each_quantity),
        cmocka_unit_test(the_installed_file_says_what_needs_a_restart_the_default_and_the_range),
        cmocka_unit_test(each_key_has_a_place_of_its_own),
        cmocka_unit_test(each_section_makes_its_own_connection_anew),
    };

    return cmocka_run_group_tests_name("settings_table", tests, NULL, NULL);
}
