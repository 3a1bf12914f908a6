/* SPDX-License-Identifier: Apache-2.0 */
/* What systemd hears while a ledger of years is opened: else it ends that start, for ever anew. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store_fixture.h"
#include "support/test.h"
#include "version_2.h"

/* So many devices as are read through in more than one step of progress. */
static const char devices[] =
    "WITH RECURSIVE some(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 20000)"
    " INSERT INTO device SELECT 'other-' || n, '{}' FROM some";

/* systemd's socket, at an abstract address. */
static int listen_to_it(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char name[64];
    int n = snprintf(name, sizeof name, "@breachd-start-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(at.sun_path + 1, name + 1, (size_t)n - 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static void a_ledger_that_is_brought_up_to_date_says_that_the_start_goes_on(void **state)
{
    const char *path = testbed_path(*state, "ledger.db").text;
    int fd = listen_to_it();
    char said[64] = "";

    version_2_make(path);
    sql_run(path, devices);
    store_close(store_fixture_open(*state));
    assert_true(recv(fd, said, sizeof said - 1, 0) > 0);
    assert_string_equal(said, "EXTEND_TIMEOUT_USEC=120000000");
    close(fd);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_ledger_that_is_brought_up_to_date_says_that_the_start_goes_on),
    };

    return cmocka_run_group_tests_name("store_start", tests, NULL, NULL);
}
