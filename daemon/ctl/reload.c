/* SPDX-License-Identifier: Apache-2.0 */
/* reload.c - asks the breachd that has a ledger to reload, and waits for what comes of it. */
#include "adapter/print.h"
#include "core/order.h"
#include "core/plural.h"
#include "ctl/control_call.h"
#include "ctl/line.h"

#include <stdlib.h>
#include <string.h>

static void print_done(const json_t *answer)
{
    const json_t *changed = json_object_get(answer, "changed");
    long long orders = json_integer_value(json_object_get(answer, "orders"));
    char lost[REVISION_LOST_MAX], settings[REVISION_SETTINGS_MAX];

    print_line(stdout,
               "reloaded: %lld order%s; %lld added, %lld ended, %lld changed, "
               "%lld zones moved%s%s",
               orders, plural((size_t)orders),
               json_integer_value(json_object_get(changed, "added")),
               json_integer_value(json_object_get(changed, "ended")),
               json_integer_value(json_object_get(changed, "texts")),
               json_integer_value(json_object_get(changed, "zones_moved")),
               line_lost(changed, lost), line_settings(changed, settings));
}

static int print_refused(const json_t *answer, const char *settings)
{
    const json_t *refused = json_object_get(answer, "refused");
    long long n = json_integer_value(json_object_get(refused, "complaints"));
    const char *really = line_text(refused, "really");

    ctl_refuse("refused, %lld complaint%s: %s; first: %s", n, plural((size_t)n),
               line_text(refused, "stays"), line_text(refused, "first"));
    // A folder of a long name leaves no room for it in that.
    if (really[0] != '\0' && strstr(line_text(refused, "first"), really) == NULL)
        print_line(stderr, "if that is meant, `breachctl reload --really %s%s%s`", really,
                   settings ? " -c " : "", settings ? settings : "");
    if (n > 1)
        print_line(stderr, "`breachd -n%s%s` tells all of them", settings ? " -c " : "",
                   settings ? settings : "");
    return CTL_FAILED;
}

/* What is in force all the same, and yet is hardly meant. */
static void warn(const json_t *answer)
{
    const json_t *passed_over = json_object_get(answer, "passed_over");
    const json_t *in_force = json_object_get(answer, "in_force");
    long long n = json_integer_value(json_object_get(passed_over, "files"));

    if (json_is_integer(in_force) && json_integer_value(in_force) == 0) // not one of before
        print_line(stderr, "breachctl: warning: no order is in force: nobody is watched");
    if (n > 0)
        print_line(stderr, "breachctl: %s", line_text(passed_over, "first"));
    if (n > 1)
        print_line(stderr, "breachctl: and %lld more such: `breachd -n` names them", n - 1);
}

/* As a refusal shows it; NULL: none is given. */
static bool is_digest(const char *text)
{
    if (text == NULL ||
        (strlen(text) == DIGEST_CHARS && strspn(text, "0123456789abcdef") == DIGEST_CHARS))
        return true;
    ctl_wrong("--really: %.60s: not the %d hex digits that a refusal shows", text, DIGEST_CHARS);
    return false;
}

/* Whoever does not even say that it understands nothing need not be waited for so long. */
static bool ask(const char *ledger, const char *question, char text[CONTROL_ANSWER_MAX],
                struct fault *why)
{
    struct fault cause;

    if (!control_call(ledger, "hello\n", text, why))
        return false;
    return control_call_within(ledger, question, CONTROL_RELOAD_MS, text, &cause) ||
           fault_set(why, "%.380s; whether anything was reloaded is open", cause.text);
}

int ctl_reload(int argc, char **argv)
{
    char ledger[SETTINGS_PATH_MAX], text[CONTROL_ANSWER_MAX];
    char question[CONTROL_LINE_MAX];
    struct ctl_options options;
    struct fault why;
    json_t *answer;
    int rest, code;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest) ||
        !is_digest(options.really))
        return ctl_misused("reload");
    snprintf(question, sizeof question, "reload%s%s\n", options.really ? " " : "",
             options.really ? options.really : "");
    if (!control_call_ledger(&options, ledger, &why))
        return ctl_wrong("-c: %s", why.text);
    if (!ask(ledger, question, text, &why))
        return ctl_refuse("reload: %s", why.text);
    answer = json_loads(text, 0, NULL);
    if (options.json && answer != NULL)
        line_json(stdout, answer);
    if (strcmp(line_text(answer, "result"), "done") == 0) {
        if (!options.json)
            print_done(answer);
        code = CTL_DONE;
    } else if (strcmp(line_text(answer, "result"), "refused") == 0 ||
               strcmp(line_text(answer, "result"), "partly") == 0) {
        if (!options.json && strcmp(line_text(answer, "result"), "partly") == 0)
            print_done(answer);
        code = print_refused(answer, options.settings);
    } else {
        code = ctl_refuse("reload: %s", answer != NULL ? line_text(answer, "error") : text);
    }
    warn(answer);
    json_decref(answer);
    return code;
}
