/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.h - lines for people. Whatever stands in them, from an order file, from Redis, from a
 * device, is shown and not obeyed: all of it goes through text_escape, and a line stays one line.
 */
#ifndef ADAPTER_PRINT_H
#define ADAPTER_PRINT_H

#include <stdbool.h>
#include <stdio.h>

/* Bytes of a part, before it is escaped; the rest is cut, and `…` says so. */
enum { PRINT_MAX = 16 * 1024 };

/* A part of a line; a line end in it is shown as `\u000A`. */
void print_part(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A part, and the line's end. */
void print_line(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `n` bytes escaped, however many. False when they cannot be written. */
bool print_bytes(FILE *out, const char *bytes, size_t n);

#endif
