/* SPDX-License-Identifier: Apache-2.0 */
/* order_kept.h - what stands in an order file that an import replaces. */
#ifndef CTL_ORDER_KEPT_H
#define CTL_ORDER_KEPT_H

#include "ctl/order_sheet.h"

/*
 * The permits of the old text, to stand behind the sheet's: no map has them. The caller frees. What
 * an order or a zone said there and the sheet does not say is put into the sheet, and told on
 * stderr; so is what goes: a shape that another takes the place of with its buffer, but for a table
 * (`drawn` false), where a buffer is no part of a shape, and devices. NULL and why: an order or a
 * zone of it is not in the sheet, and would be gone without anybody having said so; or it says what
 * an import cannot write.
 */
char *order_kept(const char *old, const char *name, struct order_sheet *sheet, bool drawn,
                 struct fault *why);

#endif
