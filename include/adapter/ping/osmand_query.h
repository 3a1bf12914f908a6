/* SPDX-License-Identifier: Apache-2.0 */
/*
 * osmand_query.h - the query that OsmAnd, Traccar Client and many trackers send to Traccar's OsmAnd
 * port, to one checked ping. Pure.
 */
#ifndef ADAPTER_PING_OSMAND_QUERY_H
#define ADAPTER_PING_OSMAND_QUERY_H

#include "adapter/ping/ping_reader.h"

enum { OSMAND_QUERY_MAX = 8 * 1024 };

/*
 * id (or deviceid), timestamp, lat and lon (or latitude, longitude; or location=LAT,LON); speed in
 * knots, bearing (or heading), accuracy, hdop, batt (or batproc), valid, mock, alarm. Others are
 * ignored, and empty ones count as absent. Two ids or places that differ are refused; of all else
 * the first counts, what is no number is unknown, and without a time it is of its arrival. Of the
 * app OsmAnd, known by its User-Agent or by hdop, altitude and speed one behind the other without
 * accuracy, speed is in metres a second and hdop over 3 metres.
 */
ping_reader osmand_query_read;

#endif
