/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

#define QUARTER_HOUR 900

static const char settings[] = "[site]\n"
                               "name = essex\n"
                               "region = 51.2,-0.3 52.2,1.6\n"
                               "timezone = Europe/London\n"
                               "orders = orders.d\n"
                               "[ledger]\n"
                               "path = ledger.db\n"
                               "[http]\n"
                               "listen = unix:http.sock\n"
                               "[redis]\n"
                               "url = unix:redis.sock\n"
                               "heartbeat = 1s\n"
                               "[alerts]\n"
                               "remind = 24h\n"
                               "silent-after = 30d\n" // a silence has its own stories
                               "[detect]\n"
                               "update = 60s\n"
                               "silent-least = 24h\n"
                               "late = 1h\n"; // testbed->base lies a quarter of an hour back

static int notify_open(const struct testbed *testbed)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%s", testbed_path(testbed, "notify.sock").text);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

int testbed_setup(void **state)
{
    struct testbed *testbed = calloc(1, sizeof(*testbed));

    if (testbed == NULL)
        return -1;
    strcpy(testbed->dir, P_tmpdir "/breachd-XXXXXX");
    if (mkdtemp(testbed->dir) == NULL)
        return -1;
    testbed->notify = notify_open(testbed);
    testbed->alerts = json_array();
    testbed->rules = json_array();
    testbed->first = 1;
    testbed->base = time(NULL) - QUARTER_HOUR;
    strcpy(testbed->newest, "0-0");
    testbed_write(testbed, "breachd.conf", settings, strlen(settings));
    mkdir(testbed_path(testbed, "orders.d").text, 0755);
    *state = testbed;
    return 0;
}

void testbed_long_ago(struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "detect", "late", "12h");
    testbed->base -= 4 * 3600;
}

static void show(const struct testbed *testbed, const char *name)
{
    char *text = testbed_read(testbed, name);

    if (text != NULL && *text != '\0')
        fprintf(stderr, "--- %s of the test that ended badly\n%s---\n", name, text);
    free(text);
}

int testbed_teardown(void **state)
{
    struct testbed *testbed = *state;

    child_kill(&testbed->breachd);
    child_kill(&testbed->redis);
    child_kill(&testbed->broker);
    if (!testbed->well) {
        show(testbed, "log");
        show(testbed, "run.err");
        show(testbed, "ctl.err");
        show(testbed, "mosquitto.log");
    }
    close(testbed->notify);
    if (testbed->db != NULL)
        redisFree(testbed->db);
    json_decref(testbed->alerts);
    json_decref(testbed->rules);
    testbed_remove(testbed, ".");
    free(testbed->body);
    free(testbed->head);
    free(testbed->story);
    free(testbed->said);
    free(testbed->complained);
    free(testbed);
    return 0;
}

void testbed_close(struct testbed *testbed)
{
    int status = 0;

    if (testbed->breachd.pid != 0) {
        kill(testbed->breachd.pid, SIGTERM);
        assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        testbed_await_note(testbed, "STOPPING=1");
    }
    testbed->well = true;
}
