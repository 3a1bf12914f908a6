/* SPDX-License-Identifier: Apache-2.0 */
/* revision_json.h - which texts are in force from now on, and what changed: a body of the ledger.
 */
#ifndef ADAPTER_REVISION_JSON_H
#define ADAPTER_REVISION_JSON_H

#include "core/revision.h"

/*
 * `orders` with the digest of each text, `added`, `ended`, `changed` and `zones`, told in
 * breachctl(1). No place stands in it. The caller frees; NULL when memory is out.
 */
char *revision_print(const struct rulebook *old, const struct rulebook *fresh);

#endif
