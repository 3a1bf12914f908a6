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
    struct house *house = *state;

    access_settle(house);
    house_start(house, NULL);
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 403);
    assert_true(house_log_has(house, "http: a ping of tag-2 is refused: its sender's token is not "
                                     "for that device"));
    access_write_tokens(house, "tag-2");
    house_reload(house);
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    house_print(house, "tokens", "tag 123 tag-1\n");
    house_reload(house);
    assert_true(house_log_has(house, "tokens:1: tag: not the 64 hexadecimal digits"));
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    house_close(house);
}

/* openssl s_client on a connection of its own, that asks whenever it is told to. */
struct talker {
    struct child child;
    struct path in, out;
    FILE *line;
};

static void talker_start(struct house *house, struct talker *talker)
{
    struct path ca = house_path(house, "ca.pem");
    char at[32];
    const char *argv[] = { "openssl", "s_client", "-quiet",   "-verify_return_error",
                           "-CAfile", ca.text,    "-connect", at,
                           NULL };

    snprintf(at, sizeof(at), "127.0.0.1:%d", house->http_port);
    talker->in = house_path(house, "talk.in");
    talker->out = house_path(house, "talk.out");
    assert_int_equal(mkfifo(talker->in.text, 0600), 0);
    talker->child = child_start(
        &(struct command){ .argv = argv, .in = talker->in.text, .out = talker->out.text });
    talker->line = fopen(talker->in.text, "we");
    assert_non_null(talker->line);
}

/* Asks for /healthz, and waits until `n` answers in all have come. */
static void talker_asks(struct house *house, struct talker *talker, int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int heard = 0;

    fputs("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", talker->line);
    fflush(talker->line);
    while (heard < n) {
        char *text = house_read(house, "talk.out");

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
    struct house *house = *state;
    struct talker talker;

    access_settle(house);
    house_start(house, NULL);
    talker_start(house, &talker);
    talker_asks(house, &talker, 1);
    house_make_ca(house, "other");
    house_make_certificate(house, "other", "server", "/CN=localhost", "DNS:localhost");
    house_reload(house);
    assert_int_equal(house_curl(house, CA, "/healthz"), 0);
    assert_int_equal(house_curl(house, "--cacert other.pem", "/healthz"), 200);
    talker_asks(house, &talker, 2);
    house_print(house, "server.pem", "broken\n");
    house_reload(house);
    assert_true(house_log_has(house, "breachd.conf:"));
    assert_true(house_log_has(house, "server.pem: holds no certificate in PEM"));
    assert_int_equal(house_curl(house, "--cacert other.pem", "/healthz"), 200);
    talker_asks(house, &talker, 3);
    fclose(talker.line);
    child_kill(&talker.child);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(tokens_change_by_a_reload_whole_or_not_at_all),
        house_test(certificates_change_by_a_reload_and_no_connection_is_dropped),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("access_reload", tests, NULL, NULL);
}
