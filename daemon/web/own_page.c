/* SPDX-License-Identifier: Apache-2.0 */
#include "web/own_page.h"

#include <string.h>
#include <strings.h>

/* Letters of a scheme and a host count the same, large or small (RFC 6454, 4). */
static bool is_ours(const char *said, const char *host, bool secure)
{
    const char *scheme = secure ? "https://" : "http://";
    size_t n = strlen(scheme);

    return host != NULL && strncasecmp(said, scheme, n) == 0 && strcasecmp(said + n, host) == 0;
}

bool own_page_is(const struct own_page_said *said, const char *origin, bool secure,
                 struct fault *why)
{
    if (said->origin == NULL && said->fetch_site == NULL)
        return fault_set(why, "neither Origin nor Sec-Fetch-Site: says not where it comes from");
    if (said->fetch_site != NULL && strcmp(said->fetch_site, "same-origin") != 0)
        return fault_set(why, "Sec-Fetch-Site: is not same-origin");
    if (said->origin == NULL)
        return true;
    if (origin[0] != '\0' ? strcasecmp(said->origin, origin) == 0
                          : is_ours(said->origin, said->host, secure))
        return true;
    return fault_set(why, "Origin: is not this page's");
}
