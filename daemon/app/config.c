/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include "adapter/civil_load.h"
#include "adapter/conf/orderfile.h"
#include "adapter/json/input.h"
#include "adapter/print.h"
#include "core/plural.h"

#include <stdlib.h>
#include <string.h>

/* Local time from the time zone's file, once; a reload keeps it. */
static void load_civil(struct config *config, const struct config *running,
                       struct complaints *complaints)
{
    const struct settings *settings = &config->settings;
    struct fault why;

    if (running != NULL)
        config->civil = running->civil;
    else if (!civil_load(settings->timezone, &config->civil, &why))
        complain(complaints, settings->file, settings_line(settings, settings->timezone),
                 "timezone: %s", why.text);
}

/*
 * Of the certificate, unless the reason begins with the key's path. One file may hold both: the
 * certificate is read first.
 */
static int tls_line(const struct settings *settings, const char *why)
{
    size_t n = strlen(settings->tls_key);
    bool of_key = strcmp(settings->tls_key, settings->tls_certificate) != 0 &&
                  strncmp(why, settings->tls_key, n) == 0 && why[n] == ':';

    return settings_line(settings, of_key ? settings->tls_key : settings->tls_certificate);
}

/* Certificates, keys and tokens, of the files that the settings name. */
static void load_secrets(struct config *config, struct complaints *complaints)
{
    const struct settings *settings = &config->settings;
    struct fault why;

    config->http_tls = tls_create();
    config->redis_tls = tls_create();
    config->mqtt_tls = tls_create();
    if (config->http_tls == NULL || config->redis_tls == NULL || config->mqtt_tls == NULL) {
        complain(complaints, settings->file, 0, "out of memory");
        return;
    }
    if (settings->tls_certificate[0] != '\0' && settings->tls_key[0] != '\0' &&
        !tls_load_server(config->http_tls, settings->tls_certificate, settings->tls_key,
                         settings->tls_client_ca, &why))
        complain(complaints, settings->file, tls_line(settings, why.text), "[http] tls: %s",
                 why.text);
    if (settings->redis.secure &&
        !tls_load_client(config->redis_tls, settings->redis_ca, settings->redis_certificate,
                         settings->redis_key, &why))
        complain(complaints, settings->file, settings_line(settings, &settings->redis),
                 "[redis] tls: %s", why.text);
    if (settings->mqtt.secure &&
        !tls_load_client(config->mqtt_tls, settings->mqtt_ca, "", "", &why))
        complain(complaints, settings->file, settings_line(settings, &settings->mqtt),
                 "[mqtt] tls: %s", why.text);
    if (settings->tokens[0] != '\0')
        config->tokens = tokens_load(settings->tokens, complaints);
}

/* False when memory is out. */
static bool keep_settings(struct config *config)
{
    unsigned char digest[CHAIN_DIGEST];

    config->kept_settings = input_print_settings(&config->settings);
    if (config->kept_settings == NULL ||
        !chain_digest(config->kept_settings, strlen(config->kept_settings), digest))
        return false;
    chain_hex(digest, config->kept_digest);
    return true;
}

static void load_orders(struct config *config, const struct config_options *options,
                        struct complaints *complaints)
{
    const struct settings *settings = &config->settings;
    struct orderfile_options wanted = { .folder = settings->orders,
                                        .region = settings->region,
                                        .civil = &config->civil,
                                        .ping_interval_ms = settings->ping_interval_ms,
                                        .kinds = &settings->kinds,
                                        .sources = options->sources,
                                        .stop = options->stop };

    if (wanted.region.sw.lat >= wanted.region.ne.lat) // not given, or refused
        wanted.region = (struct lonlat_box){ { -180, -90 }, { 180, 90 } };
    if (settings->orders[0] != '\0')
        config->rules = orderfile_load(&wanted, complaints);
}

/* Marks the kinds of which there is a device. */
static void find_kinds(const struct config *config, bool found[DEVICE_KINDS_MAX])
{
    const struct device_kinds *kinds = &config->settings.kinds;

    for (size_t i = 0; i < rulebook_counts(config->rules).respondents; i++) {
        const struct respondent *who = rulebook_respondent(config->rules, i);

        for (size_t j = 0; j < who->n_devices; j++) {
            const struct device_kind *kind = device_kind_find(kinds, who->devices[j]);

            if (kind != NULL)
                found[kind - kinds->of] = true;
        }
    }
}

/* A slip in a glob would else be seen by nobody: such a device is judged as one of no kind. */
static void check_kinds(const struct config *config, struct complaints *complaints)
{
    const struct settings *settings = &config->settings;
    bool found[DEVICE_KINDS_MAX] = { false };

    if (settings->kinds.n > 0)
        find_kinds(config, found);
    for (size_t i = 0; i < settings->kinds.n; i++) {
        if (!found[i])
            complain_softly(complaints, settings->file, settings->kind_lines[i],
                            "[devices %s] match: no device of the orders is of this kind: none "
                            "matches, or a kind above has it",
                            settings->kinds.of[i].name);
    }
}

