/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - what a target promises of any input: broken promises abort, in every build. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry: each target has one, and replay.c calls it too. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Says which promise was broken, and aborts. */
#define promise(that) ((that) ? (void)0 : promise_broken(__FILE__, __LINE__, #that))
_Noreturn void promise_broken(const char *file, int line, const char *that);

/* Whole characters of UTF-8, as JSON can hold them. */
bool is_utf8(const char *text);

/* A copy with a zero behind it, as far as the first zero. The caller frees. */
char *as_text(const uint8_t *bytes, size_t n);

/* Makes a folder that goes when the program does. Returns its path. */
const char *fuzz_folder(void);
void fuzz_write(const char *name, const uint8_t *bytes, size_t n);

#endif
