/* SPDX-License-Identifier: Apache-2.0 */
/* init_next.h - what is to do once `breachctl init` has made its files, as commands to copy. */
#ifndef CTL_INIT_NEXT_H
#define CTL_INIT_NEXT_H

#include "core/instant.h"
#include "ctl/init_keys.h"

/* On stdout; no secret stands in it. `until` is the end of the certificate that was made. */
void init_next(const struct init_answers *answers, struct utc until);

#endif
