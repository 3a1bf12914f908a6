/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plain_number.h - a number as RFC 8259, 6 writes it, to the double that strtod() makes of it.
 * Pure.
 */
#ifndef ADAPTER_PING_PLAIN_NUMBER_H
#define ADAPTER_PING_PLAIN_NUMBER_H

#include <stdbool.h>

/* Characters of a number that is read here, and digits of a whole one: always within an int64_t. */
enum { PLAIN_NUMBER_MAX = 60, PLAIN_WHOLE_DIGITS_MAX = 18 };

struct plain_number {
    double value; /* finite; of a whole one the same to the bit as of its integer: -0 is 0 */
    bool whole;   /* neither point nor exponent */
};

/*
 * Reads the number that begins at `at`, of bytes that end at `end`; returns where it ends. NULL,
 * with nothing said of it, for what begins with no number, one that is longer or has more digits
 * than the above, or one that no double holds: whoever knows more of numbers must be asked.
 */
const char *plain_number_read(const char *at, const char *end, struct plain_number *out);

#endif
