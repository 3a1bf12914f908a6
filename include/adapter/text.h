/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - what people wrote, before it goes into JSON or onto a terminal. */
#ifndef ADAPTER_TEXT_H
#define ADAPTER_TEXT_H

#include "core/fault.h"

enum { TEXT_LONGEST = 4096 };

/* UTF-8 of at most TEXT_LONGEST bytes, without control characters; else says why not. */
bool text_is_clean(const char *text, struct fault *why);

#endif
