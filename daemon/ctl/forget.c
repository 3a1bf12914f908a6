/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forget.c - erases one respondent after an order was quashed: bodies go, links stay, and the chain
 * says who wanted it and why.
 */
#include "adapter/clock.h"
#include "adapter/conf/ini.h"
#include "adapter/last_good.h"
#include "adapter/ledger/ledger_writer.h"
#include "adapter/print.h"
#include "ctl/access.h"
#include "ctl/offline_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where breachd cannot be asked, the orders are: who is watched cannot be forgotten. */
static bool is_free(const struct ctl_options *options, const char *respondent, char *ledger,
                    size_t room, struct fault *why)
{
    struct offline_config config = { 0 };
    bool ok = true;
    size_t nth;

    snprintf(ledger, room, "%s", options->ledger != NULL ? options->ledger : "");
    if (options->ledger == NULL || options->settings != NULL) {
        ok = offline_config_open(options->settings, options->orders, &config, why);
        if (ok && options->ledger == NULL)
            snprintf(ledger, room, "%s", config.settings.ledger);
        if (ok && rulebook_find_respondent(config.rules, respondent, &nth))
            ok = fault_set(why, "%.64s: bound by an order: take it out of the orders first",
                           respondent);
    }
    offline_config_close(&config);
    return ok;
}

/* Rather one too many: R-10 has R-1 in it. */
static bool are_named(const struct last_good *last, const char *respondent)
{
    const struct last_good_text *text;
    bool found = false;

    for (size_t i = 0; !found && (text = last_good_nth(last, LAST_GOOD_ORDERS, i)) != NULL; i++)
        found = memmem(text->bytes, text->n, respondent, strlen(respondent)) != NULL;
    return found;
}

/* ---- LEDGER-rules: who was bound when breachd ran last ---- */

struct binding {
    const char *respondent;
    bool found;
};

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct binding *binding = arg;

    binding->found =
        binding->found || (entry->key != NULL && strcmp(entry->key, "respondent") == 0 &&
                           strcmp(entry->value, binding->respondent) == 0);
}

static bool binds(const struct last_good *last, const char *respondent)
{
    struct binding binding = { .respondent = respondent };
    struct complaints unheard = { 0 }; // they were good
    const struct last_good_text *text;

    for (size_t i = 0; !binding.found && (text = last_good_nth(last, LAST_GOOD_ORDERS, i)) != NULL;
         i++) {
        char *copy = strndup(text->bytes, text->n);

        binding.found = copy == NULL; // who is not known to be free is not
        if (copy != NULL)
            ini_read_text(copy, text->name, on_entry, &binding, &unheard);
        free(copy);
    }
    complaints_fini(&unheard);
    return binding.found;
}

/* A site's own files: its breachd.conf, and the orders that this names. */
static bool were_asked(const struct ctl_options *options)
{
    return options->orders == NULL && (options->ledger == NULL || options->settings != NULL);
}

/* The files that were asked are those by which it would go on: what they say now counts. */
static bool are_its_files(const struct last_good *last, const struct ctl_options *options)
{
    const struct last_good_text *conf = last_good_nth(last, LAST_GOOD_SETTINGS, 0);
    char *named = conf != NULL ? realpath(conf->name, NULL) : NULL;
    char *asked = realpath(ctl_settings_path(options), NULL);
    bool same = were_asked(options) && named != NULL && asked != NULL && strcmp(named, asked) == 0;

    free(named);
    free(asked);
    return same;
}

/* Where no breachd runs that could be asked, and other orders were looked at, or none. */
static bool is_unbound(const char *ledger, const struct ctl_options *options,
                       const char *respondent, struct fault *why)
{
    char path[LAST_GOOD_PATH_MAX];
    struct fault cause;
    bool there, ok;
    struct last_good *last = last_good_read(last_good_path(ledger, path), &there, &cause);

    if (last == NULL && there && !were_asked(options))
        return fault_set(why,
                         "%.300s: cannot be read, so whether an order binds %.64s is not known: "
                         "%.300s",
                         path, respondent, cause.text);
    ok = last == NULL || are_its_files(last, options) || !binds(last, respondent) ||
         fault_set(why,
                   "%.64s: bound by an order that is in %.300s: take it out of the orders, and "
                   "name its breachd.conf by -c alone",
                   respondent, path);
    last_good_free(last);
    return ok;
}

/*
 * Where no breachd runs, what was last good still has his orders, and a start could put them in
 * force again. It goes whole; the next start is by the files, and makes it anew.
 */
static bool drop_last_good(const char *ledger, const char *respondent, struct fault *why)
{
    char path[LAST_GOOD_PATH_MAX];
    bool there, doomed;
    struct last_good *last = last_good_read(last_good_path(ledger, path), &there, why);

    doomed = last != NULL ? are_named(last, respondent) : there;
    last_good_free(last);
    return !doomed || unlink(path) == 0 ||
           fault_set(why, "%.300s: has orders of %.64s, and cannot be removed: %s", path,
                     respondent, strerror(errno));
}

static bool forget(const char *ledger, const struct ctl_options *options, const char *respondent,
                   struct fault *why)
{
    struct access record = { "forget", respondent, options->by, options->reason };
    struct ledger_request request = { .kind = LEDGER_REQUEST_FORGET };
    struct forgetting what = { respondent, request.body, clock_utc() };
    bool nobody, ok;

    if (access(ledger, F_OK) != 0)
        return fault_set(why, "%.300s: there is no ledger", ledger);
    ok = access_record(&record, request.body, why) &&
         (access_ask(ledger, &request, &nobody, why) ||
          (nobody && is_unbound(ledger, options, respondent, why) &&
           ledger_writer_forget(ledger, &what, &request.more, why) &&
           drop_last_good(ledger, respondent, why)));
    return ok &&
           (!request.more ||
            fault_set(why,
                      "%.64s: forgotten, but somebody reads the ledger, so what was his still "
                      "stands in %.300s-wal: end that, and say it again until nothing of this "
                      "respondent is in the ledger",
                      respondent, ledger));
}

int ctl_forget(int argc, char **argv)
{
    char ledger[SETTINGS_PATH_MAX];
    struct ctl_options options;
    struct fault why;
    int rest;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_one(argc, argv, rest, "RESPONDENT") ||
        !ctl_given(options.reason, "--reason WHY"))
        return ctl_misused("forget");
    if (!name_valid(argv[rest]))
        return ctl_wrong("%.100s: not 1..%d letters, digits, - _ .", argv[rest], NAME_MAX_CHARS);
    if (!is_free(&options, argv[rest], ledger, sizeof ledger, &why) ||
        !forget(ledger, &options, argv[rest], &why))
        return ctl_refuse("%s", why.text);
    print_line(stdout,
               "%s: forgotten; what snapshots, archives and Redis still hold is yours to "
               "remove: breachctl(1)",
               argv[rest]);
    return CTL_DONE;
}
