/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - breachd-web: options, then the check of -n or the service. */
#include "adapter/as_user.h"
#include "adapter/log.h"
#include "adapter/print.h"
#include "adapter/undumpable.h"
#include "web/web.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: breachd-web [-c FILE] [-n [--as USER]]\n"
    "  -c FILE    settings (default " WEB_SETTINGS_FILE ")\n"
    "  -n         check settings, users and page, print every complaint or a summary, and exit\n"
    "  --as USER  root checks what that user could read (default of the service's file: " WEB_USER
    ")\n"
    "  --help     this\n"
    "  --version  the version\n";

struct options {
    const char *path;
    const char *user; // --as USER
    bool check;
};

/* Goes on (true), or ends with *out_exit. */
static bool read_options(int argc, char **argv, struct options *out, int *out_exit)
{
    static const struct option longs[] = { { "as", required_argument, NULL, 'u' },
                                           { "help", no_argument, NULL, 'h' },
                                           { "version", no_argument, NULL, 'v' },
                                           { 0 } };
    int option;

    *out = (struct options){ .path = WEB_SETTINGS_FILE };
    *out_exit = EXIT_USAGE;
    // The words of the command line.
    while ((option = getopt_long(argc, argv, "c:n", longs, NULL)) != -1) {
        if (option == 'c') {
            out->path = optarg;
        } else if (option == 'n') {
            out->check = true;
        } else if (option == 'u') {
            out->user = optarg;
        } else if (option == 'h' || option == 'v') {
            fputs(option == 'h' ? usage : "breachd-web " BREACHD_VERSION "\n", stdout);
            *out_exit = EXIT_SUCCESS;
            return false;
        } else {
            fputs(usage, stderr);
            return false;
        }
    }
    if (optind < argc)
        print_line(stderr, "breachd-web: %s: not understood", argv[optind]);
    else if (out->user != NULL && !out->check) // it would serve, as who it is
        print_line(stderr, "breachd-web: --as is for -n: whom the service runs as its unit says");
    else
        return true;
    fputs(usage, stderr);
    return false;
}

static int check(void *arg)
{
    const struct options *options = arg;

    return web_check(options->path, options->user);
}

static int check_as_user(struct options *options)
{
    bool is_service = strcmp(options->path, WEB_SETTINGS_FILE) == 0;

    options->user = as_user_choose(options->user, is_service, WEB_USER);
    return as_user_check("breachd-web", options->user, SERVICE_USER, check,
                         options); // as the unit has it
}

int main(int argc, char **argv)
{
    struct options options;
    int code;

    if (!read_options(argc, argv, &options, &code))
        return code;
    log_as("breachd-web");
    undumpable();             // before secrets are read
    signal(SIGPIPE, SIG_IGN); // a peer that went is told by the call that meets it
    return options.check ? check_as_user(&options) : web_run(options.path);
}
