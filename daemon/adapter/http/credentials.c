/* SPDX-License-Identifier: Apache-2.0 */
/* credentials.c - the Authorization header as a user and a token. */
#include "adapter/http/basic_auth.h"
#include "adapter/http/tokens.h"

#include <string.h>
#include <strings.h>

static bool take_secret(const char *text, struct credentials *out)
{
    size_t n = strlen(text);

    if (n == 0 || n > TOKEN_SECRET_MAX)
        return false;
    strcpy(out->secret, text);
    return true;
}

static bool read_basic(const char *header, struct credentials *out)
{
    char both[BASIC_AUTH_MAX];
    const char *secret;
    bool ok =
        basic_auth_split(header, both, &secret) && name_valid(both) && take_secret(secret, out);

    if (ok)
        strcpy(out->user, both); // name_valid has measured it
    explicit_bzero(both, sizeof both);
    return ok;
}

bool credentials_read(const char *header, struct credentials *out)
{
    static const char scheme[] = "Bearer ";

    *out = (struct credentials){ 0 };
    if (strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return read_basic(header, out);
    header += sizeof scheme - 1;
    return take_secret(header + strspn(header, " "), out);
}
