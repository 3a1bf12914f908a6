/* SPDX-License-Identifier: Apache-2.0 */
/* control_call_ledger.c - which breachd is meant: of which ledger. */
#include "ctl/control_call.h"

#include <stdio.h>

bool control_call_ledger(const struct ctl_options *options, char out[SETTINGS_PATH_MAX],
                         struct fault *why)
{
    struct complaints complaints = { 0 };
    struct settings settings = { 0 };
    bool ok = true;

    if (options->ledger == NULL) {
        settings_load(ctl_settings_path(options), &settings, &complaints);
        // A slip in its name would ask another breachd than is meant: that of the usual ledger.
        if (options->settings != NULL && complaints.n > 0 &&
            (settings.ledger[0] == '\0' || settings.site[0] == '\0'))
            ok = fault_set(why, "%s", complaints.kept[0].text);
        settings_wipe(&settings);
        complaints_fini(&complaints);
    }
    snprintf(out, SETTINGS_PATH_MAX, "%s",
             options->ledger != NULL      ? options->ledger
             : settings.ledger[0] != '\0' ? settings.ledger
                                          : SETTINGS_LEDGER);
    return ok;
}
