/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init.c - a configuration by options, by questions, or by both: made beside, checked as breachd
 * itself checks it, moved into its place.
 */
#include "adapter/as_user.h"
#include "adapter/print.h"
#include "ctl/command.h"
#include "ctl/init_check.h"
#include "ctl/init_files.h"
#include "ctl/init_next.h"
#include "ctl/init_shipped.h"
#include "ctl/init_value.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct init_call {
    const char *as; // --as USER
    bool ask, yes;
    const char *keys[INIT_KEYS]; // NULL: not given
};

/* ---- what the command line says ---- */

enum { FIRST_KEY = 256, CERTIFICATE = FIRST_KEY + INIT_KEYS, AS, ASK, YES, OTHERS = 5 };

static void name_options(struct option longs[INIT_KEYS + OTHERS + 1])
{
    static const struct option others[OTHERS] = { { "tls-certificate", required_argument, NULL,
                                                    CERTIFICATE },
                                                  { "as", required_argument, NULL, AS },
                                                  { "ask", no_argument, NULL, ASK },
                                                  { "yes", no_argument, NULL, YES },
                                                  { "help", no_argument, NULL, 'h' } };

    for (int i = 0; i < INIT_KEYS; i++)
        longs[i] = (struct option){ init_keys[i].name, required_argument, NULL, FIRST_KEY + i };
    memcpy(longs + INIT_KEYS, others, sizeof others);
}

/* --tls-certificate FILE is --tls FILE, in breachd.conf's word. */
static bool read_call(int argc, char **argv, struct init_call *out)
{
    struct option longs[INIT_KEYS + OTHERS + 1] = { 0 };
    int option;

    name_options(longs);
    *out = (struct init_call){ 0 };
    while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        int key = option == CERTIFICATE ? INIT_TLS : option - FIRST_KEY;

        if (option == 'h')
            ctl_help(argv[0]);
        if (option == AS)
            out->as = optarg;
        else if (option == ASK)
            out->ask = true;
        else if (option == YES)
            out->yes = true;
        else if (option >= FIRST_KEY)
            out->keys[key] = optarg;
        else
            return false; // getopt has said why
    }
    if (out->ask && out->yes)
        ctl_wrong("--ask and --yes: one of them");
    return !(out->ask && out->yes) && ctl_no_more(argc, argv, optind + 1);
}

/* ---- answers ---- */

/* The last word on it: whether it is needed, and can be right. */
static bool take(struct init_answers *answers, size_t nth, struct fault *why)
{
    if (answers->of[nth][0] == '\0')
        return !init_keys[nth].needed || fault_set(why, "must be given");
    return init_value_take(answers, nth, why);
}

/* Until the answer is good; false: nobody answers any more. */
static bool ask_one(struct init_answers *answers, size_t nth)
{
    char before[ASK_MAX];
    struct fault why;

    init_key_default(answers, nth, true, before);
    do {
        if (!ask_text(init_keys[nth].ask, before, answers->of[nth]))
            return false;
        if (take(answers, nth, &why))
            return true;
        print_line(stderr, "  %s", why.text);
    } while (true);
}

/* A file can be told by either. */
static const char *flag_of(const struct init_answers *answers, size_t nth)
{
    return nth == INIT_TLS && init_key_concerns(answers, INIT_TLS_KEY) ? "tls-certificate"
                                                                       : init_keys[nth].name;
}

/* Of one key; an exit code, after its reason. */
static int answer_one(const struct init_call *call, bool ask, struct init_answers *answers,
                      size_t nth)
{
    const char *given = call->keys[nth];
    struct fault why;

    if (!init_key_concerns(answers, nth))
        return given == NULL ? CTL_DONE
                             : ctl_wrong("--%s: means nothing with --tls %s", init_keys[nth].name,
                                         answers->of[INIT_TLS]);
    if (given != NULL && strlen(given) >= ASK_MAX)
        return ctl_wrong("--%s: longer than %d bytes", init_keys[nth].name, ASK_MAX - 1);
    if (given == NULL && ask)
        return ask_one(answers, nth) ? CTL_DONE : ctl_refuse("nothing was made");
    if (given != NULL)
        strcpy(answers->of[nth], given);
    else
        init_key_default(answers, nth, false, answers->of[nth]);
    return take(answers, nth, &why) ? CTL_DONE
                                    : ctl_wrong("--%s: %s", flag_of(answers, nth), why.text);
}

static int answer_all(const struct init_call *call, struct init_answers *answers)
{
    bool ask = call->ask || (isatty(STDIN_FILENO) && !call->yes);
    int code = CTL_DONE;

    for (size_t i = 0; code == CTL_DONE && i < INIT_KEYS; i++)
        code = answer_one(call, ask, answers, i);
    if (code == CTL_DONE && ask && !ask_whether("make it?"))
        code = ctl_refuse("nothing was made");
    return code;
}

/* ---- the files ---- */

static const char *user_of(const struct init_call *call, const struct init_answers *answers)
{
    return as_user_choose(call->as, init_is_service(answers), SERVICE_USER);
}

static bool make(const struct init_answers *answers, const char *user, struct utc *out_until,
                 struct fault *why)
{
    const char *names[INIT_NAMES_MAX], *moved[INIT_NAMES_MAX] = { INIT_ORDERS };
    struct init_stage stage;
    bool ok;

    init_files_names(answers, names);
    for (size_t i = 0; i + 1 < INIT_NAMES_MAX && (i == 0 || names[i - 1] != NULL); i++)
        moved[i + 1] = names[i];
    ok = init_stage_begin(&stage, answers->folder, user, names, why) &&
         init_files_make(&stage, answers, out_until, why) && init_check(&stage, user, why) &&
         init_stage_move(&stage, moved, why);
    if (ok && stage.shipped != NULL)
        print_line(stdout, "%s/%s, as it was shipped, is %s" INIT_SHIPPED_END " now.", stage.target,
                   stage.shipped, stage.shipped);
    init_stage_end(&stage);
    return ok;
}

static bool name_folder(const char *given, char out[ASK_MAX])
{
    size_t n = strlen(given);

    while (n > 1 && given[n - 1] == '/')
        n--;
    return n > 0 && n < ASK_MAX && snprintf(out, ASK_MAX, "%.*s", (int)n, given) > 0;
}

static int run(const struct init_call *call, struct init_answers *answers)
{
    int code = answer_all(call, answers);
    struct utc until;
    struct fault why;

    if (code != CTL_DONE)
        return code;
    if (!make(answers, user_of(call, answers), &until, &why))
        return ctl_refuse("%s", why.text);
    init_next(answers, until);
    return CTL_DONE;
}

int ctl_init(int argc, char **argv)
{
    struct init_answers *answers = calloc(1, sizeof *answers);
    struct init_call call;
    int code;

    if (answers == NULL)
        return ctl_refuse(FAULT_MEMORY);
    if (!read_call(argc, argv, &call))
        code = ctl_misused("init");
    else if (!name_folder(optind < argc ? argv[optind] : INIT_FOLDER, answers->folder))
        code = ctl_wrong("DIR: 1..%d bytes are wanted", ASK_MAX - 1);
    else
        code = run(&call, answers);
    free(answers);
    return code;
}
