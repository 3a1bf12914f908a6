/* SPDX-License-Identifier: Apache-2.0 */
/*
 * osmand_query.h - the query that OsmAnd, Traccar Client and many trackers send to Traccar's OsmAnd
 * port, to one checked ping. Pure; libevent's evhttp decodes.
 */
#ifndef ADAPTER_OSMAND_QUERY_H
#define ADAPTER_OSMAND_QUERY_H

#include "adapter/ping_reader.h"

enum { OSMAND_QUERY_MAX = 8 * 1024 };

/*
 * id (or deviceid), timestamp, lat and lon (or location=LAT,LON); speed in knots, bearing (or
 * heading), accuracy, hdop, batt, valid, mock. Others are ignored, empty ones count as absent, one
 * of these twice is refused.
 */
ping_reader osmand_query_read;

#endif
