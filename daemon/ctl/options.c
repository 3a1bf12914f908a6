/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_CONF "/etc/breachd/breachd.conf"

int ctl_refuse(const char *format, ...)
{
    va_list args;

    fputs("breachctl: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return CTL_FAILED;
}

bool ctl_options(int argc, char **argv, struct ctl_options *out, int *out_rest)
{
    static const struct option longs[] = { { "ledger", required_argument, NULL, 'l' },
                                           { "json", no_argument, NULL, 'j' },
                                           { "by", required_argument, NULL, 'b' },
                                           { 0 } };
    int option;

    *out = (struct ctl_options){ 0 };
    while ((option = getopt_long(argc, argv, "c:o:", longs, NULL)) != -1) {
        switch (option) {
        case 'c':
            out->settings = optarg;
            break;
        case 'l':
            out->ledger = optarg;
            break;
        case 'o':
            out->out = optarg;
            break;
        case 'b':
            out->by = optarg;
            break;
        case 'j':
            out->json = true;
            break;
        default:
            return false; // getopt has said why
        }
    }
    *out_rest = optind;
    return true;
}

static bool read_settings(const char *path, struct settings *out)
{
    struct complaints complaints = { 0 };
    bool ok;

    settings_load(path, out, &complaints);
    for (size_t i = 0; i < complaints.n; i++)
        fprintf(stderr, "%s\n", complaints.kept[i].text);
    ok = complaints.errors == 0;
    complaints_fini(&complaints);
    explicit_bzero(out->password, sizeof out->password);
    return ok;
}

bool ctl_open(const struct ctl_options *options, struct ctl_source *out, struct fault *why)
{
    const char *path = options->settings ? options->settings : DEFAULT_CONF;
    struct settings settings = { 0 };

    *out = (struct ctl_source){ 0 };
    if (options->ledger == NULL || options->settings != NULL) {
        if (!read_settings(path, &settings))
            return fault_set(why, "%.300s: refused; a ledger may also be named by --ledger alone",
                             path);
        strcpy(out->signing_key, settings.signing_key);
    }
    return reader_open(options->ledger ? options->ledger : settings.ledger, &out->reader, why);
}

void ctl_close(struct ctl_source *source)
{
    reader_close(source->reader);
    source->reader = NULL;
}
