/* SPDX-License-Identifier: Apache-2.0 */
/* number.h - numbers as text, byte for byte as printf() writes them, and far sooner. Pure. */
#ifndef ADAPTER_NUMBER_H
#define ADAPTER_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_TEXT_MAX = 32 };

/*
 * As "%.17g": 17 digits give back the same double. Both return how many bytes stand before the
 * NUL.
 */
size_t number_print_real(double value, char text[NUMBER_TEXT_MAX]);

/* As "%lld". */
size_t number_print_whole(int64_t value, char text[NUMBER_TEXT_MAX]);

#endif
