/* SPDX-License-Identifier: Apache-2.0 */
/* starve_libc.c - malloc and its kin, which the linker puts in place of libc's: see starve(). */
#include "support/starve.h"

#include <stddef.h>

#define WRAP(returns, name, parameters, arguments)                                                 \
    returns __real_##name parameters;                                                              \
    returns __wrap_##name parameters;                                                              \
    returns __wrap_##name parameters                                                               \
    {                                                                                              \
        return starve_allocation() ? NULL : __real_##name arguments;                               \
    }

WRAP(void *, malloc, (size_t n), (n))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *at, size_t n), (at, n))
WRAP(void *, reallocarray, (void *at, size_t n, size_t size), (at, n, size))
WRAP(void *, aligned_alloc, (size_t alignment, size_t n), (alignment, n))
WRAP(char *, strdup, (const char *text), (text))
