/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_columns.h - which column of a table is which member of a ping, by the names that
 * breachd and other programs give to them (Traccar, GPSLogger, OwnTracks, Movebank,
 * GPSBabel and converters of GPX). Pure.
 */
#ifndef ADAPTER_PING_PING_COLUMNS_H
#define ADAPTER_PING_PING_COLUMNS_H

#include "adapter/ping/ping_row.h"

struct ping_columns {
    int place[PING_FIELDS]; /* the column, from 0; -1: there is none */
    double speed_unit;      /* m/s in one of it */
    bool foreign_device;    /* the device's column has another program's name, or there is none */
};

/*
 * Capitals, blanks and marks in a name do not count ("Location-Long" is "location.long"), a unit
 * behind it in parentheses does: "speed (km/h)"; with a unit that is not known, or not of that
 * member, the column is none. Of several columns for one member the one whose name comes first in
 * the table counts. False when no place comes of them.
 */
bool ping_columns_find(const char *const *names, size_t n, struct ping_columns *out);

/* The member that a name alone stands for, in breachd's own unit; PING_FIELDS: none. */
enum ping_field ping_columns_field(const char *name);

#endif
