/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl_live/rules.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

int reload(struct testbed *testbed)
{
    testbed_hear(testbed);
    return testbed_ctl(testbed, "reload", "-c", testbed_path(testbed, "breachd.conf").text, NULL);
}

void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in: %s", part, text);
}

void await_heartbeat(struct testbed *testbed, const char *part, bool has)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    for (;;) {
        redisReply *reply = testbed_redis(testbed, "GET {breachd}:heartbeat");
        bool is = reply->str != NULL && (strstr(reply->str, part) != NULL) == has;

        freeReplyObject(reply);
        if (is)
            return;
        if (now_ms() > deadline)
            fail_msg("no heartbeat %s %s", has ? "with" : "without", part);
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

const json_t *newest(struct testbed *testbed)
{
    testbed_gather(testbed);
    return json_array_get(testbed->rules, json_array_size(testbed->rules) - 1);
}

const char *status_text(struct testbed *testbed, const char *path)
{
    static char text[400];
    json_t *status;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    snprintf(text, sizeof text, "%s", alert_text(status, path));
    json_decref(status);
    return text;
}

void break_order(struct testbed *testbed, const char *id, const char *device)
{
    testbed_order(testbed, id, device, 0, 400, "colour = red\n");
}

void await_kept(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    bool kept = false;

    while (!kept) {
        json_t *status;

        assert_true(now_ms() < deadline);
        assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
        status = testbed_json(testbed);
        kept = json_is_true(alert_at(status, "rules.text.kept"));
        json_decref(status);
    }
}

void start_again(struct testbed *testbed)
{
    await_kept(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
}

int check(struct testbed *testbed, char **out, char **err)
{
    int code = testbed_run(testbed, "-n", "-c", testbed_path(testbed, "breachd.conf").text, NULL);

    *out = testbed_read(testbed, "run.out");
    *err = testbed_read(testbed, "run.err");
    return code;
}
