/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt_receipts.h - messages handed over and not yet acknowledged, in the order of their arrival,
 * which is the one that MQTT wants of us (4.6.0-2).
 */
#ifndef ADAPTER_MQTT_MQTT_RECEIPTS_H
#define ADAPTER_MQTT_MQTT_RECEIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct mqtt;

struct mqtt_receipt {
    struct mqtt *mqtt; /* NULL: the connection that it came by is gone */
    uint16_t id;       /* 0: QoS 0, nothing to acknowledge */
    bool kept;
    TAILQ_ENTRY(mqtt_receipt) next;
};

struct mqtt_receipts {
    TAILQ_HEAD(mqtt_receipt_list, mqtt_receipt) list;
    size_t n;
};

void mqtt_receipts_init(struct mqtt_receipts *receipts);

/* A new last one; NULL when memory is out. */
struct mqtt_receipt *mqtt_receipts_add(struct mqtt_receipts *receipts, struct mqtt *mqtt,
                                       uint16_t id);
void mqtt_receipts_remove(struct mqtt_receipts *receipts, struct mqtt_receipt *receipt); /* frees */

/* Takes the oldest away if it is kept. */
bool mqtt_receipts_next(struct mqtt_receipts *receipts, uint16_t *out_id);

/* Forgets all of them; who settles one later finds that nobody waits for it. */
void mqtt_receipts_orphan(struct mqtt_receipts *receipts);

#endif
