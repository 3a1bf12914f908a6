/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h - why a call failed, in words, on the caller's stack. */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include <stdbool.h>

enum { FAULT_TEXT_MAX = 512 };

struct fault {
    char text[FAULT_TEXT_MAX];   /* "what: why", lower case, cut when too long */
    char secret[FAULT_TEXT_MAX]; /* what follows the text and must not be logged: a place, or "" */
};

/* The reason that is nobody's mistake: the same call may work a moment later. */
#define FAULT_MEMORY "out of memory"
bool fault_is_memory(const struct fault *why);

/* Always returns false, so that a refusal is one line: `return fault_set(why, …);`. */
bool fault_set(struct fault *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds what only the operator may see. Returns false too. */
bool fault_add_secret(struct fault *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
