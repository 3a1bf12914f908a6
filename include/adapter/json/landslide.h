/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landslide.h - a step from rules in force to others in which so much is gone that nobody is
 * believed to have meant it (revision_is_landslide). It has a digest, by which it can be asked for.
 */
#ifndef ADAPTER_JSON_LANDSLIDE_H
#define ADAPTER_JSON_LANDSLIDE_H

#include "adapter/chain.h"
#include "adapter/complaints.h"
#include "core/revision.h"

/* The rules before it, or behind it. */
struct landslide_side {
    const struct rulebook *rules;
    /*
     * Digest of the body that input_print_settings makes of theirs; of the old side NULL: not
     * known, and so the step has no digest.
     */
    const char *settings;
};

struct landslide {
    struct landslide_side old, fresh;
    struct utc read;    /* when the old ones were */
    struct utc now;     /* what has ended by then may go */
    const char *folder; /* of orders, for the complaint */
    const char *conf;   /* breachd.conf, named in it when it is not the one that is installed */
};

/*
 * Whether it is a landslide that nobody has asked for by its digest, which is `really`: complains,
 * with that digest in *out_digest. Of one that was asked for it warns. "" where it is none, or was
 * asked for.
 */
bool landslide_is_refused(const struct landslide *step, const char *really,
                          struct complaints *complaints, char out_digest[DIGEST_CHARS + 1]);

#endif
