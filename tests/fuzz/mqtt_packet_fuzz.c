/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever an MQTT broker might send, packet by packet. */
#include "adapter/mqtt/mqtt_packet.h"

#include <string.h>

#include "fuzz/fuzz.h"

static bool within(const char *part, size_t part_n, const uint8_t *bytes, size_t n)
{
    const uint8_t *at = (const uint8_t *)part;

    return part == NULL ? part_n == 0 : at >= bytes && at + part_n <= bytes + n;
}

static void check(enum mqtt_packet_state look, const struct mqtt_packet *packet, size_t size,
                  const uint8_t *bytes, size_t n)
{
    if (look == MQTT_MORE)
        promise(size == 0 || size > n);
    if (look != MQTT_WHOLE && look != MQTT_LARGE)
        return;
    promise(within(packet->topic, packet->topic_n, bytes, n));
    if (look == MQTT_LARGE)
        promise(size > MQTT_PACKET_MAX && packet->payload == NULL);
    else
        promise(size >= 2 && size <= n && within(packet->payload, packet->payload_n, bytes, size));
    if (packet->kind == MQTT_PUBLISH)
        promise(packet->topic_n > 0 && (packet->qos == 1) == (packet->id != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const uint8_t nothing[1];
    enum mqtt_packet_state look = MQTT_WHOLE;

    for (const uint8_t *at = n > 0 ? bytes : nothing; look == MQTT_WHOLE;) {
        struct mqtt_packet packet;
        struct fault why = { .text = "" };
        size_t size;

        look = mqtt_packet_read(at, n, &packet, &size, &why);
        promise((look == MQTT_BROKEN) == (why.text[0] != '\0'));
        promise(is_utf8(why.text));
        check(look, &packet, size, at, n);
        at += look == MQTT_WHOLE ? size : 0;
        n -= look == MQTT_WHOLE ? size : 0;
    }
    return 0;
}
