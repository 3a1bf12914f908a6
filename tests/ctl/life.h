/* SPDX-License-Identifier: Apache-2.0 */
/* life.h - what happens to a ledger, so that it holds a row of everything. */
#ifndef CTL_LIFE_H
#define CTL_LIFE_H

#include "adapter/ledger/store.h"

/*
 * Texts, pings, alerts that open and close, some taken by somebody; what is known; what became
 * evidence, what retention took, a renumbering; all as breachd does it.
 */
void life_live(struct store *store);

/*
 * So many alerts of a device, odd ones of a need that begins, even ones that it
 * ends; all but the last two are published.
 */
void life_of_device(struct store *store, int n);

#endif
