/* SPDX-License-Identifier: Apache-2.0 */
/* Which page a request that changes something may come from. */
#include "web/own_page.h"

#include "support/rows.h"
#include "support/test.h"

static const struct row {
    const char *says;
    struct own_page_said said; // Host, Origin, Sec-Fetch-Site
    const char *origin;        // of the settings
    bool secure, ours;
} rows[] = {
    { "our own, by Origin", { "127.0.0.1:1", "http://127.0.0.1:1", NULL }, "", false, true },
    { "of this machine", { "LocalHost:1", "http://localhost:1", NULL }, "", false, true },
    { "by IPv6", { "[::1]:1", "http://[::1]:1", NULL }, "", false, true },
    { "a name that leads here", { "evil:1", "http://evil:1", NULL }, "", false, false },
    { "without Origin", { "evil:1", NULL, "same-origin" }, "", false, false },
    { "one that begins so", { "localhost.evil", "http://localhost.evil", NULL }, "", false, false },
    { "and so", { "127.0.0.1.evil", "http://127.0.0.1.evil", NULL }, "", false, false },
    { "a name of the settings", { "a", "http://a", NULL }, "http://a", false, true },
    { "our own by TLS", { "a", "https://a", NULL }, "", true, true },
    { "in large letters", { "a", "HTTPS://A", NULL }, "", true, true },
    { "our own, by Sec-Fetch-Site", { "127.0.0.1", NULL, "same-origin" }, "", true, true },
    { "by both", { "a", "https://a", "same-origin" }, "", true, true },
    { "by neither", { "a", NULL, NULL }, "", true, false },
    { "plain where TLS is", { "a", "http://a", NULL }, "", true, false },
    { "TLS where plain is", { "a", "https://a", NULL }, "", false, false },
    { "another port", { "a:1", "http://a:2", NULL }, "", false, false },
    { "another host", { "a", "https://b", NULL }, "", true, false },
    { "a host that begins so", { "a", "https://a.b", NULL }, "", true, false },
    { "a host that ends so", { "a", "https://b.a", NULL }, "", true, false },
    { "none", { "a", "null", NULL }, "", true, false },
    { "an empty one", { "a", "", NULL }, "", true, false },
    { "no Host", { NULL, "https://a", NULL }, "", true, false },
    { "another subdomain", { "a", NULL, "same-site" }, "", true, false },
    { "another site", { "a", NULL, "cross-site" }, "", true, false },
    { "typed by hand", { "a", NULL, "none" }, "", true, false },
    { "the two differ", { "a", "https://a", "cross-site" }, "", true, false },
    { "that of the settings", { "inner", "https://a", NULL }, "https://a", true, true },
    { "not that of the settings", { "b", "https://b", NULL }, "https://a", true, false },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct fault why = { "", "" };

    assert_int_equal(own_page_is(&row->said, row->origin, row->secure, &why), row->ours);
    assert_int_equal(why.text[0] == '\0', row->ours);
}

int main(void)
{
    return rows_hold("own_page", rows, row_holds);
}
