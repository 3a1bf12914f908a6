/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/*
 * A double is m * 2^e with m below 2^53, and its 17 digits are those of m * 10^k * 2^e, where 10^k
 * is 5^k * 2^k. Up to 5^27 the product is below 2^116, and so exact: nothing is rounded but once,
 * as printf() rounds. That holds from 1e-11 up to 1e17; what lies beyond, printf() itself is asked.
 */
enum { DIGITS = 17, FIVES = 28, MANTISSA_BITS = 52, BIAS = 1023 };

static const uint64_t fives[FIVES] = { UINT64_C(1),
                                       UINT64_C(5),
                                       UINT64_C(25),
                                       UINT64_C(125),
                                       UINT64_C(625),
                                       UINT64_C(3125),
                                       UINT64_C(15625),
                                       UINT64_C(78125),
                                       UINT64_C(390625),
                                       UINT64_C(1953125),
                                       UINT64_C(9765625),
                                       UINT64_C(48828125),
                                       UINT64_C(244140625),
                                       UINT64_C(1220703125),
                                       UINT64_C(6103515625),
                                       UINT64_C(30517578125),
                                       UINT64_C(152587890625),
                                       UINT64_C(762939453125),
                                       UINT64_C(3814697265625),
                                       UINT64_C(19073486328125),
                                       UINT64_C(95367431640625),
                                       UINT64_C(476837158203125),
                                       UINT64_C(2384185791015625),
                                       UINT64_C(11920928955078125),
                                       UINT64_C(59604644775390625),
                                       UINT64_C(298023223876953125),
                                       UINT64_C(1490116119384765625),
                                       UINT64_C(7450580596923828125) };

static const uint64_t digits_most = UINT64_C(100000000000000000); // 10^17

/* DIGITS digits, the first no zero: d.ddd times 10^power. */
struct decimal {
    uint64_t digits;
    int power;
};

/* m * 10^k * 2^e, rounded half to even; far from rounded where it has more digits than that. */
static uint64_t scaled(uint64_t mantissa, int exponent, int k)
{
    wide product = (wide)mantissa * fives[k], rest, half;
    int shift = exponent + k;
    uint64_t whole;

    if (shift >= 0)
        return (uint64_t)(product << shift);
    whole = (uint64_t)(product >> -shift);
    rest = product & (((wide)1 << -shift) - 1);
    half = (wide)1 << (-shift - 1);
    return whole + (rest > half || (rest == half && (whole & 1) != 0));
}

/* False: out of the range in which it is exact. */
static bool decimal_of(double value, struct decimal *out)
{
    uint64_t bits, mantissa;
    int exponent, power;

    memcpy(&bits, &value, sizeof bits);
    exponent = (int)(bits >> MANTISSA_BITS & 0x7ff) - BIAS;
    if (exponent < -37 || exponent > 56) // 2^-37 is 7e-12, 2^57 1.4e17
        return false;
    mantissa = (bits & ((UINT64_C(1) << MANTISSA_BITS) - 1)) | UINT64_C(1) << MANTISSA_BITS;
    power = (exponent * 78913 + (64 << 18)) / (1 << 18) - 64; // of 2^exponent, rounded down
    // Once or twice: until there are no more digits than 17.
    for (; power < DIGITS; power++) {
        if (power < DIGITS - FIVES)
            return false;
        out->digits = scaled(mantissa, exponent - MANTISSA_BITS, DIGITS - 1 - power);
        out->power = power;
        if (out->digits < digits_most)
            return true;
    }
    return false;
}

/* Two digits each turn, from the last. */
static void put_digits(uint64_t number, char *text, size_t n)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";

    for (; n >= 2; n -= 2, number /= 100)
        memcpy(text + n - 2, pairs + 2 * (number % 100), 2);
    if (n == 1)
        *text = (char)('0' + number);
}

/* 0.00123 */
static char *put_small(char *at, const char *digits, size_t n, int power)
{
    size_t zeros = (size_t)(-power - 1);

    memcpy(at, "0.", 2);
    memset(at + 2, '0', zeros);
    memcpy(at + 2 + zeros, digits, n);
    return at + 2 + zeros + n;
}

/* 123000, 123.45 */
static char *put_fixed(char *at, const char *digits, size_t n, size_t whole)
{
    if (n <= whole) {
        memcpy(at, digits, n);
        memset(at + n, '0', whole - n);
        return at + whole;
    }
    memcpy(at, digits, whole);
    at[whole] = '.';
    memcpy(at + whole + 1, digits + whole, n - whole);
    return at + n + 1;
}

/* 1.23e-05; no power but -11 to -5 comes here. */
static char *put_power(char *at, const char *digits, size_t n, int power)
{
    *at++ = digits[0];
    if (n > 1) {
        *at++ = '.';
        memcpy(at, digits + 1, n - 1);
        at += n - 1;
    }
    memcpy(at, "e-", 2);
    put_digits((uint64_t)-power, at + 2, 2);
    return at + 4;
}

size_t number_print_real(double value, char text[NUMBER_TEXT_MAX])
{
    struct decimal decimal;
    char digits[DIGITS], *at = text;
    size_t n = DIGITS;

    if (value == 0 && !signbit(value)) // most that stand in an array
        return number_print_whole(0, text);
    if (!decimal_of(value, &decimal))
        return (size_t)snprintf(text, NUMBER_TEXT_MAX, "%.*g", DIGITS, value);
    put_digits(decimal.digits, digits, DIGITS);
    while (digits[n - 1] == '0') // the first is none
        n--;
    if (signbit(value))
        *at++ = '-';
    if (decimal.power < -4)
        at = put_power(at, digits, n, decimal.power);
    else if (decimal.power < 0)
        at = put_small(at, digits, n, decimal.power);
    else
        at = put_fixed(at, digits, n, (size_t)decimal.power + 1);
    *at = '\0';
    return (size_t)(at - text);
}

size_t number_print_whole(int64_t value, char text[NUMBER_TEXT_MAX])
{
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    size_t sign = value < 0, n = 1;

    // A digit each turn.
    for (uint64_t more = left / 10; more > 0; more /= 10)
        n++;
    text[0] = '-';
    put_digits(left, text + sign, n);
    text[sign + n] = '\0';
    return sign + n;
}