/* Settings, and what they name but orders. */
static void load_settings(struct config *config, const struct config_options *options,
                          struct config_seen *seen, struct complaints *complaints)
{
    struct last_good_copy *copy = options->sources != NULL ? options->sources->copy : NULL;
    struct settings *settings = &config->settings;
    char path[LAST_GOOD_PATH_MAX];

    // A stand-in, so that orders are read, and complained of, even when the settings are wrong.
    config->civil = (struct civil){ .n = 1, .change = { { UTC_ALWAYS, 0 } } };
    settings_load_from(options->sources, options->path, settings, complaints);
    if (options->running != NULL)
        settings_check_reload(&options->running->settings, settings, complaints);
    if (settings->timezone[0] != '\0') // else the file was not even read
        load_civil(config, options->running, complaints);
    load_secrets(config, complaints);
    *seen = (struct config_seen){ .settings_well = complaints->errors == 0,
                                  .by_file = settings->by_file };
    strcpy(seen->site, settings->site);
    strcpy(seen->ledger, settings->ledger);
    strcpy(seen->orders, settings->orders);
    if (copy != NULL)
        last_good_copy_to(copy, options->keep && seen->settings_well
                                    ? last_good_path(settings->ledger, path)
                                    : NULL);
}

struct config *config_load(const struct config_options *options, struct config_seen *out_seen,
                           struct complaints *complaints)
{
    struct config *config = calloc(1, sizeof *config);
    struct config_seen unseen;

    if (config == NULL) {
        complain(complaints, options->path, 0, FAULT_MEMORY);
        return NULL;
    }
    load_settings(config, options, out_seen != NULL ? out_seen : &unseen, complaints);
    load_orders(config, options, complaints);
    if (config->rules != NULL)
        check_kinds(config, complaints);
    if (complaints->errors == 0 && !keep_settings(config))
        complain(complaints, options->path, 0, FAULT_MEMORY);
    if (complaints->errors > 0 || config->rules == NULL) {
        config_destroy(config);
        return NULL;
    }
    return config;
}

void config_destroy(struct config *config)
{
    if (config == NULL)
        return;
    rulebook_destroy(config->rules);
    tokens_destroy(config->tokens);
    tls_destroy(config->http_tls);
    tls_destroy(config->redis_tls);
    tls_destroy(config->mqtt_tls);
    free(config->kept_settings);
    behind_fini(&config->behind);
    settings_wipe(&config->settings);
    free(config);
}

size_t config_in_force(const struct config *config, struct utc at)
{
    size_t n = 0;

    for (size_t i = 0; i < rulebook_counts(config->rules).orders; i++)
        n += order_in_force(rulebook_order(config->rules, i), at);
    return n;
}

static const char *area_of(const struct order *order)
{
    return order->area ? order->area : "(no area)";
}

static int by_area(const void *a, const void *b)
{
    const struct order *const *left = a, *const *right = b;

    return strcmp(area_of(*left), area_of(*right));
}

/* A line an area: orders, and how many of them bind now. */
static void summarise_areas(const struct config *config, struct utc now, FILE *out)
{
    size_t n = rulebook_counts(config->rules).orders;
    const struct order **orders = calloc(n + 1, sizeof(struct order *));

    if (orders == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        orders[i] = rulebook_order(config->rules, i);
    qsort(orders, n, sizeof(struct order *), by_area);
    for (size_t i = 0, first = 0, binding = 0; i < n; i++) {
        binding += order_in_force(orders[i], now);
        if (i + 1 < n && strcmp(area_of(orders[i]), area_of(orders[i + 1])) == 0)
            continue;
        print_line(out, "  %-32s %6zu order%s, %zu in force", area_of(orders[i]), i + 1 - first,
                   plural(i + 1 - first), binding);
        first = i + 1;
        binding = 0;
    }
    free(orders);
}

void config_summarise(const struct config *config, struct utc now, FILE *out)
{
    struct rulebook_counts counts = rulebook_counts(config->rules);
    size_t in_force = config_in_force(config, now);
    char at[UTC_TEXT_MAX];

    print_line(out, "site %s: %zu order%s, %zu respondent%s, %zu device%s, %zu zone%s",
               config->settings.site, counts.orders, plural(counts.orders), counts.respondents,
               plural(counts.respondents), counts.devices, plural(counts.devices),
               counts.exclusions, plural(counts.exclusions));
    print_line(out, "in force at %s: %zu order%s", utc_print(now, at), in_force, plural(in_force));
    summarise_areas(config, now, out);
}
