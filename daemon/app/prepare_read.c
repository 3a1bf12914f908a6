/* SPDX-License-Identifier: Apache-2.0 */
/* prepare_read.c - which texts come into force: those of the files, or some that were last good. */
#include "app/prepare_parts.h"

#include "adapter/conf/held_files.h"
#include "adapter/conf/ini.h"
#include "adapter/json/landslide.h"
#include "adapter/log.h"
#include "app/own_last.h"

#include <stdio.h>
#include <string.h>

struct reading {
    const struct prepare_options *options;
    const atomic_bool *stop;
    struct prepared *out;
    struct config_seen seen;
    struct last_good *last; // NULL: there is none, or it was not looked for
    struct held_files held;
};

static void forget(struct reading *reading)
{
    config_destroy(reading->out->config);
    reading->out->config = NULL;
    last_good_copy_destroy(reading->out->copy);
    reading->out->copy = NULL;
}

/* What was last good of this breachd.conf. What there is and cannot be used is told. */
static void find_last(struct reading *reading)
{
    char path[LAST_GOOD_PATH_MAX];
    struct fault why;
    bool there;

    if (reading->last != NULL)
        return;
    reading->last =
        last_good_read(last_good_path(own_last_ledger(&reading->seen), path), &there, &why);
    if (reading->last == NULL && there)
        log_error("rules: %s: what was last good cannot be used: %s", path, why.text);
    if (reading->last == NULL ||
        own_last_is(reading->last, reading->options->path, &reading->seen, &why))
        return;
    log_error("rules: %s: %s", path, why.text);
    last_good_free(reading->last);
    reading->last = NULL;
}

/* As the settings are called there, which may be by a link: so it finds the rest of its names. */
static const char *called_there(const struct last_good *last)
{
    return last_good_nth(last, LAST_GOOD_SETTINGS, 0)->name;
}

/* Whether too many orders or zones would go from `old`, which nobody has asked for; complains. */
static bool refuses_step(const struct prepare_options *options, const struct config *old,
                         struct prepared *made)
{
    const struct config *fresh = made->config;
    const struct landslide step = { .old = { old->rules, old->kept_digest },
                                    .fresh = { fresh->rules, fresh->kept_digest },
                                    .read = old->read,
                                    .now = options->now,
                                    .folder = fresh->settings.orders,
                                    .conf = fresh->settings.file };

    return landslide_is_refused(&step, options->really, &made->complaints, made->really);
}

/* ---- files, all of them or as far as they are good ---- */

/* Whether single files may be held, by what was last good and is in force. */
static bool may_hold(struct reading *reading)
{
    const struct config *running = reading->options->running;
    char name[SOURCE_NAME_MAX];

    if (!reading->seen.by_file || !reading->seen.settings_well)
        return false;
    find_last(reading);
    source_name(reading->options->path, NULL, name);
    return reading->last != NULL && strcmp(called_there(reading->last), name) == 0 &&
           (running == NULL ||
            strncmp(last_good_digest(reading->last), running->text, DIGEST_CHARS) == 0);
}

/* Whether it is worth another try, with more files held. */
static bool hold_more(struct reading *reading, const struct complaints *said,
                      struct complaints *complaints)
{
    const struct config *config = reading->out->config;

    if (config == NULL)
        return may_hold(reading) &&
               held_files_take_bad(&reading->held, reading->last, reading->seen.orders, said);
    return reading->held.n > 0 &&
           held_files_take_losers(&reading->held, reading->last, reading->seen.orders,
                                  config->rules, reading->options->now, complaints) > 0;
}

static bool try_files(struct reading *reading, bool first)
{
    struct sources sources = { .last = reading->held.n > 0 ? reading->last : NULL,
                               .held = (const char *const *)reading->held.of,
                               .n_held = reading->held.n,
                               .copy =
                                   reading->options->exercise ? NULL : last_good_copy_create() };
    struct config_options wanted = { .path = reading->options->path,
                                     .running = reading->options->running,
                                     .stop = reading->stop,
                                     .sources = &sources,
                                     .keep = true };
    struct prepared *out = reading->out;
    struct complaints said = { 0 };
    bool again;

    out->copy = sources.copy;
    out->config = config_load(&wanted, &reading->seen, &said);
    again = hold_more(reading, &said, &out->complaints);
    complaints_move(&said, first ? COMPLAINTS_WARNINGS : 0, &out->complaints);
    return again;
}

static void read_files(struct reading *reading)
{
    bool again = try_files(reading, true);

    for (int round = 1; again && round < HELD_FILES_ROUNDS_MAX; round++) {
        forget(reading);
        again = try_files(reading, false);
    }
    if (again)
        forget(reading); // it never came to an end
    if (reading->out->config == NULL)
        return;
    reading->out->config->n_held = reading->held.n;
    reading->out->config->n_left_out = held_files_left_out(&reading->held, reading->last);
}

/* ---- what was last good ---- */

static struct config *load_last(struct reading *reading, struct complaints *said)
{
    struct sources sources = { .last = reading->last, .by_last = true };
    struct config_options wanted = { .path = called_there(reading->last),
                                     .stop = reading->stop,
                                     .sources = &sources };
    struct config *config = config_load(&wanted, NULL, said);

    if (config == NULL)
        return NULL;
    config->by_last = true;
    config->read = last_good_at(reading->last);
    snprintf(config->text, sizeof config->text, "%.*s", DIGEST_CHARS,
             last_good_digest(reading->last));
    return config;
}

static void fall_back(struct reading *reading)
{
    struct complaints said = { 0 };

    find_last(reading);
    if (reading->last == NULL)
        return;
    reading->out->config = load_last(reading, &said);
    complaints_move(&said, 0, &reading->out->complaints);
}

