/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - breachd: options, then the check of -n or the service. */
#include "adapter/as_user.h"
#include "adapter/memory_json.h"
#include "adapter/print.h"
#include "adapter/undumpable.h"
#include "app/check.h"
#include "app/service.h"

#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is larger is the system's again when it is freed: what a reload has read, above all. */
enum { EXIT_USAGE = 2, LENT_BYTES = 256 * 1024 };

static const char usage[] =
    "usage: breachd [-c FILE] [-n [--as USER]] [--rehearse]\n"
    "  -c FILE     settings (default " SETTINGS_FILE ")\n"
    "  -n          check settings and orders, print every complaint or a summary, and exit\n"
    "  --as USER   root checks what that user could read (default of the service's file: breachd)\n"
    "  --rehearse  an exercise: the clock is that of the pings, every alert says so\n"
    "  --help      this\n"
    "  --version   the version\n";

struct options {
    const char *path;
    const char *user; // --as USER
    bool check, rehearse;
};

/* Goes on (true), or ends with *out_exit. */
static bool read_options(int argc, char **argv, struct options *out, int *out_exit)
{
    static const struct option longs[] = { { "rehearse", no_argument, NULL, 'r' },
                                           { "as", required_argument, NULL, 'u' },
                                           { "help", no_argument, NULL, 'h' },
                                           { "version", no_argument, NULL, 'v' },
                                           { 0 } };
    int option;

    *out = (struct options){ .path = SETTINGS_FILE };
    *out_exit = EXIT_USAGE;
    // The words of the command line.
    while ((option = getopt_long(argc, argv, "c:n", longs, NULL)) != -1) {
        if (option == 'c') {
            out->path = optarg;
        } else if (option == 'n') {
            out->check = true;
        } else if (option == 'r') {
            out->rehearse = true;
        } else if (option == 'u') {
            out->user = optarg;
        } else if (option == 'h' || option == 'v') {
            if (option == 'h')
                fputs(usage, stdout);
            else
                puts("breachd " BREACHD_VERSION);
            *out_exit = EXIT_SUCCESS;
            return false;
        } else {
            fputs(usage, stderr);
            return false;
        }
    }
    if (optind < argc)
        print_line(stderr, "breachd: %s: not understood", argv[optind]);
    else if (out->user != NULL && !out->check) // it would serve, as who it is
        print_line(stderr, "breachd: --as is for -n: whom the service runs as its unit says");
    else
        return true;
    fputs(usage, stderr);
    return false;
}

/* systemd.exec(5): what a unit runs goes there, and a journal is a log. */
static bool told_to_journal(void)
{
    const char *journal = getenv("JOURNAL_STREAM");
    struct stat stream;
    char is[64];

    if (journal == NULL || fstat(STDERR_FILENO, &stream) != 0)
        return false;
    snprintf(is, sizeof is, "%ju:%ju", (uintmax_t)stream.st_dev, (uintmax_t)stream.st_ino);
    return strcmp(is, journal) == 0;
}

static int check(void *arg)
{
    const struct options *options = arg;
    int code = check_files(options->path, options->user, !told_to_journal());

    return fflush(stdout) == 0 ? code : EXIT_FAILURE;
}

static int check_as_user(struct options *options)
{
    bool is_service = strcmp(options->path, SETTINGS_FILE) == 0;

    options->user = as_user_choose(options->user, is_service, SERVICE_USER);
    return as_user_check("breachd", options->user, NULL, check, options);
}

int main(int argc, char **argv)
{
    struct options options;
    int code;

    if (!read_options(argc, argv, &options, &code))
        return code;
    mallopt(M_MMAP_THRESHOLD, LENT_BYTES);
    undumpable(); // before anything is read
    memory_json_watch();
    umask(077);               // the ledger is personal data
    signal(SIGPIPE, SIG_IGN); // a peer that went is told by the call that meets it
    signal(SIGXFSZ, SIG_IGN); // so is a file that may not grow
    return options.check ? check_as_user(&options) : service_run(options.path, options.rehearse);
}
