/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check.h"

#include "adapter/clock.h"
#include "adapter/conf/held_files.h"
#include "adapter/json/landslide.h"
#include "adapter/print.h"
#include "app/config.h"
#include "app/doubts.h"
#include "app/own_last.h"

#include <stdlib.h>
#include <string.h>

/* The digest of what was read; "" when it is not known. */
static void digest_read(struct last_good_copy *copy, char out[DIGEST_HEX])
{
    struct fault why;

    out[0] = '\0';
    if (copy != NULL && !last_good_copy_end(copy, clock_utc(), out, &why))
        out[0] = '\0';
}

/* What the files say, and what was last good before. */
struct check {
    const char *path; // of breachd.conf
    struct config *config;
    struct config_seen seen;
    struct complaints complaints;
    char read[DIGEST_HEX];
    struct last_good *last; // NULL: there is none that is ours, as was_last says when it is not ""
    char was_last[LAST_GOOD_PATH_MAX + FAULT_TEXT_MAX + 4];
    bool some;     // by-file: some are refused, the others come into force
    bool too_much; // would go at once by them: no reload and no start takes that unasked
};

/* What becomes of the last good text by these files. */
static const char *fate_of(const struct check *check)
{
    if (check->too_much)
        return "goes on in force: neither a reload nor a start takes these files";
    if (check->config == NULL)
        return check->some ? "of which the refused files stay in force, also after a start"
                           : "goes on in force, also after a start";
    return strcmp(last_good_digest(check->last), check->read) == 0
               ? "which is what these files say"
               : "until a reload or a start takes these files";
}

static const char *first_error(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++) { // COMPLAINTS_KEPT_MAX at most
        if (complaints->kept[i].is_error && complaints->kept[i].text != NULL)
            return complaints->kept[i].text;
    }
    return "out of memory";
}

/* The files as they were last good; NULL, and why, where they cannot be had. */
static struct config *load_last(const struct last_good *last, char why_not[FAULT_TEXT_MAX])
{
    struct sources sources = { .last = last, .by_last = true };
    struct config_options wanted = { .path = last_good_nth(last, LAST_GOOD_SETTINGS, 0)->name,
                                     .sources = &sources };
    struct complaints unsaid = { 0 };
    struct config *config = config_load(&wanted, NULL, &unsaid);

    if (config == NULL)
        snprintf(why_not, FAULT_TEXT_MAX, "%s", first_error(&unsaid));
    complaints_fini(&unsaid);
    return config;
}

/* Whether neither a reload nor a start takes files that are good: too much goes by them. */
static void check_step(struct check *check)
{
    const struct config *fresh = check->config;
    char digest[DIGEST_CHARS + 1], unheard[FAULT_TEXT_MAX];
    struct config *last;

    if (fresh == NULL || check->last == NULL ||
        strcmp(last_good_digest(check->last), check->read) == 0)
        return;
    last = load_last(check->last, unheard);
    if (last != NULL) {
        const struct landslide step = { .old = { last->rules, last->kept_digest },
                                        .fresh = { fresh->rules, fresh->kept_digest },
                                        .read = last_good_at(check->last),
                                        .now = clock_utc(),
                                        .folder = fresh->settings.orders,
                                        .conf = fresh->settings.file };

        check->too_much = landslide_is_refused(&step, "", &check->complaints, digest);
    }
    config_destroy(last);
}

/*
 * Orders that a start with it would not have; none where that cannot be told. False when there is
 * no start with it: keys, passwords, certificates and tokens are read where the settings name them.
 */
static bool find_lost(const struct last_good *last, const char *ledger, struct behind *out,
                      char why_not[FAULT_TEXT_MAX])
{
    struct config *config = load_last(last, why_not);
    struct fault why;

    *out = (struct behind){ 0 };
    if (config == NULL)
        return false;
    if (!behind_find(ledger, config->rules, true, out, &why))
        print_line(stderr, "last good: whether it is the newest is not known: %s", why.text);
    config_destroy(config);
    return true;
}

