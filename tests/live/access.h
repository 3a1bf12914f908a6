/* SPDX-License-Identifier: Apache-2.0 */
/* access.h - a testbed whose door has TLS and asks for tokens, and what is said there with curl. */
#ifndef LIVE_ACCESS_H
#define LIVE_ACCESS_H

#include "support/testbed.h"

#define TAG_1   "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define TAG_2   "{\"device\":\"tag-2\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define BEARER  "-H 'Authorization: Bearer "
#define CA      "--cacert ca.pem "
#define PINGS   "/v1/pings"
#define REFUSED "{\"error\":\"not allowed\"}"

/*
 * Tokens tag-secret for these devices, any-secret for all, ops-secret for an operator; orders over
 * tag-1 and tag-2; breachd is not started.
 */
void access_settle(struct testbed *testbed);
void access_write_tokens(struct testbed *testbed, const char *tag_scope);

/* What curl is told, to which path; the answer's code, and a part of its body. */
struct access_row {
    const char *options, *path;
    int code;
    const char *body;
};
void access_expect(struct testbed *testbed, const struct access_row *rows, size_t n);

#endif
