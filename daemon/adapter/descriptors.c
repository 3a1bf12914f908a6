/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/descriptors.h"

#include "adapter/log.h"

#include <sys/resource.h>

enum { SPARE_DESCRIPTORS = 64 };

int64_t descriptors_allow(int64_t connections)
{
    rlim_t wanted = (rlim_t)connections + SPARE_DESCRIPTORS;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return connections;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted)
        return connections;
    log_warning("http: only %llu descriptors may be open, %llu are wanted",
                (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
    return limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? (int64_t)limit.rlim_cur - SPARE_DESCRIPTORS : 1;
}
