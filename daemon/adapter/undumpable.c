/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/undumpable.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void undumpable(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
