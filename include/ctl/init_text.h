/* SPDX-License-Identifier: Apache-2.0 */
/* init_text.h - the breachd.conf of what was answered. */
#ifndef CTL_INIT_TEXT_H
#define CTL_INIT_TEXT_H

#include "core/instant.h"
#include "ctl/init_keys.h"

/*
 * What differs from breachd's defaults, a line of why above each; `until` is the end of the
 * certificate that was made, if one was. The caller frees; NULL when memory is out.
 */
char *init_text(const struct init_answers *answers, struct utc until);

/* Whether the Redis of the answers has a user for breachd, who then gets a password, and whom. */
bool init_text_has_user(const struct init_answers *answers, char out[ASK_MAX]);

#endif