/* By which text breachd goes on; nothing where none was ever good. */
static void tell_last(const struct check *check)
{
    char at[UTC_TEXT_MAX], ids[BEHIND_TEXT_MAX], why_not[FAULT_TEXT_MAX] = "";
    const struct last_good *last = check->last;
    struct behind lost = { 0 };

    if (check->was_last[0] != '\0')
        print_line(stderr, "last good: %s", check->was_last);
    if (last == NULL)
        return;
    if (check->config == NULL && !check->some &&
        !find_lost(last, own_last_ledger(&check->seen), &lost, why_not))
        print_line(
            stderr, "last good: text %.*s of %s goes on in force, and NO START comes up by it: %s",
            DIGEST_CHARS, last_good_digest(last), utc_print(last_good_at(last), at), why_not);
    else if (lost.n > 0)
        print_line(stderr,
                   "last good: text %.*s of %s is older than what is in force: after a start %s "
                   "would not be watched, or by an older text",
                   DIGEST_CHARS, last_good_digest(last), utc_print(last_good_at(last), at),
                   behind_print(&lost, ids));
    else
        print_line(check->config != NULL && !check->too_much ? stdout : stderr,
                   "last good: text %.*s of %s, %s", DIGEST_CHARS, last_good_digest(last),
                   utc_print(last_good_at(last), at), fate_of(check));
    behind_fini(&lost);
}

static void find_last(struct check *check)
{
    char name[LAST_GOOD_PATH_MAX];
    struct fault why;
    bool there;

    check->last = last_good_read(last_good_path(own_last_ledger(&check->seen), name), &there, &why);
    if (check->last == NULL && there)
        snprintf(check->was_last, sizeof check->was_last, "%s: %s", name, why.text);
    if (check->last == NULL || own_last_is(check->last, check->path, &check->seen, &why))
        return;
    snprintf(check->was_last, sizeof check->was_last, "it %s", why.text);
    last_good_free(check->last);
    check->last = NULL;
}

/* One of the loads by which a reload finds which files it can take; whether another one follows. */
static bool hold_more(struct check *check, struct held_files *held)
{
    struct sources sources = { .last = check->last,
                               .held = (const char *const *)held->of,
                               .n_held = held->n };
    struct config_options wanted = { .path = check->path, .sources = &sources };
    struct complaints said = { 0 };
    struct config *config = config_load(&wanted, NULL, &said);
    bool more = config == NULL
                    ? held_files_take_bad(held, check->last, check->seen.orders, &said)
                    : held_files_take_losers(held, check->last, check->seen.orders, config->rules,
                                             clock_utc(), &check->complaints) > 0;

    check->some = config != NULL && !more;
    complaints_move(&said, 0, &check->complaints);
    config_destroy(config);
    return more;
}

/* With `reload = by-file` all that a reload would complain of: also of what would go by that. */
static void find_held(struct check *check)
{
    struct held_files held = { 0 };
    bool more = check->config == NULL && check->last != NULL && check->seen.by_file &&
                check->seen.settings_well &&
                held_files_take_bad(&held, check->last, check->seen.orders, &check->complaints);

    for (int round = 1; more && round < HELD_FILES_ROUNDS_MAX; round++)
        more = hold_more(check, &held);
    held_files_fini(&held);
}

/* What is good by itself, and yet is not meant. */
static void doubt(const struct config *config, const char *user, struct complaints *complaints)
{
    if (config == NULL)
        return;
    doubts_find(&config->settings, clock_utc(), complaints);
    if (user != NULL)
        doubts_of_ledger(&config->settings, complaints);
}

static void tell_user(const char *user, bool good)
{
    if (user != NULL && good)
        print_line(stdout, "checked as the user %s", user);
    else if (user != NULL)
        print_line(stderr, "breachd: so it is for the user %s; who is root can read more", user);
}

int check_files(const char *path, const char *user, bool with_secrets)
{
    struct sources sources = { .copy = last_good_copy_create() };
    struct config_options wanted = { .path = path, .sources = &sources };
    unsigned shown = COMPLAINTS_WARNINGS | (with_secrets ? COMPLAINTS_SECRETS : 0);
    struct check check = { .path = path };
    bool good;

    check.config = config_load(&wanted, &check.seen, &check.complaints);
    good = check.config != NULL;
    find_last(&check);
    find_held(&check);
    digest_read(sources.copy, check.read);
    check_step(&check);
    good = good && !check.too_much;
    doubt(check.config, user, &check.complaints);
    complaints_print(&check.complaints, shown, stderr);
    tell_user(user, good);
    if (check.config != NULL)
        config_summarise(check.config, clock_utc(), stdout);
    tell_last(&check);
    last_good_free(check.last);
    last_good_copy_destroy(sources.copy);
    complaints_fini(&check.complaints);
    config_destroy(check.config);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
