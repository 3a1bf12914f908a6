/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init_shipped.h - the breachd.conf that an installation puts into /etc/breachd, as it was
 * shipped.
 */
#ifndef CTL_INIT_SHIPPED_H
#define CTL_INIT_SHIPPED_H

#include <stdbool.h>

#define INIT_SHIPPED_END ".shipped" /* behind its name, once it has made room */

/* Whether that file of the folder is the shipped one of this version, byte for byte. */
bool init_shipped_is(int folder, const char *name);

#endif
