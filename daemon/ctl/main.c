/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - breachctl: a row of the table is a command. */
#include "ctl/token.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const struct command {
    const char *name, *usage, *what;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "token", CTL_TOKEN_USAGE, "make a token that a device or an operator comes in with",
      ctl_token },
};

static void print_usage(FILE *out)
{
    fputs("usage: breachctl COMMAND ...\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %s\n      %s\n", commands[i].usage, commands[i].what);
}

int main(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)) {
        print_usage(stdout);
        return 0;
    }
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    print_usage(stderr);
    return EXIT_USAGE;
}
