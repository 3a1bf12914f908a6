/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - breachd-web: options, then the check of -n or the service. */
#include "adapter/log.h"
#include "adapter/print.h"
#include "adapter/undumpable.h"
#include "web/web.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: breachd-web [-c FILE] [-n]\n"
    "  -c FILE    settings (default " WEB_SETTINGS_FILE ")\n"
    "  -n         check settings, users and page, print every complaint or a summary, and exit\n"
    "  --help     this\n"
    "  --version  the version\n";

int main(int argc, char **argv)
{
    static const struct option longs[] = { { "help", no_argument, NULL, 'h' },
                                           { "version", no_argument, NULL, 'v' },
                                           { 0 } };
    const char *path = WEB_SETTINGS_FILE;
    bool check = false;
    int option;

    while ((option = getopt_long(argc, argv, "c:n", longs, NULL)) != -1) {
        if (option == 'c') {
            path = optarg;
        } else if (option == 'n') {
            check = true;
        } else if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        } else if (option == 'v') {
            puts("breachd-web " BREACHD_VERSION);
            return EXIT_SUCCESS;
        } else {
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        print_line(stderr, "breachd-web: %s: not understood", argv[optind]);
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    log_as("breachd-web");
    undumpable();             // before secrets are read
    signal(SIGPIPE, SIG_IGN); // a peer that went is told by the call that meets it
    return check ? web_check(path) : web_run(path);
}
