/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void print_group(uint32_t bits, char *text)
{
    for (int i = 0; i < 4; i++)
        text[i] = digits[bits >> (18 - 6 * i) & 63];
}

void base64_print(const unsigned char *bytes, size_t n, char *text)
{
    size_t left = n % 3;

    for (const unsigned char *end = bytes + n - left; bytes < end; bytes += 3, text += 4)
        print_group((uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2], text);
    if (left > 0) {
        print_group((uint32_t)bytes[0] << 16 | (left > 1 ? (uint32_t)bytes[1] << 8 : 0), text);
        memset(text + 1 + left, '=', 3 - left);
        text += 4;
    }
    *text = '\0';
}

/* 64: none. */
static uint32_t value_of(char c)
{
    return c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A')
           : c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a') + 26
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0') + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : 64;
}

/* The last group says by its padding how many bytes it has; each other one has three. */
static size_t bytes_of(const char *group, bool last)
{
    return !last || group[3] != '=' ? 3 : group[2] != '=' ? 2 : 1;
}

bool base64_read(const char *text, unsigned char *bytes, size_t room, size_t *out)
{
    size_t chars = strlen(text);

    *out = 0;
    if (chars % 4 != 0)
        return false;
    for (size_t at = 0; at < chars; at += 4) {
        size_t n = bytes_of(text + at, at + 4 == chars);
        uint32_t bits = 0;

        for (size_t i = 0; i < 4; i++) {
            uint32_t value = i <= n ? value_of(text[at + i]) : 0;

            if (value > 63)
                return false;
            bits = bits << 6 | value;
        }
        if (room - *out < n || (bits & ((1U << (24 - 8 * n)) - 1)) != 0)
            return false;
        for (size_t i = 0; i < n; i++)
            bytes[(*out)++] = (unsigned char)(bits >> (16 - 8 * i));
    }
    return true;
}
