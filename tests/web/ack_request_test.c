/* SPDX-License-Identifier: Apache-2.0 */
/* How long a body may shelve an incident for: a duration, or an instant that breachd judges. */
#include "web/ack_request.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

static const struct row {
    const char *until;
    bool good;
} rows[] = {
    { "30m", true },
    { "8h", true },
    { "480m", true },
    { "28800s", true },
    { "28801s", false },
    { "481m", false },
    { "9h", false },
    { "99999999999999999999h", false },
    { "", false },
    { "soon", false },
    { "2020-06-24T04:00:00Z", true },
    { "2099-12-31T23:59:59Z", true },
    { "2020-06-24T24:00:01Z", false },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct ack_request request;
    struct fault why = { "", "" };
    char body[128];
    int n = snprintf(body, sizeof body, "{\"incident\":\"A/1\",\"until\":\"%s\"}", row->until);

    assert_int_equal(ack_request_read(body, (size_t)n, "shelve", "jones", "acks", &request, &why),
                     row->good);
    if (row->good)
        ack_request_fini(&request);
    else
        assert_non_null(strstr(why.text, "until: "));
}

int main(void)
{
    return rows_hold("ack_request", rows, row_holds);
}
