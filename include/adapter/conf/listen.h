/* SPDX-License-Identifier: Apache-2.0 */
/* listen.h - a setting that is a list of places to listen at. */
#ifndef ADAPTER_CONF_LISTEN_H
#define ADAPTER_CONF_LISTEN_H

#include "adapter/complaints.h"
#include "adapter/endpoint.h"

enum { LISTEN_MAX = 8 };

/* The setting: where it stands, and what paths of unix sockets count from. */
struct listen_setting {
    const char *file, *key, *folder;
    int line;
};

/*
 * Reads the places of `text`, between blanks or commas, into out[0 .. *out_n], LISTEN_MAX at most.
 * Each that is wrong, too many and none at all is complained of; false when anything was.
 */
bool listen_parse(const struct listen_setting *setting, const char *text,
                  struct endpoint out[LISTEN_MAX], size_t *out_n, struct complaints *complaints);

#endif
