/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_keys.h - what an order and a zone may say: one table for options, questions, the columns of
 * an import and the file that is written.
 */
#ifndef CTL_ORDER_KEYS_H
#define CTL_ORDER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum order_key_of { ORDER_KEY_ID, ORDER_KEY_ORDER, ORDER_KEY_ZONE_NAME, ORDER_KEY_ZONE };

struct order_key {
    const char *name; /* as it stands in order files, and as an option behind `--` */
    enum order_key_of of;
    const char *unit; /* of a bare number in an import; NULL: none */
    const char *ask;  /* the question; NULL: it is not asked for */
    bool needed;
};

enum { ORDER_KEYS = 19 };

extern const struct order_key order_keys[ORDER_KEYS];

/* The number of the key of that name, in any case of letters; ORDER_KEYS: there is none. */
size_t order_key_find(const char *name);

#endif
