/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.h - until when the certificates of a PEM file are good. */
#ifndef ADAPTER_CERTIFICATE_H
#define ADAPTER_CERTIFICATE_H

#include "core/fault.h"
#include "core/instant.h"

/* Of several: a chain is as good as the first that ends, a list of authorities as the last. */
enum certificate_which { CERTIFICATE_FIRST, CERTIFICATE_LAST };

/* False and why: the file cannot be read, or holds no certificate. */
bool certificate_ends(const char *path, enum certificate_which which, struct utc *out,
                      struct fault *why);

#endif
