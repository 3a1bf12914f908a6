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

bool ctl_settings(const struct ctl_options *options, struct settings *out)
{
    struct complaints complaints = { 0 };
    bool ok;

    settings_load(options->settings ? options->settings : DEFAULT_CONF, out, &complaints);
    for (size_t i = 0; i < complaints.n; i++)
        fprintf(stderr, "%s\n", complaints.kept[i].text);
    ok = complaints.errors == 0;
    complaints_fini(&complaints);
    return ok;
}

bool ctl_ledger(const struct ctl_options *options, struct reader **out, struct fault *why)
{
    struct settings settings;
    bool ok;

    if (options->ledger != NULL)
        return reader_open(options->ledger, out, why);
    ok = ctl_settings(options, &settings)
             ? reader_open(settings.ledger, out, why)
             : fault_set(why, "without settings there is no ledger: name it by --ledger");
    explicit_bzero(settings.password, sizeof settings.password);
    return ok;
}
