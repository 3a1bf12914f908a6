/* SPDX-License-Identifier: Apache-2.0 */
/* init_value.h - whether an answer to `breachctl init` can be right by itself. */
#ifndef CTL_INIT_VALUE_H
#define CTL_INIT_VALUE_H

#include "ctl/init_keys.h"

/* False and why, without the option's name. The path of a file that is there is made whole. */
bool init_value_take(struct init_answers *answers, size_t nth, struct fault *why);

#endif
