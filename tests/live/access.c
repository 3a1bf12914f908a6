/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/token_line.h"

void access_write_tokens(struct house *house, const char *tag_scope)
{
    FILE *out = fopen(house_path(house, "tokens").text, "we");

    assert_non_null(out);
    token_line(out, "tag", "tag-secret", tag_scope);
    token_line(out, "gateway", "any-secret", "*");
    token_line(out, "prometheus", "ops-secret", "operator");
    fclose(out);
}

void access_settle(struct house *house)
{
    char listen[64];

    house_make_ca(house, "ca");
    house_make_certificate(house, "ca", "server", "/CN=localhost", "DNS:localhost,IP:127.0.0.1");
    access_write_tokens(house, "tag-1");
    house->http_port = house_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d, unix:http.sock", house->http_port);
    house_set(house, "breachd.conf", "http", "listen", listen);
    house_set(house, "breachd.conf", "http", "tls-certificate", "server.pem");
    house_set(house, "breachd.conf", "http", "tls-key", "server.key");
    house_set(house, "breachd.conf", "http", "tokens", "tokens");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_order(house, "B", "tag-2", 900, 200, "");
}

void access_expect(struct house *house, const struct access_row *rows, size_t n)
{
    for (const struct access_row *row = rows; row < rows + n; row++) {
        int code = house_curl(house, row->options, row->path);

        if (code != row->code || strstr(house->body, row->body) == NULL)
            fail_msg("%s %s: %d, not %d: %s", row->options, row->path, code, row->code,
                     house->body);
    }
}
