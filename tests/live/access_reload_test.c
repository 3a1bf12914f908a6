/* SPDX-License-Identifier: Apache-2.0 */
/* SIGHUP changes who may come in; those who are in stay there. */
#include "access.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/test.h"

static void tokens_change_by_a_reload_whole_or_not_at_all(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 403);
    assert_true(testbed_log_has(testbed,
                                "http: a ping of tag-2 is refused: its sender's token is not "
                                "for that device"));
    access_write_tokens(testbed, "tag-2");
    testbed_reload(testbed);
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    testbed_print(testbed, "tokens", "tag 123 tag-1\n");
    testbed_reload(testbed);
    assert_true(testbed_log_has(testbed, "tokens:1: tag: not the 64 hexadecimal digits"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    testbed_close(testbed);
}

/* openssl s_client on a connection of its own, that asks whenever it is told to. */
struct talker {
    struct child child;
    struct path in, out;
    FILE *line;
};

static void talker_start(struct testbed *testbed, struct talker *talker)
{
    struct path ca = testbed_path(testbed, "ca.pem");
    char at[32];
    const char *argv[] = { "openssl", "s_client", "-quiet",   "-verify_return_error",
                           "-CAfile", ca.text,    "-connect", at,
                           NULL };

    snprintf(at, sizeof(at), "127.0.0.1:%d", testbed->http_port);
    talker->in = testbed_path(testbed, "talk.in");
    talker->out = testbed_path(testbed, "talk.out");
    assert_int_equal(mkfifo(talker->in.text, 0600), 0);
    talker->child = child_start(
        &(struct command){ .argv = argv, .in = talker->in.text, .out = talker->out.text });
    talker->line = fopen(talker->in.text, "we");
    assert_non_null(talker->line);
}

/* Asks for /healthz, and waits until `n` answers in all have come. */
static void talker_asks(struct testbed *testbed, struct talker *talker, int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int heard = 0;

    fputs("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", talker->line);
    fflush(talker->line);
    while (heard < n) {
        char *text = testbed_read(testbed, "talk.out");

        heard = 0;
        for (const char *at = text; at != NULL && (at = strstr(at, "HTTP/1.1 200")) != NULL; at++)
            heard++;
        free(text);
        if (now_ms() > deadline || !child_lives(&talker->child))
            fail_msg("only %d answers of %d", heard, n);
    }
}

static void certificates_change_by_a_reload_and_no_connection_is_dropped(void **state)
{
    struct testbed *testbed = *state;
    struct talker talker;

    access_settle(testbed);
    testbed_start(testbed, NULL);
    talker_start(testbed, &talker);
    talker_asks(testbed, &talker, 1);
    testbed_make_ca(testbed, "other");
    testbed_make_certificate(testbed, "other", "server", "/CN=localhost", "DNS:localhost");
    testbed_reload(testbed);
    assert_int_equal(testbed_curl(testbed, CA, "/healthz"), 0);
    assert_int_equal(testbed_curl(testbed, "--cacert other.pem", "/healthz"), 200);
    talker_asks(testbed, &talker, 2);
    testbed_print(testbed, "server.pem", "broken\n");
    testbed_reload(testbed);
    assert_true(testbed_log_has(testbed, "breachd.conf:"));
    assert_true(testbed_log_has(testbed, "server.pem: holds no certificate in PEM"));
    assert_int_equal(testbed_curl(testbed, "--cacert other.pem", "/healthz"), 200);
    talker_asks(testbed, &talker, 3);
    fclose(talker.line);
    child_kill(&talker.child);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(tokens_change_by_a_reload_whole_or_not_at_all),
        testbed_test(certificates_change_by_a_reload_and_no_connection_is_dropped),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("access_reload", tests, NULL, NULL);
}
