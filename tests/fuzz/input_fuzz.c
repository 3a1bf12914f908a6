/* SPDX-License-Identifier: Apache-2.0 */
/* Any body of a ledger's entry: refused with a reason, or read as what its form promises. */
#include "adapter/json/input.h"
#include "adapter/json/known_pack.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/known.h"

static void check_question(const char *kind, const char *body)
{
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why = { .text = "" };

    promise(kept != NULL);
    if (!input_read(kind, body, kept, &why)) {
        promise(why.text[0] != '\0');
    } else {
        promise(name_valid(kept->respondent));
        promise(kept->question.cause != CAUSE_PING || name_valid(kept->question.ping.device));
        promise(kept->question.cause != CAUSE_PING || lonlat_valid(kept->question.ping.at));
        promise(kept->n_orders <= INPUT_ORDERS_MAX);
        promise(kept->n_devices <= RESPONDENT_DEVICES_MAX && kept->n_zones <= QUESTION_ZONES_MAX);
        for (size_t i = 0; i < kept->n_devices; i++)
            promise(name_valid(kept->devices[i]) &&
                    kept->memory.devices[i].recent_next < DEVICE_RECENT);
        for (size_t i = 0; i < kept->n_zones; i++)
            promise(kept->memory.incidents[i].phase <= PHASE_BREACH);
    }
    free(kept);
}

/* What was read is written, and read again it is written the same; what is recalled can be kept. */
static void check_known(const char *body)
{
    char once[KNOWN_TEXT_MAX], twice[KNOWN_TEXT_MAX];
    struct estimate believed;
    struct known_device device = { .estimate = &believed };
    struct incident incident;

    if (known_device_read(body, &device)) {
        promise(known_device_read(known_device_print(&device, &believed, once), &device));
        promise(strcmp(once, known_device_print(&device, &believed, twice)) == 0);
    }
    if (known_incident_read(body, &incident))
        promise(known_incident_read(known_incident_print(&incident, once), &incident));
    promise(known_device_recall(body, &device, &believed) != RECALL_LACKING);
    promise(known_device_recall(known_device_print(&device, &believed, once), &device, &believed) ==
            RECALL_WHOLE);
    promise(known_device_recall(known_device_row(&device, &believed, once), &device, &believed) ==
            RECALL_WHOLE);
    promise(strcmp(once, known_device_row(&device, &believed, twice)) == 0);
    promise(known_incident_recall(body, &incident) != RECALL_LACKING);
    promise(known_incident_recall(known_incident_print(&incident, once), &incident) ==
            RECALL_WHOLE);
    promise(known_incident_recall(known_incident_row(&incident, once), &incident) == RECALL_WHOLE);
}

/* Settings that were read are written, and read again they are written the same. */
static void check_settings(const char *body)
{
    static struct settings settings;
    char *once, *twice;
    struct fault why;
    unsigned engine;

    if (!input_read_settings(body, &settings, &engine, &why))
        return;
    once = input_print_settings(&settings);
    promise(once != NULL && input_read_settings(once, &settings, &engine, &why));
    twice = input_print_settings(&settings);
    promise(twice != NULL && strcmp(once, twice) == 0);
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *body = as_text(bytes, n), digest[DIGEST_CHARS + 1];
    struct kept_withdrawal gone;
    struct fault why;

    check_question("ping", body);
    check_question("time", body);
    check_question("rules", body);
    check_known(body);
    if (input_read_withdrawn(body, &gone, &why))
        promise(gone.incident.phase <= PHASE_BREACH);
    check_settings(body);
    free(input_read_order(body, digest));
    promise(strlen(digest) <= DIGEST_CHARS);
    free(body);
    return 0;
}
