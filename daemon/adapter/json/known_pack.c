/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/known_pack.h"

#include "adapter/json/known_pack_parts.h"

#include <math.h>
#include <openssl/evp.h>
#include <string.h>

struct pack {
    unsigned char bytes[PACK_MAX];
    size_t n;
};

static void put_whole(struct pack *pack, uint64_t value)
{
    for (; value > 0x7f; value >>= 7) // PACK_WHOLE_MAX
        pack->bytes[pack->n++] = (unsigned char)(value | 0x80);
    pack->bytes[pack->n++] = (unsigned char)value;
}

/* Small ones of either sign are short. */
static uint64_t folded(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

/* What is no finite number is none, as in JSON. */
static void put_real(struct pack *pack, double value)
{
    if (!isfinite(value))
        value = NAN;
    memcpy(pack->bytes + pack->n, &value, sizeof value);
    pack->n += sizeof value;
}

static void put_value(struct pack *pack, enum kind kind, const void *at)
{
    switch (pack_form(kind)) {
    case FORM_COUNT:
        put_whole(pack, *(const uint32_t *)at);
        break;
    case FORM_WHOLE:
        put_whole(pack, folded(*(const int64_t *)at));
        break;
    case FORM_REAL:
        put_real(pack, *(const double *)at);
        break;
    case FORM_FLAG:
    case FORMS:
        break;
    }
}

static void put_array(struct pack *pack, const struct field *field, const char *at)
{
    size_t bits = pack->n;

    memset(pack->bytes + bits, 0, (field->n + 7) / 8);
    pack->n += (field->n + 7) / 8;
    for (size_t i = 0; i < field->n; i++, at += field->stride) {
        if (known_value_is_zero(field->kind, at))
            continue;
        pack->bytes[bits + i / 8] |= (unsigned char)(1U << i % 8);
        put_value(pack, field->kind, at);
    }
}

static void put_members(struct pack *pack, const struct pack_plan *plan, const void *from)
{
    for (size_t i = 0; i < plan->table->n; i++) {
        const struct field *field = &plan->table->fields[i];
        const char *at = (const char *)from + field->offset;

        if (plan->shown[i] || known_is_zero(field, at))
            continue;
        if (pack->n + PACK_HEADER + (field->n + 1) * (PACK_WHOLE_MAX + 1) > sizeof pack->bytes)
            return; // never: known_pack_test fills all of them
        pack->bytes[pack->n++] = (unsigned char)plan->tags[i];
        pack->bytes[pack->n++] = (unsigned char)(plan->tags[i] >> 8);
        pack->bytes[pack->n++] = (unsigned char)((unsigned)pack_form(field->kind) | field->n << 3);
        if (field->n > 0)
            put_array(pack, field, at);
        else
            put_value(pack, field->kind, at);
    }
}

static void put_packed(struct page *page, struct pack *pack)
{
    char text[PACK_MAX / 3 * 4 + 1];

    if (pack->n == 1)
        return;              // the version alone
    while (pack->n % 3 != 0) // so that no padding is needed
        pack->bytes[pack->n++] = 0;
    EVP_EncodeBlock((unsigned char *)text, pack->bytes, (int)pack->n);
    page_name(page, "packed");
    page_put(page, "\"");
    page_put(page, text);
    page_put(page, "\"");
}

const char *known_device_row(const struct known_device *device, const struct estimate *estimate,
                             char text[KNOWN_TEXT_MAX])
{
    const struct pack_plan *of_device = pack_plan(&known_devices),
                           *of_estimate = pack_plan(&known_estimates);
    struct page page = page_in(text, KNOWN_TEXT_MAX);
    struct pack pack;

    pack.bytes[0] = PACK_VERSION;
    pack.n = 1;
    page_put(&page, "{");
    known_put_members(&page, &known_devices, device, of_device->shown);
    put_members(&pack, of_device, device);
    put_members(&pack, of_estimate, estimate);
    put_packed(&page, &pack);
    page_put(&page, "}");
    return text;
}

const char *known_incident_row(const struct incident *incident, char text[KNOWN_TEXT_MAX])
{
    const struct pack_plan *plan = pack_plan(&known_incidents);
    struct page page = page_in(text, KNOWN_TEXT_MAX);
    struct pack pack;

    pack.bytes[0] = PACK_VERSION;
    pack.n = 1;
    page_put(&page, "{");
    known_put_members(&page, &known_incidents, incident, plan->shown);
    put_members(&pack, plan, incident);
    put_packed(&page, &pack);
    page_put(&page, "}");
    return text;
}
