/* SPDX-License-Identifier: Apache-2.0 */
/* order_kept.h - what stands in an order file that an import replaces. */
#ifndef CTL_ORDER_KEPT_H
#define CTL_ORDER_KEPT_H

#include "ctl/order_sheet.h"

/*
 * The permits of the old text, to stand behind the sheet's: no map has them. The caller frees. NULL
 * and why: an order or a zone of it is not in the sheet, and would be gone without anybody having
 * said so.
 */
char *order_kept(const char *old, const char *name, const struct order_sheet *sheet,
                 struct fault *why);

#endif
