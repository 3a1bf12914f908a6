/* SPDX-License-Identifier: Apache-2.0 */
/* unjudged_parts.h - what unjudged*.c share, and they alone. */
#ifndef APP_UNJUDGED_PARTS_H
#define APP_UNJUDGED_PARTS_H

#include "app/unjudged.h"

/* Tells what is owed of respondent number `nth`, if it is time and can be kept. */
void unjudged_tell(struct pipeline *pipeline, size_t nth, struct unjudged *unjudged);

/* What was told of his devices goes on no more, as far as that can be kept. */
void unjudged_let_rest(struct pipeline *pipeline, size_t nth);

#endif
