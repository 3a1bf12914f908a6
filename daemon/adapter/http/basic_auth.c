/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/basic_auth.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

/* Whole groups of four, `=` at the end alone, no NUL within. */
static bool decode(const char *text, char out[BASIC_AUTH_MAX])
{
    size_t n = strlen(text), padding, length;
    int decoded;

    if (n == 0 || n % 4 != 0 || n > BASIC_AUTH_ENCODED_MAX)
        return false;
    padding = (text[n - 1] == '=') + (size_t)(text[n - 2] == '=');
    decoded = strcspn(text, "=") == n - padding
                  ? EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)text, (int)n)
                  : -1;
    if (decoded < 0)
        return false;
    length = (size_t)decoded - padding;
    out[length] = '\0';
    return strlen(out) == length;
}

static const char scheme[] = "Basic ";

bool basic_auth_is(const char *header)
{
    return strncasecmp(header, scheme, sizeof scheme - 1) == 0;
}

bool basic_auth_split(const char *header, char both[BASIC_AUTH_MAX], const char **out_password)
{
    char *colon;

    both[0] = '\0';
    if (header == NULL || !basic_auth_is(header))
        return false;
    header += sizeof scheme - 1;
    if (!decode(header + strspn(header, " "), both) || (colon = strchr(both, ':')) == NULL)
        return false;
    *colon = '\0';
    *out_password = colon + 1;
    return true;
}

bool basic_auth_user(const char *header, char out_user[NAME_MAX_CHARS + 1])
{
    char both[BASIC_AUTH_MAX];
    const char *password;
    bool ok = basic_auth_split(header, both, &password) && name_valid(both);

    if (ok)
        strcpy(out_user, both);        // name_valid has measured it
    explicit_bzero(both, sizeof both); // the password
    return ok;
}
