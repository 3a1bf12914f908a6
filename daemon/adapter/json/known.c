/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/known_parts.h"

#include <math.h>
#include <string.h>

/*
 * Some 3,000 years to either side of 1970: what is farther, and neither end, was never kept by us.
 */
static const json_int_t instant_limit = 100000000000000;

/* ---- what is left out ---- */

bool known_is_zero(const struct field *field, const char *at)
{
    for (size_t i = 0; i < field->n; i++) {
        if (!known_value_is_zero(field->kind, at + i * field->stride))
            return false;
    }
    return field->n > 0 || known_value_is_zero(field->kind, at);
}

/* ---- JSON to values ---- */

bool known_is_instant(int64_t ms)
{
    return ms == UTC_ALWAYS.ms || ms == UTC_NEVER.ms || (ms > -instant_limit && ms < instant_limit);
}

static bool fits(const struct field *field, const json_t *value)
{
    json_int_t whole = json_integer_value(value);

    switch (field->kind) {
    case FLAG: // 0 and 1 come from a ledger of schema 1
        return json_is_boolean(value) || (json_is_integer(value) && (whole == 0 || whole == 1));
    case COUNT:
    case CHOICE:
        return json_is_integer(value) && whole >= 0 && whole <= UINT32_MAX &&
               (field->limit == 0 || whole < field->limit);
    case WHOLE:
        return json_is_integer(value) && known_is_instant(whole);
    case WIDE:
        return json_is_integer(value);
    case REAL:
        return json_is_number(value) || json_is_null(value);
    case TEXT:
        return json_is_string(value) && json_string_length(value) < field->limit;
    }
    return false;
}

static bool take_value(const struct field *field, const json_t *value, void *at)
{
    if (!fits(field, value))
        return false;
    switch (field->kind) {
    case FLAG:
        *(bool *)at = json_is_true(value) || json_integer_value(value) != 0;
        break;
    case COUNT:
    case CHOICE:
        *(uint32_t *)at = (uint32_t)json_integer_value(value);
        break;
    case WHOLE:
    case WIDE:
        *(int64_t *)at = json_integer_value(value);
        break;
    case REAL:
        *(double *)at = json_is_null(value) ? NAN : json_number_value(value);
        break;
    case TEXT:
        strcpy(at, json_string_value(value)); // measured above
        break;
    }
    return true;
}

static bool take_array(const struct field *field, const json_t *array, char *at)
{
    bool ok = json_is_array(array) && json_array_size(array) <= field->n;

    for (size_t i = 0; ok && i < json_array_size(array); i++)
        ok = take_value(field, json_array_get(array, i), at + i * field->stride);
    return ok;
}

bool known_fill_over(const struct known_table *table, const json_t *object, void *to)
{
    bool ok = json_is_object(object);

    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        const json_t *value = json_object_get(object, field->name);
        char *at = (char *)to + field->offset;

        if (value != NULL)
            ok = (field->n > 0 ? take_array(field, value, at) : take_value(field, value, at)) && ok;
    }
    return ok;
}

bool known_fill(const struct known_table *table, const json_t *object, void *to, size_t size)
{
    memset(to, 0, size);
    return known_fill_over(table, object, to);
}

/* All of it, or nothing. */
static bool from_json(const struct known_table *table, const json_t *object, void *to, size_t size)
{
    bool ok = known_fill(table, object, to, size);

    if (!ok)
        memset(to, 0, size);
    return ok;
}

bool known_device_of(const json_t *json, struct known_device *out, struct estimate *out_estimate)
{
    bool ok = known_fill(&known_estimates, json, out_estimate, sizeof *out_estimate);

    ok = known_fill(&known_devices, json, out, sizeof *out) && ok;
    if (!ok) {
        *out = (struct known_device){ .heard = false };
        *out_estimate = (struct estimate){ .origin = { 0 } };
    }
    return ok;
}

bool known_incident_of(const json_t *json, struct incident *out)
{
    return from_json(&known_incidents, json, out, sizeof *out);
}

bool known_ping_of(const json_t *json, struct ping *out)
{
    const char *device = json_string_value(json_object_get(json, "device"));
    bool ok = from_json(&known_pings, json, out, sizeof *out) && device != NULL &&
              name_valid(device) &&
              (lonlat_valid(out->at) || (out->no_fix && !ping_has_place(out))) &&
              (isnan(out->accuracy) || out->accuracy > 0);

    if (ok)
        strcpy(out->device, device); // name_valid has measured it
    else
        memset(out, 0, sizeof *out);
    return ok;
}
