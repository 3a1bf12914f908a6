/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/mqtt/mqtt_receipts.h"

#include <stdlib.h>

void mqtt_receipts_init(struct mqtt_receipts *receipts)
{
    TAILQ_INIT(&receipts->list);
    receipts->n = 0;
}

struct mqtt_receipt *mqtt_receipts_add(struct mqtt_receipts *receipts, struct mqtt *mqtt,
                                       uint16_t id)
{
    struct mqtt_receipt *receipt = calloc(1, sizeof *receipt);

    if (receipt == NULL)
        return NULL;
    receipt->mqtt = mqtt;
    receipt->id = id;
    TAILQ_INSERT_TAIL(&receipts->list, receipt, next);
    receipts->n++;
    return receipt;
}

void mqtt_receipts_remove(struct mqtt_receipts *receipts, struct mqtt_receipt *receipt)
{
    TAILQ_REMOVE(&receipts->list, receipt, next);
    receipts->n--;
    free(receipt);
}

bool mqtt_receipts_next(struct mqtt_receipts *receipts, uint16_t *out_id)
{
    struct mqtt_receipt *oldest = TAILQ_FIRST(&receipts->list);

    if (oldest == NULL || !oldest->kept)
        return false;
    *out_id = oldest->id;
    mqtt_receipts_remove(receipts, oldest);
    return true;
}

void mqtt_receipts_orphan(struct mqtt_receipts *receipts)
{
    struct mqtt_receipt *receipt;

    // At most MQTT_WAITING_MAX.
    while ((receipt = TAILQ_FIRST(&receipts->list)) != NULL) {
        TAILQ_REMOVE(&receipts->list, receipt, next);
        if (receipt->kept)
            free(receipt); // settled already, behind one that is not
        else
            receipt->mqtt = NULL;
    }
    receipts->n = 0;
}
