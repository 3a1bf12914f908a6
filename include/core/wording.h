/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wording.h - texts of orders at rest: what nearly all of them say, such as a line's end with the
 * next key, is one byte each, so that a text is half as long. zlib, given an order as its
 * dictionary, makes it shorter still, but takes 3 us a text, a fifth of what all of reading an
 * order takes.
 */
#ifndef CORE_WORDING_H
#define CORE_WORDING_H

/* Each gives a text of its own, which the caller frees; NULL when memory is out. */
char *wording_pack(const char *text);
char *wording_unpack(const char *packed);

#endif
