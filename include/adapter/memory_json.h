/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_json.h - whether jansson lacked memory: it calls that a mistake in the text, and a sender
 * would give up a ping for it.
 */
#ifndef ADAPTER_MEMORY_JSON_H
#define ADAPTER_MEMORY_JSON_H

#include <stdbool.h>

/* From now on it is noticed; call once, before any other use of jansson. */
void memory_json_watch(void);

/* Whether this thread lacked some since it was asked last. */
bool memory_json_lacked(void);

#endif
