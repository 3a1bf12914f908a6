/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/command.h"

#include "adapter/gzip.h"
#include "adapter/print.h"
#include "adapter/redis_target.h"
#include "core/custody.h"
#include "ctl/anchors.h"
#include "ctl/cursor.h"
#include "ctl/line.h"

#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 1, 0))) static void say(const char *format, va_list args)
{
    char text[PRINT_MAX];

    vsnprintf(text, sizeof text, format, args);
    print_line(stderr, "breachctl: %s", text);
}

int ctl_refuse(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
    return CTL_FAILED;
}

int ctl_wrong(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
    return CTL_USAGE;
}

bool ctl_no_more(int argc, char **argv, int from)
{
    if (from >= argc)
        return true;
    ctl_wrong("\"%s\": one argument too many", argv[from]);
    return false;
}

bool ctl_one(int argc, char **argv, int from, const char *what)
{
    if (from < argc)
        return ctl_no_more(argc, argv, from + 1);
    ctl_wrong("%s: must be given", what);
    return false;
}

bool ctl_given(const char *value, const char *option)
{
    if (value == NULL)
        ctl_wrong("%s: must be given", option);
    return value != NULL;
}

/* ---- what can be seen of a value alone ---- */

static bool is_name(const char *text, struct fault *why)
{
    return name_valid(text) ||
           fault_set(why, "%.100s: not 1..%d letters, digits, - _ .", text, NAME_MAX_CHARS);
}

static bool is_severity(const char *text, struct fault *why)
{
    return line_severity(text) >= 0 ||
           fault_set(why, "%.40s is none of info warning high critical", text);
}

static bool is_redis(const char *text, struct fault *why)
{
    struct redis_target target;

    return redis_target_parse(text, ".", &target, why);
}

static bool is_anchor(const char *text, struct fault *why)
{
    struct anchors anchors = { 0 };
    bool ok = anchors_take(&anchors, text, why);

    anchors_fini(&anchors);
    return ok;
}

static bool is_by(const char *text, struct fault *why)
{
    return (text[0] != '\0' && strlen(text) < CUSTODY_BY_MAX) ||
           fault_set(why, "1..%d characters are wanted", CUSTODY_BY_MAX - 1);
}

static bool is_reason(const char *text, struct fault *why)
{
    return text[strspn(text, " \t")] != '\0' || fault_set(why, "it says nothing");
}

/* A row an option that takes a text: where it goes, and what it must be. */
static const struct word {
    const char *name;
    size_t offset;
    bool (*check)(const char *text, struct fault *why); // NULL: anything
} words[] = {
    { "ledger", offsetof(struct ctl_options, ledger), NULL },
    { "by", offsetof(struct ctl_options, by), is_by },
    { "reason", offsetof(struct ctl_options, reason), is_reason },
    { "note", offsetof(struct ctl_options, note), NULL },
    { "redis", offsetof(struct ctl_options, redis), is_redis },
    { "password-file", offsetof(struct ctl_options, password_file), NULL },
    { "prefix", offsetof(struct ctl_options, prefix), is_name },
    { "tls-ca", offsetof(struct ctl_options, tls_ca), NULL },
    { "tls-certificate", offsetof(struct ctl_options, tls_certificate), NULL },
    { "tls-key", offsetof(struct ctl_options, tls_key), NULL },
    { "area", offsetof(struct ctl_options, area), NULL },
    { "severity", offsetof(struct ctl_options, severity), is_severity },
    { "since", offsetof(struct ctl_options, since), cursor_since_check },
    { "from", offsetof(struct ctl_options, from), NULL },
    { "to", offsetof(struct ctl_options, to), NULL },
    { "until", offsetof(struct ctl_options, until), NULL },
    { "state", offsetof(struct ctl_options, state), NULL },
    { "html", offsetof(struct ctl_options, html), NULL },
    { "operators", offsetof(struct ctl_options, operators), NULL },
    { "orders", offsetof(struct ctl_options, orders), NULL },
    { "against", offsetof(struct ctl_options, against), NULL },
    { "against-conf", offsetof(struct ctl_options, against_conf), NULL },
    { "anchor", offsetof(struct ctl_options, anchor), is_anchor },
    { "anchors", offsetof(struct ctl_options, anchors), NULL },
    { "svg", offsetof(struct ctl_options, svg), NULL },
    { "device", offsetof(struct ctl_options, device), is_name },
    { "group", offsetof(struct ctl_options, group), NULL },
    { "keep", offsetof(struct ctl_options, keep), NULL },
    { "before", offsetof(struct ctl_options, before), NULL },
    { "really", offsetof(struct ctl_options, really), NULL },
    { "as", offsetof(struct ctl_options, as), NULL },
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
    { "tell", offsetof(struct ctl_options, tell) },
    { "quiet", offsetof(struct ctl_options, quiet) },
};

