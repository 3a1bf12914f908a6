/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_gpx.h - the track and way points of a GPX file as pings of one device, the body's first
 * name: lat, lon, time, hdop, and speed and course where they are told. Pure; expat reads, and no
 * entity of the file's own is followed.
 */
#ifndef ADAPTER_PING_PING_GPX_H
#define ADAPTER_PING_PING_GPX_H

#include "adapter/ping/ping_reader.h"

enum { PING_GPX_TEXT_MAX = 64 };

ping_reader ping_gpx_read;

#endif
