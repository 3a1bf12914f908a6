/* SPDX-License-Identifier: Apache-2.0 */
/* prepare_parts.h - which texts come into force; for prepare*.c. */
#ifndef APP_PREPARE_PARTS_H
#define APP_PREPARE_PARTS_H

#include "app/prepare.h"

/*
 * What the files say, or of what is refused what was last good: out->config, NULL when there is
 * none, complaints, really, and what was read in out->copy, where that came from files.
 */
void prepare_read(const struct prepare_options *options, const atomic_bool *stop,
                  struct prepared *out);

#endif
