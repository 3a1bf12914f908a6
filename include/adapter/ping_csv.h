/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_csv.h - pings of a CSV file (RFC 4180): a line of names (ping_row_field), then a ping a
 * line. Where no column is the device, the body's first name is. Pure.
 */
#ifndef ADAPTER_PING_CSV_H
#define ADAPTER_PING_CSV_H

#include "adapter/ping_reader.h"

enum { PING_CSV_LINE_MAX = 4096, PING_CSV_COLUMNS_MAX = 64 };

ping_reader ping_csv_read;

#endif
