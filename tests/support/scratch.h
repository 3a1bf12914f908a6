/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scratch.h - a folder of its own for one test, which is the working folder meanwhile: so files are
 * named, and complained of, by short relative paths.
 */
#ifndef ADAPTER_SCRATCH_H
#define ADAPTER_SCRATCH_H

#include "adapter/complaints.h"

int scratch_setup(void **state);
int scratch_teardown(void **state);

#define scratch_test(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

/* Writes a file, and the folders that its name goes through. */
void scratch_write(const char *name, const char *text);
void scratch_write_bytes(const char *name, const void *bytes, size_t n);

bool scratch_has(const char *path);           /* whatever it is */
size_t scratch_count(const char *its_folder); /* names in it */

/*
 * Exactly these complaints and warnings, one a line, in this order; empties them. `says` names
 * the case when it is not so.
 */
void assert_complaints(const char *says, struct complaints *complaints, const char *want);

#endif