/* ---- a start, and what was last good before it ---- */

/* What may be lost of the texts that were last good, told without building them. */
struct suspicion {
    struct reading *reading;
    struct revision_loss loss;
};

static bool had_not_ended(const struct reading *reading, const struct last_good_order *order)
{
    return order->until.ms > reading->options->now.ms;
}

/* Gone, or not enforceable: it may never have been. */
static bool may_be_lost(const struct rulebook *fresh, const char *id, struct utc now)
{
    const struct order *is;
    size_t nth;

    if (!rulebook_find_order(fresh, id, &nth))
        return true;
    is = rulebook_order(fresh, nth);
    return is->from.ms > now.ms || is->served.ms > now.ms;
}

/* A zone that goes may be the last one of its order. */
static void suspect_zone(const struct ini_entry *entry, void *arg)
{
    struct suspicion *suspicion = arg;
    const struct rulebook *fresh = suspicion->reading->out->config->rules;
    const struct last_good_order *order;
    char subject[2 * NAME_MAX_CHARS + 2], id[NAME_MAX_CHARS + 1];
    size_t nth;

    if (entry->key != NULL || sscanf(entry->section, "zone %129s", subject) != 1)
        return;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(subject, "/"), subject);
    order = last_good_find_order(suspicion->reading->last, id);
    if (order == NULL || !had_not_ended(suspicion->reading, order) ||
        !rulebook_find_order(fresh, id, &nth))
        return;
    suspicion->loss.zones_stood++;
    if (rulebook_find_exclusion(fresh, subject, &nth))
        return;
    suspicion->loss.zones_gone++;
    suspicion->loss.gone++;
}

static void suspect_zones(struct reading *reading, struct suspicion *suspicion)
{
    struct sources sources = { .last = reading->last, .by_last = true };
    const struct last_good_text *text;

    // A file of orders each turn.
    for (size_t i = 0; (text = last_good_nth(reading->last, LAST_GOOD_ORDERS, i)) != NULL; i++) {
        struct complaints unsaid = { 0 };

        ini_read_from(&sources, LAST_GOOD_ORDERS, text->name, suspect_zone, suspicion, &unsaid);
        complaints_fini(&unsaid);
    }
}

/* Whether too much of what was last good may be gone: only then is that built, to be sure. */
static bool may_have_lost_too_much(struct reading *reading)
{
    const struct rulebook *fresh = reading->out->config->rules;
    struct suspicion suspicion = { .reading = reading };
    const struct last_good_order *order;

    // An order each turn.
    for (size_t i = 0; (order = last_good_order(reading->last, i)) != NULL; i++) {
        if (!had_not_ended(reading, order))
            continue;
        suspicion.loss.stood++;
        suspicion.loss.gone += may_be_lost(fresh, order->id, reading->options->now);
    }
    suspect_zones(reading, &suspicion);
    return revision_is_landslide(suspicion.loss);
}

/* A start takes no step either that a reload would refuse. */
static void check_start(struct reading *reading)
{
    struct prepared *out = reading->out;
    struct complaints said = { 0 };
    struct config *last;

    find_last(reading);
    if (reading->last == NULL || !may_have_lost_too_much(reading))
        return;
    last = load_last(reading, &said);
    if (last != NULL && refuses_step(reading->options, last, out)) {
        forget(reading);
        out->config = last;
        last = NULL;
    }
    config_destroy(last);
    complaints_fini(&said);
}

/* ---- whether that is the newest ---- */

/* First of all complaints: there they are not watched, and the rest is why. */
static void complain_first(struct prepared *out, const struct behind *behind, const char *ledger)
{
    char path[LAST_GOOD_PATH_MAX], ids[BEHIND_TEXT_MAX];
    struct complaints others = out->complaints;

    out->complaints = (struct complaints){ 0 };
    complain(&out->complaints, last_good_path(ledger, path), 0,
             "is older than what was in force: %s not watched, or as before, until the files are "
             "good; what is open there stays open",
             behind_print(behind, ids));
    complaints_move(&others, COMPLAINTS_WARNINGS, &out->complaints);
}

/*
 * What was last good may not have been kept, as on a full disk. Which orders are missing for that
 * the chain tells at a start, and what is running at a reload.
 */
static void find_behind(const struct prepare_options *options, struct prepared *out)
{
    struct config *config = out->config;
    const char *ledger = config->settings.ledger;
    struct fault why;

    if (!config->by_last && config->n_held == 0)
        return;
    if (options->running != NULL) {
        if (!behind_inherit(&options->running->behind, config->rules, &config->behind))
            complain(&out->complaints, ledger, 0, FAULT_MEMORY);
    } else if (!behind_find(ledger, config->rules, config->by_last, &config->behind, &why)) {
        log_warning("rules: whether what was last good is the newest is not known: %s", why.text);
    }
    if (config->behind.n > 0)
        complain_first(out, &config->behind, ledger);
}

void prepare_read(const struct prepare_options *options, const atomic_bool *stop,
                  struct prepared *out)
{
    struct reading reading = { .options = options, .stop = stop, .out = out };
    bool starts = options->running == NULL && !options->exercise;

    read_files(&reading);
    if (out->config == NULL)
        forget(&reading);
    if (stop != NULL && atomic_load(stop))
        ; // nobody asks any more
    else if (out->config != NULL && options->running != NULL &&
             refuses_step(options, options->running, out))
        forget(&reading);
    else if (out->config != NULL && starts)
        check_start(&reading);
    else if (out->config == NULL && starts)
        fall_back(&reading);
    if (out->config != NULL && !options->exercise)
        find_behind(options, out);
    held_files_fini(&reading.held);
    last_good_free(reading.last);
}
