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

/*
 * Whether no name of somebody else's leads there: an address is none, and localhost is this
 * machine's own. "[::1]:1", "127.0.0.1", "localhost:8760".
 */
static bool is_here(const char *host)
{
    size_t n = strcspn(host, ":");

    if (host[0] == '[')
        return true; // what HTTP lets stand so is an address
    return (n == 9 && strncasecmp(host, "localhost", 9) == 0) ||
           (n > 0 && strspn(host, "0123456789.") == n);
}

bool own_page_is(const struct own_page_said *said, const char *origin, bool secure,
                 struct fault *why)
{
    if (said->origin == NULL && said->fetch_site == NULL)
        return fault_set(why, "neither Origin nor Sec-Fetch-Site: says not where it comes from");
    if (said->fetch_site != NULL && strcmp(said->fetch_site, "same-origin") != 0)
        return fault_set(why, "Sec-Fetch-Site: is not same-origin");
    if (origin[0] == '\0' && !secure && (said->host == NULL || !is_here(said->host)))
        return fault_set(why, "Host: is neither an address nor localhost: set origin in web.conf");
    if (said->origin == NULL)
        return true;
    if (origin[0] != '\0' ? strcasecmp(said->origin, origin) == 0
                          : is_ours(said->origin, said->host, secure))
        return true;
    return fault_set(why, "Origin: is not this page's");
}
