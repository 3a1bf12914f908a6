/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_text.h - an order as one text, the same however its files are laid out: `[order ID]`,
 * `[zone ID/NAME]` and `[permit ID/NAME]` with a line `key = value` a key, in the order of reading.
 * A zone's GeoJSON file stands in it as a line `geojson-text = …`, its line ends made blanks. Its
 * SHA-256 is the digest that alerts carry; the ledger keeps it, and it can be read again.
 */
#ifndef ADAPTER_CONF_ORDER_TEXT_H
#define ADAPTER_CONF_ORDER_TEXT_H

#include "adapter/conf/ini.h"
#include "adapter/conf/order_draft.h"

#define ORDER_TEXT_SHAPE "geojson-text"

/* Of `first` and all that hangs on it. The caller frees; NULL when memory is out. */
char *order_text_print(const struct order_draft *first);

/* The first 12 hex digits of its SHA-256; false when the library fails. */
bool order_text_digest(const char *text, char out[DIGEST_CHARS + 1]);

/* Hands the sections and keys of a printed text over, as ini_read_from does; `text` is changed. */
void order_text_read(char *text, void (*on_entry)(const struct ini_entry *entry, void *arg),
                     void *arg);

/*
 * The text of the order that was looked into last, unpacked: who asks for every key of thousands of
 * zones of one order has it unpacked once. Zeroed holds none. Not for longer than the rulebook.
 */
struct order_text_held {
    const struct order *of;
    char *text;
};

/*
 * A key's value in an order's text, of the section `order ID` or `zone ID/NAME`; NULL: there is
 * none, or memory is out. The caller frees, and lets go of what is held.
 */
char *order_text_find(struct order_text_held *held, const struct order *order, const char *section,
                      const char *key);
void order_text_let_go(struct order_text_held *held);

#endif
