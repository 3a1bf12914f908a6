/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_csv.h - pings of a CSV file: a line of names (see ping_columns.h), then a ping a line; the
 * delimiter is the one of `,` `;` tab `|` by which the names make sense. Pure.
 *
 * The device is the column `device`; or else the body's first name; or else what another program
 * calls the device. A time without an offset is UTC, and may stand in two columns, date and time;
 * a number is seconds or milliseconds since 1970, and of before GPS (1980) it is no time. Where
 * latitude or longitude have a decimal comma, all numbers of the line have. `NA` is not given.
 */
#ifndef ADAPTER_PING_PING_CSV_H
#define ADAPTER_PING_PING_CSV_H

#include "adapter/ping/ping_reader.h"

ping_reader ping_csv_read;

#endif
