/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/token_line.h"

void access_write_tokens(struct testbed *testbed, const char *tag_scope)
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");

    assert_non_null(out);
    token_line(out, "tag", "tag-secret", tag_scope);
    token_line(out, "gateway", "any-secret", "*");
    token_line(out, "prometheus", "ops-secret", "operator");
    fclose(out);
}

void access_settle(struct testbed *testbed)
{
    char listen[64];

    testbed_make_ca(testbed, "ca");
    testbed_make_certificate(testbed, "ca", "server", "/CN=localhost",
                             "DNS:localhost,IP:127.0.0.1");
    access_write_tokens(testbed, "tag-1");
    testbed->http_port = testbed_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d, unix:http.sock", testbed->http_port);
    testbed_set(testbed, "breachd.conf", "http", "listen", listen);
    testbed_set(testbed, "breachd.conf", "http", "tls-certificate", "server.pem");
    testbed_set(testbed, "breachd.conf", "http", "tls-key", "server.key");
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 900, 200, "");
}

void access_expect(struct testbed *testbed, const struct access_row *rows, size_t n)
{
    for (const struct access_row *row = rows; row < rows + n; row++) {
        int code = testbed_curl(testbed, row->options, row->path);

        if (code != row->code || strstr(testbed->body, row->body) == NULL)
            fail_msg("%s %s: %d, not %d: %s", row->options, row->path, code, row->code,
                     testbed->body);
    }
}
