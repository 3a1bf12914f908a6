/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check.h"

#include "adapter/clock.h"
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

/* What becomes of the last good text by these files. */
static const char *fate_of(const struct last_good *last, const struct config_seen *seen, bool good,
                           const char *read)
{
    if (!good)
        return seen->by_file && seen->settings_well
                   ? "of which the refused files stay in force, also after a start"
                   : "goes on in force, also after a start";
    return strcmp(last_good_digest(last), read) == 0
               ? "which is what these files say"
               : "until a reload or a start takes these files";
}

/* Orders that a start with it would not have; none where that cannot be told. */
static void find_lost(const struct last_good *last, const char *ledger, struct behind *out)
{
    struct sources sources = { .last = last, .by_last = true };
    struct config_options wanted = { .path = last_good_nth(last, LAST_GOOD_SETTINGS, 0)->name,
                                     .sources = &sources };
    struct complaints unsaid = { 0 };
    struct config *config = config_load(&wanted, NULL, &unsaid);
    struct fault why;

    *out = (struct behind){ 0 };
    if (config != NULL && !behind_find(ledger, config->rules, true, out, &why))
        print_line(stderr, "last good: whether it is the newest is not known: %s", why.text);
    config_destroy(config);
    complaints_fini(&unsaid);
}

static void tell_last(const struct last_good *last, const struct config_seen *seen,
                      const char *path, bool good, const char *read)
{
    char at[UTC_TEXT_MAX], ids[BEHIND_TEXT_MAX];
    struct behind lost = { 0 };
    struct fault why;

    if (!own_last_is(last, path, seen, &why)) {
        print_line(stderr, "last good: it %s", why.text);
        return;
    }
    if (!good && !(seen->by_file && seen->settings_well))
        find_lost(last, own_last_ledger(seen), &lost);
    if (lost.n > 0)
        print_line(stderr,
                   "last good: text %.*s of %s is older than what is in force: after a start %s "
                   "would not be watched, or by an older text",
                   DIGEST_CHARS, last_good_digest(last), utc_print(last_good_at(last), at),
                   behind_print(&lost, ids));
    else
        print_line(good ? stdout : stderr, "last good: text %.*s of %s, %s", DIGEST_CHARS,
                   last_good_digest(last), utc_print(last_good_at(last), at),
                   fate_of(last, seen, good, read));
    behind_fini(&lost);
}

/* By which text breachd goes on; nothing where none was ever good. */
static void check_last(const struct config_seen *seen, const char *path, bool good,
                       const char *read)
{
    char name[LAST_GOOD_PATH_MAX];
    struct last_good *last;
    struct fault why;
    bool there;

    last = last_good_read(last_good_path(own_last_ledger(seen), name), &there, &why);
    if (last != NULL)
        tell_last(last, seen, path, good, read);
    else if (there)
        print_line(stderr, "last good: %s: %s", name, why.text);
    last_good_free(last);
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
    struct complaints complaints = { 0 };
    struct config_seen seen = { 0 };
    struct config *config = config_load(&wanted, &seen, &complaints);
    char read[DIGEST_HEX];

    doubt(config, user, &complaints);
    complaints_print(&complaints, shown, stderr);
    tell_user(user, config != NULL);
    if (config != NULL)
        config_summarise(config, clock_utc(), stdout);
    digest_read(sources.copy, read);
    check_last(&seen, path, config != NULL, read);
    last_good_copy_destroy(sources.copy);
    complaints_fini(&complaints);
    config_destroy(config);
    return config != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
