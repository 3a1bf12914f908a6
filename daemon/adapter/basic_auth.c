/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/basic_auth.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

enum { ENCODED_MAX = 1024 };

bool basic_auth_user(const char *header, char out_user[NAME_MAX_CHARS + 1])
{
    static const char scheme[] = "Basic ";
    unsigned char decoded[ENCODED_MAX / 4 * 3 + 1];
    char *user = (char *)decoded;
    size_t length;
    int n;
    bool ok;

    if (header == NULL || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return false;
    header += sizeof scheme - 1;
    header += strspn(header, " ");
    length = strlen(header);
    if (length > ENCODED_MAX)
        return false;
    n = EVP_DecodeBlock(decoded, (const unsigned char *)header, (int)length);
    decoded[n > 0 ? n : 0] = '\0';
    length = strcspn(user, ":");
    ok = user[length] == ':';
    user[length] = '\0';
    ok = ok && name_valid(user);
    if (ok)
        strcpy(out_user, user);              // name_valid has measured it
    explicit_bzero(decoded, sizeof decoded); // the password
    return ok;
}
