/* SPDX-License-Identifier: Apache-2.0 */
/* readers.h - what every reader of pings promises of any body. */
#ifndef FUZZ_READERS_H
#define FUZZ_READERS_H

#include "adapter/ping/ping_reader.h"

#include <stdint.h>

/*
 * Reads the bytes, with and without names and known devices. Every ping is a checked one, every
 * reason is text, indexes rise one by one, and nothing is handed over of what cannot be read.
 */
void readers_try(ping_reader *reader, const uint8_t *bytes, size_t n);

#endif
