/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - JSON as it is written: a text that grows, in the caller's room or in its own. What
 * jansson would write, without making a tree of it first.
 */
#ifndef ADAPTER_JSON_PAGE_H
#define ADAPTER_JSON_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page {
    char *text; /* always ends with a NUL; its own: NULL when memory is out */
    size_t used, room;
    bool own;   /* grows; */
    bool lacks; /* memory was out, or a string is no UTF-8: the text is not whole */
    /* 1e-5, as jansson has it; else 1e-05, as printf() has it and rows of a ledger do. */
    bool short_exponents;
};

/* In the caller's room: what does not fit is left out, and `lacks` says so. */
struct page page_in(char *text, size_t room);

/* In its own, of so many bytes at first, with short exponents. The caller frees `text`. */
struct page page_create(size_t room);

void page_put(struct page *page, const char *text); /* as it is */
void page_whole(struct page *page, int64_t value);
void page_real(struct page *page, double value);       /* what is no finite number: null */
void page_string(struct page *page, const char *text); /* in quotes, as jansson escapes it */

/* `"name":`, with a comma before it unless it is the first of an object. */
void page_name(struct page *page, const char *name);

/* What was written, which is the caller's to free; NULL when it is not whole. Ends its own page. */
char *page_end(struct page *page);

#endif
