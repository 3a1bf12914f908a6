/* SPDX-License-Identifier: Apache-2.0 */
/*
 * number.h - numbers as text, byte for byte as printf() writes them, and far sooner: in some 30 ns
 * for 450, of hundreds in what is kept of a near ping. Our own, because digests of ledgers are of
 * these bytes; Ryu, Grisu and double-conversion print the shortest digits, which are others. Pure.
 */
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
