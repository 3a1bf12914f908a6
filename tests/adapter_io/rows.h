/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h - values to keep, each field unlike its neighbours, and the comparing of them. */
#ifndef ADAPTER_IO_ROWS_H
#define ADAPTER_IO_ROWS_H

#include "adapter/ledger/changes.h"

struct known_device some_device(void);
struct incident some_incident(void);
struct kept_alert some_alert(int nth); /* id "essex/A/home/NTH/1"; texts are the caller's to keep */

void assert_same_device(const struct known_device *a, const struct known_device *b);
void assert_same_incident(const struct incident *a, const struct incident *b);
void assert_same_alert(const struct kept_alert *a, const struct kept_alert *b);

/* Alerts number `first` to `last` of some_alert, all as one list in `changes`. */
void add_alerts(struct changes *changes, int first, int last);

#endif
