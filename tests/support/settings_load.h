/* SPDX-License-Identifier: Apache-2.0 */
/* settings_load.h - a breachd.conf in the scratch folder, and what is read from it. */
#ifndef ADAPTER_SETTINGS_LOAD_H
#define ADAPTER_SETTINGS_LOAD_H

#include "adapter/conf/settings.h"

#include "support/scratch.h"
#include "support/test.h"

#define SITE  "[site]\nname = essex\nregion = 51.4,-0.1 52.1,1.4\n"
#define AT(n) "breachd.conf:" #n ": "

static struct settings settings;

static inline void load(const char *text, struct complaints *complaints)
{
    scratch_write("breachd.conf", text);
    settings_load("breachd.conf", &settings, complaints);
}

#endif
