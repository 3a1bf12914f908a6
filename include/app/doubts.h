/* SPDX-License-Identifier: Apache-2.0 */
/* doubts.h - what `breachd -n` warns of around a configuration that is good by itself. */
#ifndef APP_DOUBTS_H
#define APP_DOUBTS_H

#include "app/config.h"

enum { DOUBTS_CERTIFICATE_DAYS = 30 };

/*
 * Warns of keys, passwords and orders that everybody on the machine can read, of certificates that
 * have ended or will within 30 days, and of a name or a region that is still the shipped example's.
 */
void doubts_find(const struct settings *settings, struct utc now, struct complaints *complaints);

/* Warns of a ledger that whoever runs could not write. */
void doubts_of_ledger(const struct settings *settings, struct complaints *complaints);

#endif
