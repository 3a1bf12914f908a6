/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/command.h"

#include "adapter/print.h"

#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_CONF "/etc/breachd/breachd.conf"

int ctl_refuse(const char *format, ...)
{
    char text[PRINT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_line(stderr, "breachctl: %s", text);
    return CTL_FAILED;
}

/* A row an option that takes a text: where it goes. */
static const struct word {
    const char *name;
    size_t offset;
} words[] = {
    { "settings", offsetof(struct ctl_options, settings) },
    { "ledger", offsetof(struct ctl_options, ledger) },
    { "output", offsetof(struct ctl_options, out) },
    { "by", offsetof(struct ctl_options, by) },
    { "reason", offsetof(struct ctl_options, reason) },
    { "note", offsetof(struct ctl_options, note) },
    { "redis", offsetof(struct ctl_options, redis) },
    { "password-file", offsetof(struct ctl_options, password_file) },
    { "prefix", offsetof(struct ctl_options, prefix) },
    { "area", offsetof(struct ctl_options, area) },
    { "severity", offsetof(struct ctl_options, severity) },
    { "since", offsetof(struct ctl_options, since) },
    { "from", offsetof(struct ctl_options, from) },
    { "to", offsetof(struct ctl_options, to) },
    { "orders", offsetof(struct ctl_options, orders) },
    { "against", offsetof(struct ctl_options, against) },
    { "against-conf", offsetof(struct ctl_options, against_conf) },
    { "anchor", offsetof(struct ctl_options, anchor) },
    { "anchors", offsetof(struct ctl_options, anchors) },
    { "svg", offsetof(struct ctl_options, svg) },
    { "device", offsetof(struct ctl_options, device) },
    { "really", offsetof(struct ctl_options, really) },
};

/* A row an option that takes none. */
static const struct flag {
    const char *name;
    size_t offset;
} flags[] = {
    { "json", offsetof(struct ctl_options, json) },
    { "csv", offsetof(struct ctl_options, csv) },
    { "geojson", offsetof(struct ctl_options, geojson) },
    { "exercise", offsetof(struct ctl_options, exercise) },
};

enum {
    WORDS = sizeof words / sizeof *words,
    FLAGS = sizeof flags / sizeof *flags,
    FIRST_WORD = 256,
    FIRST_FLAG = FIRST_WORD + WORDS
};

static void set_word(struct ctl_options *options, size_t nth, const char *text)
{
    *(const char **)((char *)options + words[nth].offset) = text;
}

static void set_flag(struct ctl_options *options, size_t nth)
{
    *(bool *)((char *)options + flags[nth].offset) = true;
}

bool ctl_options(int argc, char **argv, struct ctl_options *out, int *out_rest)
{
    struct option longs[WORDS + FLAGS + 1] = { 0 };
    int option;

    for (int i = 0; i < WORDS; i++)
        longs[i] = (struct option){ words[i].name, required_argument, NULL, FIRST_WORD + i };
    for (int i = 0; i < FLAGS; i++)
        longs[WORDS + i] = (struct option){ flags[i].name, no_argument, NULL, FIRST_FLAG + i };
    *out = (struct ctl_options){ 0 };
    while ((option = getopt_long(argc, argv, "c:o:", longs, NULL)) != -1) {
        if (option >= FIRST_FLAG)
            set_flag(out, (size_t)(option - FIRST_FLAG));
        else if (option == 'c')
            out->settings = optarg;
        else if (option == 'o')
            out->out = optarg;
        else if (option >= FIRST_WORD)
            set_word(out, (size_t)(option - FIRST_WORD), optarg);
        else
            return false; // getopt has said why
    }
    *out_rest = optind;
    return true;
}

const char *ctl_settings_path(const struct ctl_options *options)
{
    return options->settings != NULL ? options->settings : DEFAULT_CONF;
}

bool ctl_settings(const struct ctl_options *options, struct settings *out)
{
    struct complaints complaints = { 0 };
    bool ok;

    settings_load(ctl_settings_path(options), out, &complaints);
    complaints_print(&complaints, COMPLAINTS_WARNINGS, stderr);
    ok = complaints.errors == 0;
    complaints_fini(&complaints);
    return ok;
}

bool ctl_source_open(const struct ctl_options *options, struct ctl_source *out, struct fault *why)
{
    struct settings settings = { 0 };
    bool ok = true;

    *out = (struct ctl_source){ 0 };
    if (options->ledger == NULL || options->settings != NULL) {
        ok = ctl_settings(options, &settings) ||
             fault_set(why, "%.300s: refused; a ledger may also be named by --ledger alone",
                       ctl_settings_path(options));
        strcpy(out->signing_key, settings.signing_key);
    }
    snprintf(out->ledger, sizeof out->ledger, "%s",
             options->ledger ? options->ledger : settings.ledger);
    ok = ok && ledger_reader_open(out->ledger, &out->reader, why);
    settings_wipe(&settings);
    return ok;
}

void ctl_source_close(struct ctl_source *source)
{
    ledger_reader_close(source->reader);
    source->reader = NULL;
}
