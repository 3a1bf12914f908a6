/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors.h - how many connections a door may bear, by the kernel's limit of descriptors. */
#ifndef ADAPTER_DESCRIPTORS_H
#define ADAPTER_DESCRIPTORS_H

#include <stdint.h>

/*
 * Of so many connections those that descriptors go round for, one at least; the soft limit is
 * raised as far as we may. Some descriptors are never a door's: the ledger, Redis and a reload need
 * theirs however many connect. That there are fewer than wanted is logged.
 */
int64_t descriptors_allow(int64_t connections);

#endif
