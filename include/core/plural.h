/* SPDX-License-Identifier: Apache-2.0 */
/* plural.h - "1 order", "2 orders": `"%zu order%s", n, plural(n)`. */
#ifndef CORE_PLURAL_H
#define CORE_PLURAL_H

#include <stddef.h>

static inline const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

#endif
