/* SPDX-License-Identifier: Apache-2.0 */
#include "app/prepare_parts.h"

#include "adapter/log.h"

#include <stdio.h>
#include <string.h>

enum { LOGGED_MAX = 50 }; // of what changed; the ledger has the rest

static void tell_one(const struct revision *one, void *arg)
{
    char metres[REVISION_METRES_MAX];
    int *logged = arg;

    if (++*logged > LOGGED_MAX)
        return;
    switch (one->kind) {
    case REVISION_ADDED:
        log_info("reload: %s: added, text %s", one->order->id, one->order->digest);
        break;
    case REVISION_ENDED:
        log_info("reload: %s: ended, text %s", one->order->id, one->was);
        break;
    case REVISION_CHANGED:
        log_info("reload: %s: text %s, was %s", one->order->id, one->order->digest, one->was);
        break;
    case REVISION_ZONE_ADDED:
        log_info("reload: %s: added", one->zone);
        break;
    case REVISION_ZONE_ENDED:
        log_info("reload: %s: ended", one->zone);
        break;
    case REVISION_ZONE_MOVED:
        log_info("reload: %s: moved by %s", one->zone, revision_metres(one->metres, metres));
    }
}

/* What the operator is about to do, before it is done: ids, digests and metres, no places. */
static void tell_revision(const struct rulebook *old, const struct rulebook *fresh,
                          struct revision_counts *out)
{
    int logged = 0;

    revision_compare(old, fresh, tell_one, &logged, out);
    if (logged > LOGGED_MAX)
        log_info("reload: and %d more", logged - LOGGED_MAX);
}

static void tell_kind(const char *line, void *arg)
{
    (void)arg;
    log_info("reload: %s", line);
}

/* A line that does not fit is in the log alone. */
static void tell_setting(const char *line, bool is_threshold, void *arg)
{
    char *changed = arg;
    size_t n = strlen(changed);

    log_info("reload: %s", line);
    if (is_threshold && n + strlen(line) + 2 <= PREPARED_CHANGED_MAX)
        snprintf(changed + n, PREPARED_CHANGED_MAX - n, "%s\n", line);
}

/* What hangs on the rules; false when memory is out. */
static bool make_rest(const struct rulebook *old, struct prepared *prepared)
{
    prepared->slots = slots_create(prepared->config->rules);
    prepared->texts = journal_texts_create(old, prepared->config);
    return prepared->slots != NULL && prepared->texts != NULL;
}

/* The copy of what comes into force is whole; where it cannot be, that is told, and no more. */
static void end_copy(const struct prepare_options *options, struct prepared *made)
{
    struct config *config = made->config;
    size_t n = rulebook_counts(config->rules).orders;
    char digest[DIGEST_HEX];
    struct fault why;

    for (size_t i = 0; i < n; i++) {
        const struct order *order = rulebook_order(config->rules, i);

        last_good_copy_order(made->copy, order->id, order->until);
    }
    config->read = options->at;
    if (!last_good_copy_end(made->copy, options->at, digest, &why)) {
        log_error("rules: what is in force cannot be kept for a start with bad files: %s",
                  why.text);
        last_good_copy_destroy(made->copy);
        made->copy = NULL;
    }
    snprintf(config->text, sizeof config->text, "%.*s", DIGEST_CHARS, digest);
}

void prepare(const struct prepare_options *options, const atomic_bool *stop, struct prepared *out)
{
    const struct rulebook *old = options->running != NULL ? options->running->rules : NULL;
    struct prepared made = { 0 };
    bool stopped;

    prepare_read(options, stop, &made);
    if (made.config != NULL && !make_rest(old, &made)) {
        complain(&made.complaints, options->path, 0, FAULT_MEMORY);
        config_destroy(made.config);
        made.config = NULL;
    }
    stopped = stop != NULL && atomic_load(stop);
    if (!stopped) // else nobody asks any more
        complaints_log(&made.complaints);
    if (made.config != NULL && made.copy != NULL && !stopped)
        end_copy(options, &made);
    if (made.config != NULL && old != NULL) {
        tell_revision(old, made.config->rules, &made.revised);
        made.revised.kinds = settings_kinds_compare(&options->running->settings.kinds,
                                                    &made.config->settings.kinds, tell_kind, NULL);
        made.revised.settings = settings_compare(
            &options->running->settings, &made.config->settings, tell_setting, made.changed);
    }
    *out = made;
}

void prepared_fini(struct prepared *prepared)
{
    config_destroy(prepared->config);
    complaints_fini(&prepared->complaints);
    last_good_copy_destroy(prepared->copy);
    journal_texts_destroy(prepared->texts);
    slots_destroy(prepared->slots);
    *prepared = (struct prepared){ 0 };
}
