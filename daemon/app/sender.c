/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sender.h"

#include <stddef.h>

bool sender_covers(const struct sender *sender, const char *device)
{
    return sender->covers != NULL && sender->covers(device, sender->arg);
}

bool sender_covers_all(const char *device, void *arg)
{
    (void)device;
    (void)arg;
    return true;
}