enum {
    WORDS = sizeof words / sizeof *words,
    FLAGS = sizeof flags / sizeof *flags,
    FIRST_WORD = 256,
    FIRST_FLAG = FIRST_WORD + WORDS,
    HELP = FIRST_FLAG + FLAGS,
    OPTION_MAX = 32 // "--password-file"
};

/* One that the command does not have would be taken and do nothing. */
static bool check_has(const char *command, const char *option)
{
    bool has = ctl_has_option(command, option);

    if (!has)
        ctl_wrong("%s: no option of %s", option, command);
    return has;
}

static bool set_word(const char *command, struct ctl_options *options, size_t nth, const char *text)
{
    const struct word *word = &words[nth];
    char option[OPTION_MAX];
    struct fault why;

    snprintf(option, sizeof option, "--%s", word->name);
    if (!check_has(command, option))
        return false;

    *(const char **)((char *)options + word->offset) = text;
    if (word->check == NULL || word->check(text, &why))
        return true;
    ctl_wrong("--%s: %s", word->name, why.text);
    return false;
}

static bool set_flag(const char *command, struct ctl_options *options, size_t nth)
{
    char option[OPTION_MAX];

    snprintf(option, sizeof option, "--%s", flags[nth].name);
    *(bool *)((char *)options + flags[nth].offset) = true;
    return check_has(command, option);
}

/* -c FILE, or -o FILE. */
static bool set_file(const char *command, struct ctl_options *options, char option,
                     const char *file)
{
    *(option == 'c' ? &options->settings : &options->out) = file;
    return check_has(command, (const char[]){ '-', option, '\0' });
}

bool ctl_options(int argc, char **argv, struct ctl_options *out, int *out_rest)
{
    struct option longs[WORDS + FLAGS + 2] = { 0 };
    bool ok = true;
    int option;

    for (int i = 0; i < WORDS; i++)
        longs[i] = (struct option){ words[i].name, required_argument, NULL, FIRST_WORD + i };
    for (int i = 0; i < FLAGS; i++)
        longs[WORDS + i] = (struct option){ flags[i].name, no_argument, NULL, FIRST_FLAG + i };
    longs[WORDS + FLAGS] = (struct option){ "help", no_argument, NULL, HELP };
    *out = (struct ctl_options){ 0 };
    while (ok && (option = getopt_long(argc, argv, "c:o:h", longs, NULL)) != -1) {
        if (option == HELP || option == 'h')
            ctl_help(argv[0]);
        else if (option >= FIRST_FLAG)
            ok = set_flag(argv[0], out, (size_t)(option - FIRST_FLAG));
        else if (option >= FIRST_WORD)
            ok = set_word(argv[0], out, (size_t)(option - FIRST_WORD), optarg);
        else if (option == 'c' || option == 'o')
            ok = set_file(argv[0], out, (char)option, optarg);
        else
            ok = false; // getopt has said why
    }
    *out_rest = optind;
    return ok;
}

const char *ctl_settings_path(const struct ctl_options *options)
{
    return options->settings != NULL ? options->settings : SETTINGS_FILE;
}

bool ctl_settings_are_service(const char *path)
{
    struct stat given, installed;

    return strcmp(path, SETTINGS_FILE) == 0 ||
           (stat(path, &given) == 0 && stat(SETTINGS_FILE, &installed) == 0 &&
            given.st_dev == installed.st_dev && given.st_ino == installed.st_ino);
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

/* An archive is unpacked for as long as it takes to open it. */
static bool open_ledger(struct ctl_source *source, struct fault *why)
{
    char unpacked[GZIP_PATH_MAX];
    bool ok;

    if (!gzip_is(source->ledger))
        return ledger_reader_open(source->ledger, &source->reader, why);
    if (!gzip_unpack(source->ledger, unpacked, why))
        return false;
    ok = ledger_reader_open(unpacked, &source->reader, why);
    unlink(unpacked);
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
    ok = ok && open_ledger(out, why);
    settings_wipe(&settings);
    return ok;
}

void ctl_source_close(struct ctl_source *source)
{
    ledger_reader_close(source->reader);
    source->reader = NULL;
}
