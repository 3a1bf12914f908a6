/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forecast.h - what a reload would say of files, before it is asked for: as breachd itself finds
 * it, by what it keeps beside its ledger. Certificates, keys and tokens are not looked at: who
 * asks may not read them.
 */
#ifndef CTL_FORECAST_H
#define CTL_FORECAST_H

#include "adapter/conf/held_files.h"
#include "ctl/offline_config.h"
#include "ctl/rules_in_force.h"

struct forecast {
    struct complaints complaints;
    char digest[DIGEST_CHARS + 1]; /* of a step that --really would take; "": none */
    struct held_files held;        /* files that would stay as they were last good, or left out */
    size_t left_out;               /* so many of them */
    bool refused;
};

/*
 * Reads the orders of `folder` into fresh->rules, whose settings are there: NULL when they are
 * refused. With `reload = by-file` those of the good files, beside the bad ones as in `kept`.
 */
void forecast_read(struct offline_config *fresh, const char *folder,
                   const struct rules_in_force *kept, struct utc now, struct forecast *out);

/* Whether the step from kept->rules to fresh->rules would be refused. */
void forecast_step(const struct offline_config *fresh, const char *folder,
                   const struct rules_in_force *kept, struct utc now, struct forecast *forecast);

/* Each file of `folder` that would not come into force, and what stands in its place: on stdout. */
void forecast_tell_held(const struct forecast *forecast, const char *folder,
                        const struct rules_in_force *kept, bool json);

/* All complaints on stderr, and the line of `reload`; with json an object on stdout, always. */
void forecast_tell(const struct forecast *forecast, bool json);

/* A reload would fail: nothing of it, or not all, would come into force. */
bool forecast_fails(const struct forecast *forecast);

void forecast_fini(struct forecast *forecast); /* zeroed is fine */

#endif
