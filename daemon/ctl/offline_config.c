/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/offline_config.h"

#include "adapter/civil_load.h"
#include "adapter/conf/orderfile.h"
#include "ctl/order_beside.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 24 * 3600 * 1000, DATE_CHARS = 10 };

bool offline_config_settings(const char *conf, struct offline_config *out, struct fault *why)
{
    struct ctl_options options = { .settings = conf };

    *out = (struct offline_config){ 0 };
    if (!ctl_settings(&options, &out->settings))
        return fault_set(why, "without settings nothing can be judged: name them by -c FILE");
    settings_wipe(&out->settings);
    return civil_load(out->settings.timezone, &out->civil, why);
}

bool offline_config_open(const char *conf, const char *orders, struct offline_config *out,
                         struct fault *why)
{
    struct complaints complaints = { 0 };
    struct orderfile_options wanted;

    if (!offline_config_settings(conf, out, why))
        return false;
    wanted = (struct orderfile_options){ .folder = orders ? orders : out->settings.orders,
                                         .region = out->settings.region,
                                         .civil = &out->civil,
                                         .ping_interval_ms = out->settings.ping_interval_ms,
                                         .kinds = &out->settings.kinds };
    out->rules = orderfile_load(&wanted, &complaints);
    complaints_print(&complaints, COMPLAINTS_SECRETS, stderr);
    complaints_fini(&complaints);
    return out->rules != NULL || fault_set(why, "%.300s: the orders are refused", wanted.folder);
}

bool offline_config_open_beside(const char *conf, const char *orders, struct offline_config *out,
                                struct fault *why)
{
    struct complaints complaints = { 0 };
    struct order_place place = { .fd = -1 };

    if (!offline_config_settings(conf, out, why))
        return false;
    place.settings = out->settings;
    place.civil = out->civil;
    snprintf(place.folder, sizeof place.folder, "%s", orders ? orders : out->settings.orders);
    out->rules = order_beside_load(&place, NULL, 0, &complaints);
    complaints_print(&complaints, COMPLAINTS_SECRETS, stderr);
    complaints_fini(&complaints);
    return out->rules != NULL || fault_set(why, "%.300s: the orders are refused", place.folder);
}

void offline_config_close(struct offline_config *config)
{
    rulebook_destroy(config->rules);
    config->rules = NULL;
}

bool offline_config_instant(const struct offline_config *config, const char *text, bool end,
                            struct utc *out, struct fault *why)
{
    char midnight[UTC_TEXT_MAX];
    struct utc at, near;

    if (strlen(text) == DATE_CHARS) {
        snprintf(midnight, sizeof midnight, "%sT00:00:00Z", text);
        if (utc_parse(midnight, &at)) {
            at.ms += end ? DAY_MS : 0;
            // Local midnight, by the offset that holds there and not at that of Greenwich.
            near.ms = at.ms - civil_offset(&config->civil, at) * INT64_C(1000);
            out->ms = at.ms - civil_offset(&config->civil, near) * INT64_C(1000);
            return true;
        }
    }
    return utc_parse(text, out) ||
           fault_set(why, "%.60s is no date (2020-06-17) or time (2020-06-17T12:00:00Z)", text);
}
