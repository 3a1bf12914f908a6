/* SPDX-License-Identifier: Apache-2.0 */
/* Any breachd.conf. */
#include "adapter/conf/settings.h"

#include <stdio.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* What was accepted is what the rest of the program leans on. */
static void check(const struct settings *settings)
{
    promise(name_valid(settings->site) && name_valid(settings->prefix));
    promise(lonlat_valid(settings->region.sw) && lonlat_valid(settings->region.ne));
    promise(settings->region.sw.lat < settings->region.ne.lat);
    promise(settings->orders[0] != '\0' && settings->ledger[0] != '\0');
    promise(settings->n_listen >= 1 && settings->n_listen <= LISTEN_MAX);
    for (size_t i = 0; i < settings->n_listen; i++)
        promise(settings->listen[i].length > 0);
    promise(settings->redis.path[0] != '\0' || settings->redis.host[0] != '\0');
    promise(settings->mqtt.host[0] == '\0' || settings->mqtt.port > 0);
    promise(settings->mqtt_topics.n >= 1 && settings->mqtt_topics.n <= MQTT_TOPICS_MAX);
    promise(settings->limits.max_body >= 1024 && settings->limits.max_body <= 64 * 1024 * 1024);
    promise(settings->heartbeat_ms >= 1000 && settings->limits.idle_ms >= 1000);
    promise(settings->detect.closing_speed > 0 && settings->detect.unknown_accuracy > 0);
    promise(settings->kinds.n <= DEVICE_KINDS_MAX);
    for (size_t i = 0; i < settings->kinds.n; i++) {
        const struct device_kind *kind = &settings->kinds.of[i];

        promise(name_valid(kind->name) && kind->n_match >= 1 && kind->n_match <= DEVICE_GLOBS_MAX);
        promise(kind->percentile >= 10 && kind->percentile <= 99.9);
        promise(kind->unknown_accuracy == 0 ||
                (kind->unknown_accuracy >= 1 && kind->unknown_accuracy <= 10000));
        promise(kind->silent_ms == 0 || kind->silent_ms >= 60 * 1000);
        promise(kind->ping_interval_ms == 0 || kind->ping_interval_ms >= 1000);
        promise(kind->no_fix_ms >= 0 && (kind->has_no_fix || kind->no_fix_ms == 0));
        for (size_t j = 0; j < kind->n_match; j++)
            promise(device_glob_valid(kind->match[j]));
    }
    promise(settings_anew(settings, settings) == SETTINGS_LIVE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct settings settings;
    struct complaints complaints = { 0 };
    char path[128];

    fuzz_write("breachd.conf", bytes, n);
    snprintf(path, sizeof path, "%s/breachd.conf", fuzz_folder());
    settings_load(path, &settings, &complaints);
    for (size_t i = 0; i < complaints.n; i++)
        promise(strncmp(complaints.kept[i].text, path, strlen(path)) == 0);
    if (complaints.errors == 0)
        check(&settings);
    complaints_fini(&complaints);
    return 0;
}
