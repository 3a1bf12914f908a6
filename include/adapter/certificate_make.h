/* SPDX-License-Identifier: Apache-2.0 */
/* certificate_make.h - a key and a certificate of its own signing, for a door without a CA. */
#ifndef ADAPTER_CERTIFICATE_MAKE_H
#define ADAPTER_CERTIFICATE_MAKE_H

#include "core/fault.h"
#include "core/instant.h"

/*
 * Days from the first to the last: some clients refuse a server's certificate of more than 825,
 * and breachd -n warns 30 days before the end.
 */
enum { CERTIFICATE_MADE_DAYS = 820, CERTIFICATE_NAMES_MAX = 16 };

/* "breachd.example,localhost,192.0.2.1": host names and addresses, parted by commas alone. */
bool certificate_names_valid(const char *names, struct fault *why);

/* PEM, each the caller's; certificate_made_fini wipes the key and frees both. */
struct certificate_made {
    char *certificate, *key;
    struct utc end; /* it is good until then */
};

/*
 * An EC key (P-256) and a certificate that it has signed itself, of a server that is called by
 * these names (subjectAltName); no authority: it can sign no other. Good from an hour before `now`.
 * False when a name is none, or the library has failed.
 */
bool certificate_make(const char *names, struct utc now, struct certificate_made *out,
                      struct fault *why);
void certificate_made_fini(struct certificate_made *made); /* zeroed is fine */

#endif
