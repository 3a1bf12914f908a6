/* SPDX-License-Identifier: Apache-2.0 */
/* known_unpack.c - what is packed in a row of the ledger, read with mercy. */
#include "adapter/json/known_pack_parts.h"

#include <math.h>
#include <openssl/evp.h>
#include <string.h>

struct packed {
    const unsigned char *at, *end;
    bool broken;
};

static uint64_t take_whole(struct packed *from)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 7 * PACK_WHOLE_MAX; shift += 7) {
        unsigned char byte = from->at < from->end ? *from->at++ : 0x80;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    from->broken = true;
    return 0;
}

static int64_t unfolded(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

static double take_real(struct packed *from)
{
    double value = 0;

    from->broken |= (size_t)(from->end - from->at) < sizeof value;
    if (from->broken)
        return 0;
    memcpy(&value, from->at, sizeof value);
    from->at += sizeof value;
    return value;
}

/* Into `at`, which may be NULL: nobody has it any more. False when it is out of its range. */
static bool take_value(struct packed *from, enum form form, const struct field *field, void *at)
{
    uint64_t whole = form == FORM_COUNT || form == FORM_WHOLE ? take_whole(from) : 0;
    double real = form == FORM_REAL ? take_real(from) : 0;

    if (at == NULL)
        return true;
    switch (form) {
    case FORM_FLAG:
        *(bool *)at = true;
        return true;
    case FORM_COUNT:
        *(uint32_t *)at = (uint32_t)whole;
        return whole <= UINT32_MAX && (field->limit == 0 || whole < field->limit);
    case FORM_WHOLE:
        *(int64_t *)at = unfolded(whole);
        return field->kind == WIDE || known_is_instant(unfolded(whole));
    case FORM_REAL:
        *(double *)at = real;
        return !isinf(real);
    case FORMS:
        break;
    }
    return false;
}

static bool take_array(struct packed *from, enum form form, size_t n, const struct field *field,
                       char *to)
{
    const unsigned char *bits = from->at;
    bool ok = to == NULL || n <= field->n;

    if ((size_t)(from->end - from->at) < (n + 7) / 8)
        from->broken = true;
    else
        from->at += (n + 7) / 8;
    for (size_t i = 0; ok && !from->broken && i < n; i++) {
        if ((bits[i / 8] >> i % 8 & 1) != 0)
            ok = take_value(from, form, field, to == NULL ? NULL : to + i * field->stride);
    }
    return ok;
}

/* The member of that tag, from `next` on, as they come in the table's order; NULL: none has it. */
static const struct field *find(const struct pack_plan *plan, uint16_t tag, size_t *next)
{
    for (size_t i = 0; i < plan->table->n; i++) {
        size_t nth = (*next + i) % plan->table->n;

        if (plan->tags[nth] != tag || plan->shown[nth])
            continue;
        *next = nth + 1;
        return &plan->table->fields[nth];
    }
    return NULL;
}

static bool take_member(struct packed *from, const struct known_whole *wholes, size_t n_wholes,
                        size_t *next)
{
    uint16_t tag = (uint16_t)(from->at[0] | from->at[1] << 8);
    enum form form = (enum form)(from->at[2] & 7);
    size_t n = from->at[2] >> 3;
    const struct field *field = NULL;
    char *to = NULL;

    from->at += PACK_HEADER;
    for (size_t w = 0; field == NULL && w < n_wholes; w++) {
        field = find(pack_plan(wholes[w].table), tag, &next[w]);
        to = field != NULL ? (char *)wholes[w].to + field->offset : NULL;
    }
    if (form >= FORMS ||
        (field != NULL && (pack_form(field->kind) != form || (n == 0) != (field->n == 0))))
        return false;
    return n > 0 ? take_array(from, form, n, field, to) : take_value(from, form, field, to);
}

/* How many bytes, or 0: base64 of whole groups, as known_pack.c writes it. OpenSSL skips blanks. */
static size_t decode(const char *text, unsigned char bytes[PACK_MAX])
{
    size_t chars = strlen(text), read = chars / 4 * 3;

    if (chars % 4 != 0 || read > PACK_MAX || strchr(text, '=') != NULL ||
        EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)chars) != (int)read)
        return 0;
    return read;
}

bool known_unpack(const char *text, const struct known_whole *wholes, size_t n)
{
    unsigned char bytes[PACK_MAX];
    size_t read = decode(text, bytes), next[PACK_TABLES] = { 0 };
    struct packed from = { .at = bytes + 1 };
    bool ok = read > 0 && bytes[0] == PACK_VERSION;

    from.end = bytes + read;
    while (ok && from.end - from.at >= PACK_HEADER) // a member each turn
        ok = take_member(&from, wholes, n, next) && !from.broken;
    for (; ok && from.at < from.end; from.at++)
        ok = *from.at == 0;
    return ok;
}
