/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/plain_number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A whole number up to 2^53 and a power of ten up to 10^22 are doubles, and of two doubles product
 * and quotient are rounded once, as strtod() rounds (Clinger, "How to read floating point numbers
 * accurately", 1990). Not where products are kept wider than a double.
 */
enum { EXACT_POWER_MAX = 22, DIGITS_MAX = 18, EXPONENT_DIGITS_MAX = 4 };

static const int64_t exact_max = INT64_C(1) << 53;
static const double powers[EXACT_POWER_MAX + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* What stands there: `digits` without sign and point, times 10^power. */
struct parts {
    int64_t digits;
    int n, power; // of more than DIGITS_MAX digits `digits` says nothing
    bool whole;
};

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* Moves past digits; false when there is none. */
static bool take_digits(const char **at, const char *end, struct parts *parts)
{
    const char *from = *at;

    // DIGITS_MAX are kept; those behind a number that is too long are looked at once.
    for (; is_digit(*at, end); (*at)++, parts->n++) {
        if (parts->n < DIGITS_MAX)
            parts->digits = parts->digits * 10 + (**at - '0');
    }
    return *at > from;
}

static bool take_fraction(const char **at, const char *end, struct parts *parts)
{
    const char *from;

    if (*at == end || **at != '.')
        return true;
    from = ++*at;
    parts->whole = false;
    if (!take_digits(at, end, parts))
        return false;
    parts->power -= (int)(*at - from);
    return true;
}

static bool take_exponent(const char **at, const char *end, struct parts *parts)
{
    struct parts power = { 0 };
    bool negative;

    if (*at == end || (**at != 'e' && **at != 'E'))
        return true;
    ++*at;
    parts->whole = false;
    negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+'))
        ++*at;
    if (!take_digits(at, end, &power) || power.n > EXPONENT_DIGITS_MAX)
        return false;
    parts->power += negative ? -(int)power.digits : (int)power.digits;
    return true;
}

/* No locale of ours has another point: the program sets none. */
static bool convert(const char *from, size_t n, double *out)
{
    char text[PLAIN_NUMBER_MAX + 1];

    memcpy(text, from, n);
    text[n] = '\0';
    *out = strtod(text, NULL);
    return isfinite(*out);
}

static bool value_of(const char *from, const char *end, bool negative, const struct parts *parts,
                     double *out)
{
    double digits = (double)parts->digits;

    if (parts->whole) {
        *out = negative && parts->digits != 0 ? -digits : digits;
        return parts->n <= PLAIN_WHOLE_DIGITS_MAX;
    }
    if (FLT_EVAL_METHOD != 0 || parts->n > DIGITS_MAX || parts->digits > exact_max ||
        abs(parts->power) > EXACT_POWER_MAX)
        return convert(from, (size_t)(end - from), out);
    digits = parts->power < 0 ? digits / powers[-parts->power] : digits * powers[parts->power];
    *out = negative ? -digits : digits;
    return true;
}

const char *plain_number_read(const char *from, const char *end, struct plain_number *out)
{
    const char *at = from;
    bool negative = at < end && *at == '-';
    struct parts parts = { .whole = true };

    at += negative;
    if (!is_digit(at, end) || (*at == '0' && is_digit(at + 1, end)))
        return NULL;
    if (!take_digits(&at, end, &parts) || !take_fraction(&at, end, &parts) ||
        !take_exponent(&at, end, &parts) || at - from > PLAIN_NUMBER_MAX)
        return NULL;
    out->whole = parts.whole;
    return value_of(from, at, negative, &parts, &out->value) ? at : NULL;
}
