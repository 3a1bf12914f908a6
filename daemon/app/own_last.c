/* SPDX-License-Identifier: Apache-2.0 */
#include "app/own_last.h"

#include "adapter/absolute.h"
#include "adapter/source.h"

#include <string.h>

const char *own_last_ledger(const struct config_seen *seen)
{
    return seen->ledger[0] != '\0' ? seen->ledger : SETTINGS_LEDGER;
}

/* Whoever could write the file names them in it, so a file of another site came here by a slip. */
static bool names_ours(const struct settings *last, const struct config_seen *seen,
                       struct fault *why)
{
    const char *ledger = own_last_ledger(seen);

    if (!absolute_same(last->ledger, ledger))
        return fault_set(why, "is of the ledger %.200s, not of %.200s", last->ledger, ledger);
    return seen->site[0] == '\0' || strcmp(last->site, seen->site) == 0 ||
           fault_set(why, "is of the site %.64s, not of %.64s", last->site, seen->site);
}

bool own_last_is(const struct last_good *last, const char *path, const struct config_seen *seen,
                 struct fault *why)
{
    const char *name = last_good_nth(last, LAST_GOOD_SETTINGS, 0)->name;
    struct sources sources = { .last = last, .by_last = true };
    struct complaints unsaid = { 0 };
    struct settings settings = { 0 };
    bool ok;

    if (!absolute_same(name, path))
        return fault_set(why, "is of %.200s, not of %.200s", name, path);
    settings_load_from(&sources, name, &settings, &unsaid);
    complaints_fini(&unsaid);
    ok = names_ours(&settings, seen, why);
    settings_wipe(&settings);
    return ok;
}
