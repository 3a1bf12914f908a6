/* SPDX-License-Identifier: Apache-2.0 */
/* credentials.c - the Authorization header. */
#include "adapter/tokens.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

enum { BASIC_BYTES_MAX = NAME_MAX_CHARS + 1 + TOKEN_SECRET_MAX };

/* What stands behind `scheme` and blanks, or NULL. */
static const char *behind(const char *header, const char *scheme)
{
    size_t n = strlen(scheme);

    if (strncasecmp(header, scheme, n) != 0 || header[n] != ' ')
        return NULL;
    return header + n + strspn(header + n, " ");
}

static bool take_secret(const char *text, struct credentials *out)
{
    size_t n = strlen(text);

    if (n == 0 || n > TOKEN_SECRET_MAX)
        return false;
    strcpy(out->secret, text);
    return true;
}

/* Whole groups of four; false when a NUL is in it. */
static bool decode(const char *text, char out[BASIC_BYTES_MAX + 4])
{
    size_t n = strlen(text), padding = 0;
    int decoded;

    if (n == 0 || n % 4 != 0 || n / 4 * 3 > BASIC_BYTES_MAX + 2)
        return false;
    padding = (text[n - 1] == '=') + (size_t)(text[n - 2] == '=');
    if (strcspn(text, "=") != n - padding)
        return false;
    decoded = EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)text, (int)n);
    if (decoded < 0)
        return false;
    out[(size_t)decoded - padding] = '\0';
    return strlen(out) == (size_t)decoded - padding;
}

static bool read_basic(const char *text, struct credentials *out)
{
    char both[BASIC_BYTES_MAX + 4], *colon;
    bool ok = decode(text, both) && (colon = strchr(both, ':')) != NULL;

    if (ok) {
        *colon = '\0';
        ok = name_valid(both) && take_secret(colon + 1, out);
    }
    if (ok)
        strcpy(out->user, both);
    explicit_bzero(both, sizeof both);
    return ok;
}

bool credentials_read(const char *header, struct credentials *out)
{
    const char *bearer = behind(header, "Bearer"), *basic = behind(header, "Basic");

    *out = (struct credentials){ 0 };
    if (bearer != NULL)
        return take_secret(bearer, out);
    return basic != NULL && read_basic(basic, out);
}
