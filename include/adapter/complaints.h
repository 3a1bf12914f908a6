/* SPDX-License-Identifier: Apache-2.0 */
/* complaints.h - everything wrong with some files, gathered, so that all of it is shown at once. */
#ifndef ADAPTER_COMPLAINTS_H
#define ADAPTER_COMPLAINTS_H

#include "core/fault.h"

#include <stddef.h>
#include <stdio.h>

enum { COMPLAINTS_KEPT_MAX = 1000 }; /* the rest is only counted */

#define COMPLAINT_HINT ": breachd -n says where" /* in place of a secret */

/* Zeroed is empty. */
struct complaints {
    size_t errors, warnings; /* all of them */
    size_t n;                /* those kept */
    struct complaint *kept;
};

struct complaint {
    char *text;    /* file:line: what: why */
    char *file;    /* of it; NULL where memory was out */
    char *secret;  /* goes on with it where no log sees it: a zone's place; or NULL */
    bool is_error; /* else a warning */
    bool is_clash; /* with another file: each may be good by itself */
    bool is_stray; /* of a file that is passed over */
};

/* Keeps `file:line: what: why`; without a line when `line` is 0. */
void complain(struct complaints *complaints, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same of a file that does not fit together with another. */
void complain_clash(struct complaints *complaints, const char *file, int line, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* Keeps `file:line: what: ` and the fault's text; its secret apart. */
void complain_of(struct complaints *complaints, const char *file, int line, const char *what,
                 const struct fault *why);

/* Keeps `file:line: warning: what: why`. */
void complain_softly(struct complaints *complaints, const char *file, int line, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/* Keeps `file: warning: why` of one that lies where files are read and is not. */
void complain_stray(struct complaints *complaints, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What is shown beside the errors: warnings; secrets, in whose place else is COMPLAINT_HINT. */
enum { COMPLAINTS_WARNINGS = 1, COMPLAINTS_SECRETS = 2 };

/* One a line, in the order in which they were made; then `and N more`: those that are not kept. */
void complaints_print(const struct complaints *complaints, unsigned shown, FILE *out);

/* The same to the log, with warnings and without secrets. */
void complaints_log(const struct complaints *complaints);

/* Moves all of `from`, which is empty then; warnings only where `shown` has them. */
void complaints_move(struct complaints *from, unsigned shown, struct complaints *to);

void complaints_fini(struct complaints *complaints);

#endif
