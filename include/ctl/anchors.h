/* SPDX-License-Identifier: Apache-2.0 */
/*
 * anchors.h - links that somebody kept outside of the ledger: as NUMBER:DIGEST, or a file of the
 * alerts `chain`, or of the log's lines, of which each tells the newest link of its day.
 */
#ifndef CTL_ANCHORS_H
#define CTL_ANCHORS_H

#include "adapter/chain.h"
#include "core/fault.h"

struct anchor {
    uint64_t number;
    char digest[CHAIN_HEX];
};

struct anchors {
    struct anchor *all;
    size_t n, room;
    size_t next; /* the first that was not met yet, in order of their numbers */
};

/* "412:9f86…"; false, with the reason, for anything else. */
bool anchors_take(struct anchors *anchors, const char *text, struct fault *why);

/*
 * Lines of JSON, events as a subscriber gets them, of what `verify` prints, or of the log as
 * journalctl shows it and syslog keeps it; all that tell no link are passed over. False when the
 * file cannot be read, or tells none.
 */
bool anchors_read(struct anchors *anchors, const char *path, struct fault *why);

void anchors_sort(struct anchors *anchors);
void anchors_fini(struct anchors *anchors); /* zeroed is fine */

#endif
