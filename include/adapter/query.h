/* SPDX-License-Identifier: Apache-2.0 */
/* query.h - one value out of the query of an address. Pure; libevent's evhttp decodes. */
#ifndef ADAPTER_QUERY_H
#define ADAPTER_QUERY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The value of `key` in a query as it was sent ("u=jane&d=tag-A"), decoded: "a%2Fb+c" is "a/b c".
 * False, with nothing in *out but "", when it is not there, empty, there twice, has a NUL in it, or
 * has `room` bytes or more.
 */
bool query_value(const char *query, const char *key, char *out, size_t room);

#endif
