/* SPDX-License-Identifier: Apache-2.0 */
/* known_pack_parts.h - what is packed of a table, and how; for known_pack.c, _unpack.c, _tags.c. */
#ifndef ADAPTER_JSON_KNOWN_PACK_PARTS_H
#define ADAPTER_JSON_KNOWN_PACK_PARTS_H

#include "adapter/json/known_parts.h"

enum {
    PACK_VERSION = 1,
    PACK_MAX = 3 * 4096, /* more than every member of a device needs, each its longest */
    PACK_HEADER = 3,     /* TAG and FORM */
    PACK_WHOLE_MAX = 10, /* bytes of a whole number: 7 bits each */
    PACK_FIELDS = 256,
    PACK_TABLES = 3
};

/* What follows a tag; FORMS: nothing, a text is not packed. */
enum form { FORM_FLAG, FORM_COUNT, FORM_WHOLE, FORM_REAL, FORMS };
enum form pack_form(enum kind kind);

/* Of a table's members, in its order. */
struct pack_plan {
    const struct known_table *table;
    bool shown[PACK_FIELDS]; /* a member of JSON of its own, and not packed */
    uint16_t tags[PACK_FIELDS];
};

/* Of devices, estimates or incidents; made once. From any thread. */
const struct pack_plan *pack_plan(const struct known_table *table);
uint16_t pack_tag(const char *name); /* of a member; 0: of none */

#endif
