/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/forecast.h"

#include "adapter/conf/orderfile.h"
#include "adapter/json/input.h"
#include "adapter/json/landslide.h"
#include "adapter/print.h"
#include "core/plural.h"
#include "ctl/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAYS_MAX = HELD_FILES_TEXT_MAX };

/* ---- files, all of them or as far as they are good ---- */

static struct rulebook *load(const struct offline_config *fresh, const char *folder,
                             const struct last_good *last, const struct held_files *held,
                             struct complaints *complaints)
{
    struct sources sources = { .last = held->n > 0 ? last : NULL,
                               .held = (const char *const *)held->of,
                               .n_held = held->n };
    struct orderfile_options wanted = { .folder = folder,
                                        .region = fresh->settings.region,
                                        .civil = &fresh->civil,
                                        .ping_interval_ms = fresh->settings.ping_interval_ms,
                                        .kinds = &fresh->settings.kinds,
                                        .sources = &sources };

    return orderfile_load(&wanted, complaints);
}

/* Another load with more files held, where that is of use. */
static bool hold_more(const struct offline_config *fresh, const char *folder,
                      const struct last_good *last, struct utc now, const struct complaints *said,
                      struct forecast *forecast)
{
    struct held_files *held = &forecast->held;

    if (fresh->rules == NULL)
        return held_files_take_bad(held, last, folder, said);
    return held->n > 0 &&
           held_files_take_losers(held, last, folder, fresh->rules, now, &forecast->complaints) > 0;
}

void forecast_read(struct offline_config *fresh, const char *folder,
                   const struct rules_in_force *kept, struct utc now, struct forecast *out)
{
    bool by_file, again = true;

    *out = (struct forecast){ 0 };
    if (kept->settings != NULL)
        settings_check_reload(kept->settings, &fresh->settings, &out->complaints);
    out->refused = out->complaints.errors > 0;
    by_file = fresh->settings.by_file && kept->last != NULL && !out->refused;
    for (int round = 0; again && round < HELD_FILES_ROUNDS_MAX; round++) {
        struct complaints said = { 0 };

        rulebook_destroy(fresh->rules);
        fresh->rules = load(fresh, folder, kept->last, &out->held, &said);
        again = by_file && hold_more(fresh, folder, kept->last, now, &said, out);
        complaints_move(&said, 0, &out->complaints);
    }
    if (again) {
        rulebook_destroy(fresh->rules); // it never came to an end
        fresh->rules = NULL;
    }
    out->refused |= fresh->rules == NULL;
    if (out->refused)
        held_files_fini(&out->held);
    out->left_out = held_files_left_out(&out->held, kept->last);
}

/* ---- a step in which too much goes ---- */

static bool digest_settings(const struct settings *settings, char out[CHAIN_HEX])
{
    unsigned char digest[CHAIN_DIGEST];
    char *body = input_print_settings(settings);
    bool ok = body != NULL && chain_digest(body, strlen(body), digest);

    if (ok)
        chain_hex(digest, out);
    free(body);
    return ok;
}

void forecast_step(const struct offline_config *fresh, const char *folder,
                   const struct rules_in_force *kept, struct utc now, struct forecast *forecast)
{
    char was[CHAIN_HEX], is[CHAIN_HEX];
    struct landslide step = { .old = { kept->rules, was },
                              .fresh = { fresh->rules, is },
                              .now = now,
                              .folder = folder,
                              .conf = fresh->settings.file };

    if (!digest_settings(&fresh->settings, is) ||
        (kept->last != NULL && !digest_settings(kept->settings, was))) {
        complain(&forecast->complaints, folder, 0, FAULT_MEMORY);
        forecast->refused = true;
        return;
    }
    if (kept->last != NULL)
        step.read = last_good_at(kept->last);
    else
        step.old.settings = NULL; // nobody but breachd knows the step's digest
    forecast->refused |= landslide_is_refused(&step, "", &forecast->complaints, forecast->digest);
}

/* ---- what is told ---- */

static const char *stays_of(const struct forecast *forecast, char out[STAYS_MAX])
{
    if (forecast->refused)
        snprintf(out, STAYS_MAX, "the old rules stay");
    else
        held_files_print(forecast->held.n, forecast->left_out, out);
    return out;
}

void forecast_tell_held(const struct forecast *forecast, const char *folder,
                        const struct rules_in_force *kept, bool json)
{
    char called[SOURCE_NAME_MAX];

    for (size_t i = 0; i < forecast->held.n; i++) { // at most HELD_FILES_MAX
        const char *name = forecast->held.of[i], *file = source_called(name, folder, called);
        bool was_good = last_good_find(kept->last, LAST_GOOD_ORDERS, name) != NULL;
        json_t *line = !json ? NULL
                             : json_pack("{s:s,s:s,s:b}", "change", "held", "file", file,
                                         "last-good", was_good);

        if (json)
            line_json(stdout, line);
        else
            print_line(stdout, "%s: %s", file,
                       was_good ? "stays as it was last good" : "is left out: it never was good");
        json_decref(line);
    }
}

static const char *first_of(const struct forecast *forecast)
{
    for (size_t i = 0; i < forecast->complaints.n; i++) {
        if (forecast->complaints.kept[i].is_error)
            return forecast->complaints.kept[i].text;
    }
    return FAULT_MEMORY;
}

static void tell_json(const struct forecast *forecast)
{
    bool fails = forecast_fails(forecast);
    char stays[STAYS_MAX];
    json_t *json = json_pack("{s:s,s:I,s:s*,s:s*,s:s*}", "reload",
                             forecast->refused ? "refused"
                             : fails           ? "partly"
                                               : "done",
                             "complaints", (json_int_t)forecast->complaints.errors, "stays",
                             fails ? stays_of(forecast, stays) : NULL, "first",
                             fails ? first_of(forecast) : NULL, "digest",
                             forecast->digest[0] != '\0' ? forecast->digest : NULL);

    line_json(stdout, json);
    json_decref(json);
}

void forecast_tell(const struct forecast *forecast, bool json)
{
    char stays[STAYS_MAX];

    complaints_print(&forecast->complaints, COMPLAINTS_SECRETS, stderr);
    if (forecast_fails(forecast) && !forecast->refused)
        ctl_refuse(
            "a reload would be taken in part, %zu complaint%s: what is told above comes into "
            "force, %s; first: %s",
            forecast->complaints.errors, plural(forecast->complaints.errors),
            stays_of(forecast, stays), first_of(forecast));
    else if (forecast_fails(forecast))
        ctl_refuse("a reload would be refused, %zu complaint%s: %s; first: %s",
                   forecast->complaints.errors, plural(forecast->complaints.errors),
                   stays_of(forecast, stays), first_of(forecast));
    if (json)
        tell_json(forecast);
}

bool forecast_fails(const struct forecast *forecast)
{
    return forecast->refused || forecast->complaints.errors > 0;
}

void forecast_fini(struct forecast *forecast)
{
    complaints_fini(&forecast->complaints);
    held_files_fini(&forecast->held);
}
