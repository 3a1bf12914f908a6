/* SPDX-License-Identifier: Apache-2.0 */
/* orders.h - order files of a scratch folder's orders.d, and what is made of them. */
#ifndef ADAPTER_ORDERS_H
#define ADAPTER_ORDERS_H

#include "adapter/conf/orderfile.h"

/* Lines 1 to 7 of a file. */
#define ORDER(id, who, devices)                                                                    \
    "[order " id "]\nkind = other\nrespondent = " who "\ndevices = " devices                       \
    "\nmonitoring = bail\nfrom = 2020-06-09T12:00:00Z\nserved = 2020-06-09T15:30:00Z\n"

/* Three lines. */
#define ZONE(id) "[zone " id "]\ncentre = 51.56844, 0.45782\nradius = 200 m\n"

/* orders.d as it is now, in a region around Essex, with a ping each 15 s. NULL: refused. */
struct rulebook *orders_load(struct complaints *complaints);

/* orders.d/A.conf alone holds `text`; exactly `want` is complained of, and errors refuse it. */
void assert_said_of(const char *says, const char *text, const char *want);

#endif
