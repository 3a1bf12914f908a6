/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/backoff.h"

#include <stdint.h>
#include <stdlib.h>

struct timeval milliseconds(int ms)
{
    return (struct timeval){ ms / 1000, ms % 1000 * 1000 };
}

struct timeval backoff_next(int *ms, int most)
{
    int half = *ms / 2, wait = half + (int)arc4random_uniform((uint32_t)half + 1);

    *ms = *ms * 2 < most ? *ms * 2 : most;
    return milliseconds(wait);
}
