/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/rules_in_force.h"

#include "adapter/conf/orderfile.h"
#include "adapter/json/input.h"
#include "adapter/last_good.h"
#include "adapter/print.h"
#include "adapter/source.h"
#include "core/index.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The texts that a list names, by their digests. */
struct gathering {
    json_t *list; // lends the index its names
    struct index of;
    char **texts;     // NULL: not found
    const char **ids; // of their orders, of the list
    size_t n;
};

static void gathering_fini(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->n; i++)
        free(gathering->texts[i]);
    free(gathering->texts);
    free(gathering->ids);
    index_fini(&gathering->of);
    json_decref(gathering->list);
}

/* Members of `orders`: an order's id, with the digest of its text. */
static bool read_list(const char *body, struct gathering *out, struct fault *why)
{
    json_t *orders, *digest;
    const char *id;

    out->list = json_loads(body, 0, NULL);
    orders = json_object_get(out->list, "orders");
    if (!json_is_object(orders))
        return fault_set(why, "ledger: the list of orders in force cannot be read");
    out->texts = calloc(json_object_size(orders) + 1, sizeof *out->texts);
    out->ids = calloc(json_object_size(orders) + 1, sizeof *out->ids);
    if (out->texts == NULL || out->ids == NULL || !index_init(&out->of, json_object_size(orders)))
        return fault_set(why, FAULT_MEMORY);
    json_object_foreach(orders, id, digest)
    {
        const char *text = json_string_value(digest);

        if (text == NULL || !index_put(&out->of, text, out->n))
            return fault_set(why, "ledger: the list of orders in force cannot be read");
        out->ids[out->n++] = id;
    }
    return true;
}

/* Takes `text`. */
static void keep_text(struct gathering *gathering, const char *digest, char *text)
{
    size_t nth;

    if (text != NULL && index_find(&gathering->of, digest, &nth) && gathering->texts[nth] == NULL)
        gathering->texts[nth] = text;
    else
        free(text);
}

static void take_text(const char *body, void *arg)
{
    char digest[DIGEST_CHARS + 1] = "", *text = input_read_order(body, digest);

    keep_text(arg, digest, text);
}

static void take_fresh(struct gathering *gathering, const struct rulebook *fresh)
{
    for (size_t i = 0; i < rulebook_counts(fresh).orders; i++) {
        const struct order *order = rulebook_order(fresh, i);

        if (order->text != NULL)
            keep_text(gathering, order->digest, order_text(order));
    }
}

/* Moves the texts that are there to the front; the ids of the others are told. */
static bool part(struct gathering *gathering, struct rules_in_force *out, size_t *out_known,
                 struct fault *why)
{
    size_t known = 0;

    out->unknown = calloc(gathering->n + 1, sizeof *out->unknown);
    if (out->unknown == NULL)
        return fault_set(why, FAULT_MEMORY);
    for (size_t i = 0; i < gathering->n; i++) {
        char *text = gathering->texts[i];

        gathering->texts[i] = NULL;
        if (text != NULL)
            gathering->texts[known++] = text;
        else if ((out->unknown[out->n_unknown] = strdup(gathering->ids[i])) != NULL)
            out->n_unknown++;
    }
    *out_known = known;
    return known + out->n_unknown == gathering->n || fault_set(why, FAULT_MEMORY);
}

static struct rulebook *build(const struct gathering *gathering, size_t n,
                              const struct civil *civil, struct fault *why)
{
    struct rulebook *rules = orderfile_accepted((struct orderfile_options){
        .texts = (const char *const *)gathering->texts, .n_texts = n, .civil = civil });

    if (rules == NULL)
        fault_set(why, "ledger: the orders in force cannot be read by this version");
    return rules;
}

/* The digest of the list that the newest start or reload put in force. */
static bool find_list(struct ledger_reader *reader, char hex[CHAIN_HEX], struct fault *why)
{
    char *newest = ledger_rules_newest(reader, why);
    json_t *json = newest != NULL ? json_loads(newest, 0, NULL) : NULL;
    const char *texts = json_string_value(json_object_get(json, "texts"));
    bool ok = texts != NULL && strlen(texts) < CHAIN_HEX;

    if (ok)
        strcpy(hex, texts);
    else if (newest != NULL)
        fault_set(why, "ledger: the newest reload cannot be read");
    json_decref(json);
    free(newest);
    return ok;
}

/* The settings in force; what else they name may not be read by whoever runs this. */
static struct settings *read_settings(const struct last_good *last)
{
    struct settings *settings = calloc(1, sizeof *settings);
    struct sources sources = { .last = last, .by_last = true };
    struct complaints complaints = { 0 };

    if (settings != NULL) {
        settings_load_from(&sources, last_good_nth(last, LAST_GOOD_SETTINGS, 0)->name, settings,
                           &complaints);
        settings_wipe(settings);
    }
    complaints_fini(&complaints);
    return settings;
}

void rules_in_force_find(const char *ledger, struct rules_in_force *out)
{
    char path[LAST_GOOD_PATH_MAX];
    struct fault why;
    bool there;

    *out = (struct rules_in_force){ 0 };
    out->last = last_good_read(last_good_path(ledger, path), &there, &why);
    if (out->last != NULL)
        out->settings = read_settings(out->last);
    else if (there)
        print_line(stderr, "breachctl: %s: %s: the ledger's own texts are taken", path, why.text);
    if (out->last != NULL && out->settings == NULL) {
        last_good_free(out->last);
        out->last = NULL;
    }
}

/* The files as they are in force, which breachd keeps whole beside its ledger. */
static struct rulebook *read_last_good(const struct last_good *last, const struct civil *civil)
{
    struct sources sources = { .last = last, .by_last = true };

    return orderfile_accepted(
        (struct orderfile_options){ .folder = "", .sources = &sources, .civil = civil });
}

static bool read_chain(struct ledger_reader *reader, const struct rulebook *fresh,
                       const struct civil *civil, struct rules_in_force *out, struct fault *why)
{
    struct gathering gathering = { 0 };
    char hex[CHAIN_HEX], *list = NULL;
    size_t known = 0;
    bool ok;

    ok = find_list(reader, hex, why) && (list = ledger_rules_list(reader, hex, why)) != NULL &&
         read_list(list, &gathering, why) && ledger_rules_texts(reader, take_text, &gathering, why);
    if (ok)
        take_fresh(&gathering, fresh);
    if (ok && part(&gathering, out, &known, why))
        out->rules = build(&gathering, known, civil, why);
    free(list);
    gathering_fini(&gathering);
    return out->rules != NULL;
}

bool rules_in_force_read(struct ledger_reader *reader, const struct rulebook *fresh,
                         const struct civil *civil, struct rules_in_force *out, struct fault *why)
{
    if (out->last != NULL)
        out->rules = read_last_good(out->last, civil);
    return out->rules != NULL || read_chain(reader, fresh, civil, out, why);
}

void rules_in_force_fini(struct rules_in_force *in_force)
{
    for (size_t i = 0; i < in_force->n_unknown; i++)
        free(in_force->unknown[i]);
    free(in_force->unknown);
    free(in_force->settings);
    last_good_free(in_force->last);
    rulebook_destroy(in_force->rules);
    *in_force = (struct rules_in_force){ 0 };
}

bool rules_in_force_lack(const struct rules_in_force *in_force, const char *order)
{
    for (size_t i = 0; i < in_force->n_unknown; i++) {
        if (strcmp(in_force->unknown[i], order) == 0)
            return true;
    }
    return false;
}
