/* SPDX-License-Identifier: Apache-2.0 */
/* user.c - the people of the control room's page: added, listed, removed. */
#include "adapter/print.h"
#include "ctl/command.h"
#include "ctl/line.h"
#include "ctl/user_file.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_LEAST = 12, READ_MAX = SCRYPT_PASSWORD_MAX + 3 };

struct user_call {
    const char *verb, *name, *file;
    enum user_role role;
    bool has_role, json;
};

/* ---- a password ---- */

/* A line of stdin, which a terminal does not show meanwhile; false: there is none, or it is cut. */
static bool read_hidden(const char *prompt, char out[READ_MAX])
{
    struct termios before, hidden;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0, got;

    if (terminal) {
        hidden = before;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        print_part(stderr, "%s: ", prompt);
        fflush(stderr);
    }
    got = fgets(out, READ_MAX, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        print_line(stderr, "%s", "");
    }
    if (got)
        out[strcspn(out, "\r\n")] = '\0';
    return got && strlen(out) <= SCRYPT_PASSWORD_MAX;
}

/* Twice where nobody sees what he types. */
static bool read_password(char out[READ_MAX], struct fault *why)
{
    char again[READ_MAX];
    bool same = true;

    if (!read_hidden("Password", out))
        return fault_set(why, "a password of %d..%d bytes is wanted in a line of stdin",
                         PASSWORD_LEAST, SCRYPT_PASSWORD_MAX);
    if (strlen(out) < PASSWORD_LEAST)
        return fault_set(why, "a password has %d characters at least", PASSWORD_LEAST);
    if (isatty(STDIN_FILENO)) {
        same = read_hidden("The same again", again) && strcmp(out, again) == 0;
        explicit_bzero(again, sizeof again);
    }
    return same || fault_set(why, "the two are not the same: nothing has changed");
}

/* ---- what is done ---- */

static bool add(const struct user_call *call, struct fault *why)
{
    char password[READ_MAX], text[SCRYPT_TEXT_MAX], line[USERS_LINE_MAX];
    struct scrypt kept;
    bool made = read_password(password, why);

    if (made && !scrypt_make(password, &kept))
        made = fault_set(why, "the password cannot be hashed: no randomness, or out of memory");
    explicit_bzero(password, sizeof password);
    if (!made)
        return false;
    snprintf(line, sizeof line, "%s %s %s", call->name, user_role_name(call->role),
             scrypt_print(&kept, text));
    return user_file_put(call->file, call->name, line, why);
}

static struct users *load(const char *file)
{
    struct complaints complaints = { 0 };
    struct users *users = users_load(file, &complaints);

    complaints_print(&complaints, 0, stderr);
    complaints_fini(&complaints);
    return users;
}

static bool remove_one(const struct user_call *call, struct fault *why)
{
    struct users *users = load(call->file);
    bool there = users != NULL && users_find(users, call->name) != NULL;

    users_destroy(users);
    if (users == NULL)
        return fault_set(why, "%.300s: nothing has changed", call->file);
    if (!there)
        return fault_set(why, "%.300s: there is no %s", call->file, call->name);
    return user_file_put(call->file, call->name, NULL, why);
}

static void list_json(const struct user *user)
{
    json_t *one = json_pack("{s:s,s:s,s:b}", "name", user->name, "role", user_role_name(user->role),
                            "password", (int)user->has_password);

    line_json(stdout, one);
    json_decref(one);
}

static bool list(const struct user_call *call, struct fault *why)
{
    struct users *users = load(call->file);

    if (users == NULL)
        return fault_set(why, "%.300s: cannot be listed", call->file);
    for (size_t i = 0; i < users_count(users); i++) {
        const struct user *user = users_at(users, i);

        if (call->json)
            list_json(user);
        else
            print_line(stdout, "%-4s  %s%s", user_role_name(user->role), user->name,
                       user->has_password ? "" : "  by the proxy alone");
    }
    users_destroy(users);
    return true;
}

/* ---- the command line ---- */

static bool read_options(int argc, char **argv, struct user_call *out)
{
    static const struct option longs[] = { { "role", required_argument, NULL, 'r' },
                                           { "json", no_argument, NULL, 'j' },
                                           { "help", no_argument, NULL, 'h' },
                                           { 0 } };
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        if (option == 'h')
            ctl_help(argv[0]);
        if (option == '?')
            return false;
        if (option == 'j') {
            out->json = true;
        } else if (user_role_of(optarg, &out->role)) {
            out->has_role = true;
        } else {
            ctl_wrong("--role %s: is none of view, room, map", optarg);
            return false;
        }
    }
    return true;
}

/* VERB [NAME] FILE, and which options go with which verb. */
static bool read_words(int argc, char **argv, struct user_call *out)
{
    bool listing, adding;

    if (argc - optind < 1)
        return ctl_wrong("add, list or remove: must be given"), false;
    out->verb = argv[optind];
    listing = strcmp(out->verb, "list") == 0;
    adding = strcmp(out->verb, "add") == 0;
    if (!listing && !adding && strcmp(out->verb, "remove") != 0)
        return ctl_wrong("%s: is none of add, list, remove", out->verb), false;
    if (argc - optind != (listing ? 2 : 3))
        return ctl_wrong("%s: %s, and no more", out->verb, listing ? "FILE" : "NAME and FILE"),
               false;
    if (adding != out->has_role || (out->json && !listing))
        return ctl_wrong("--role goes with add, --json with list"), false;
    out->name = listing ? NULL : argv[optind + 1];
    out->file = argv[argc - 1];
    if (out->name != NULL && !name_valid(out->name))
        return ctl_wrong("%s: not 1..%d letters, digits, - _ .", out->name, NAME_MAX_CHARS), false;
    return true;
}

int ctl_user(int argc, char **argv)
{
    struct user_call call = { 0 };
    struct fault why;
    bool done;

    if (!read_options(argc, argv, &call) || !read_words(argc, argv, &call))
        return ctl_misused("user");
    done = call.name == NULL               ? list(&call, &why)
           : strcmp(call.verb, "add") == 0 ? add(&call, &why)
                                           : remove_one(&call, &why);
    if (!done)
        return ctl_refuse("%s", why.text);
    if (call.name != NULL)
        print_line(stdout, "%s: %s", call.name,
                   strcmp(call.verb, "add") == 0 ? user_role_name(call.role) : "removed");
    return CTL_DONE;
}
