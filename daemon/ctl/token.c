/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - makes a token, prints it once, with its line for the tokens file. */
#include "ctl/token.h"

#include "adapter/http/tokens.h"
#include "adapter/print.h"
#include "ctl/command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

bool token_devices_valid(const char *text)
{
    char device[NAME_MAX_CHARS + 1];
    enum token_kind unheard;
    size_t count = 0;

    for (;;) {
        size_t n = strcspn(text, ",");

        if (n > NAME_MAX_CHARS || ++count > TOKEN_DEVICES_MAX)
            return false;
        snprintf(device, sizeof device, "%.*s", (int)n, text);
        if (!name_valid(device) || token_kind_of(text, &unheard))
            return false;
        if (text[n] == '\0')
            return true;
        text += n + 1;
    }
}

/* What the token is for, in the words of the file; false when that is not said, or said twice. */
static bool read_scope(int argc, char **argv, const char **out_scope)
{
    static const struct option longs[] = { { "devices", required_argument, NULL, 'd' },
                                           { "any", no_argument, NULL, 'a' },
                                           { "operator", no_argument, NULL, 'o' },
                                           { "room", no_argument, NULL, 'r' },
                                           { "map", no_argument, NULL, 'm' },
                                           { "help", no_argument, NULL, 'h' },
                                           { 0 } };
    int option, said = 0;

    optind = 1;
    while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        said++;
        if (option == 'h')
            ctl_help(argv[0]);
        *out_scope = option == 'a'   ? "*"
                     : option == 'o' ? "operator"
                     : option == 'r' ? "room"
                     : option == 'm' ? "map"
                                     : optarg;
        if (option == '?')
            return false;
        if (option == 'd' && !token_devices_valid(optarg)) {
            ctl_wrong("%s: not ids of devices, parted by commas", optarg);
            return false;
        }
    }
    if (said != 1)
        ctl_wrong("--devices A,B, --any, --operator, --room or --map: one of them must be given");
    return said == 1;
}

int ctl_token(int argc, char **argv)
{
    char secret[TOKEN_MADE_CHARS + 1], hex[2 * TOKEN_HASH_BYTES + 1];
    const char *scope;

    if (!read_scope(argc, argv, &scope) || !ctl_one(argc, argv, optind, "NAME"))
        return ctl_misused("token");
    if (!name_valid(argv[optind]))
        return ctl_wrong("%s: not 1..%d letters, digits, - _ .", argv[optind], NAME_MAX_CHARS);
    if (!token_make(secret, hex)) {
        return ctl_refuse("no randomness to be had");
    }
    print_line(stdout, "token, shown once: %s", secret);
    print_line(stdout, "line for the tokens file: %s %s %s", argv[optind], hex, scope);
    explicit_bzero(secret, sizeof secret);
    return fflush(stdout) == 0 ? CTL_DONE : CTL_FAILED;
}
