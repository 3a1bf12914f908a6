/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_memory.h - whether jansson lacked memory: it calls that a mistake in the text, and a sender
 * would give up a ping for it.
 */
#ifndef ADAPTER_JSON_MEMORY_H
#define ADAPTER_JSON_MEMORY_H

#include <stdbool.h>

/* From now on it is noticed; call once, before any other use of jansson. */
void json_memory_watch(void);

/* Whether this thread lacked some since it was asked last. */
bool json_memory_lacked(void);

#endif
