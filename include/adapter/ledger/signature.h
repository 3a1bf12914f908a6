/* SPDX-License-Identifier: Apache-2.0 */
/* signature.h - Ed25519 by OpenSSL: who wrote a file, and that nobody changed it. */
#ifndef ADAPTER_LEDGER_SIGNATURE_H
#define ADAPTER_LEDGER_SIGNATURE_H

#include "core/fault.h"

#include <stddef.h>

enum { SIGNATURE_TEXT = 89, SIGNATURE_KEY_MAX = 256 };

/*
 * Signs `bytes` with the private key in the PEM file at `path`; the signature as base64, and the
 * public key as PEM. False with the reason, which tells nothing of the key.
 */
bool signature_make(const char *path, const void *bytes, size_t n, char out[SIGNATURE_TEXT],
                    char out_key[SIGNATURE_KEY_MAX], struct fault *why);

#endif
