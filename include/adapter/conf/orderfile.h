/* SPDX-License-Identifier: Apache-2.0 */
/* orderfile.h - a folder of order files to a rulebook, as one whole. */
#ifndef ADAPTER_CONF_ORDERFILE_H
#define ADAPTER_CONF_ORDERFILE_H

#include "adapter/complaints.h"
#include "adapter/source.h"
#include "core/device_kind.h"
#include "core/rulebook.h"

#include <stdatomic.h>

enum { ORDERFILE_GEOJSON_MAX = 16 * 1024 * 1024 };

/* A file of the folder as it shall be, whether it is there or not yet. */
struct orderfile_draft {
    const char *name, *text;
};

struct orderfile_options {
    const char *folder;       /* its *.conf are read in name order; NULL: these texts are, */
    const char *const *texts; /* as order_text_print made them */
    size_t n_texts;
    const struct orderfile_draft *drafts; /* read in place of the files of their names */
    size_t n_drafts;
    struct lonlat_box region;
    const struct civil *civil;
    int64_t ping_interval_ms;         /* to warn of zones that this interval may jump over, */
    const struct device_kinds *kinds; /* or that of each kind; NULL: none */
    const struct sources *sources;    /* NULL: files as they are */
    const atomic_bool *stop; /* once true, nobody wants it any more; NULL: somebody always does */
};

/* Whether nobody wants it any more. */
static inline bool orderfile_stopped(const struct orderfile_options *options)
{
    return options->stop != NULL && atomic_load_explicit(options->stop, memory_order_relaxed);
}

/*
 * The sealed rulebook, or NULL when anything was wrong: then complaints->errors has risen. All that
 * is wrong is complained of, with file and line. The caller destroys it. When told to stop it comes
 * back soon, with a complaint.
 */
struct rulebook *orderfile_load(const struct orderfile_options *options,
                                struct complaints *complaints);

/* The same of what was accepted once, wherever its zones lie; NULL: this version cannot read it. */
struct rulebook *orderfile_accepted(struct orderfile_options what);

#endif
