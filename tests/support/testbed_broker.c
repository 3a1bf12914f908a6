/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

void testbed_command(const struct testbed *testbed, const char *const *argv)
{
    struct path err = testbed_path(testbed, "command.err");
    struct child child = child_start(&(struct command){ .argv = argv, .err = err.text });
    int status;

    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("%s did not come to an end", argv[0]);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: status %x: %s", argv[0], status, testbed_read(testbed, "command.err"));
}

static bool answers(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

    close(fd);
    return ok;
}

void testbed_broker_start(struct testbed *testbed, const char *lines)
{
    struct path settings = testbed_path(testbed, "mosquitto.conf"),
                log = testbed_path(testbed, "mosquitto.log");
    const char *argv[] = { MOSQUITTO_PROGRAM, "-c", settings.text, NULL };
    int64_t deadline = now_ms() + PATIENCE_MS;

    if (testbed->broker_port == 0)
        testbed->broker_port = testbed_free_port();
    testbed_print(testbed, "mosquitto.conf",
                  "user root\npersistence true\npersistence_location %s/\nautosave_interval 1\n"
                  "autosave_on_changes true\nallow_anonymous true\nlistener %d 127.0.0.1\n%s",
                  testbed->dir, testbed->broker_port, lines);
    testbed->broker = child_start(&(struct command){ .argv = argv, .err = log.text });
    while (!answers(testbed->broker_port)) {
        if (now_ms() > deadline || !child_lives(&testbed->broker))
            fail_msg("mosquitto did not start");
        poll(NULL, 0, 5); // between two tries, there is no descriptor to wait for
    }
}

void testbed_broker_kill(struct testbed *testbed)
{
    child_kill(&testbed->broker);
}

void testbed_broker_use(const struct testbed *testbed, const char *scheme, const char *host)
{
    char url[96], *old = testbed_read(testbed, "breachd.conf");

    snprintf(url, sizeof(url), "%s%s:%d", scheme, host, testbed->broker_port);
    if (strstr(old, "[mqtt]") == NULL)
        testbed_print(testbed, "breachd.conf", "%s[mqtt]\n", old);
    testbed_set(testbed, "breachd.conf", "mqtt", "url", url);
    free(old);
}

void testbed_publish(const struct testbed *testbed, const char *topic, const char *payload)
{
    char port[16];
    const char *argv[] = { "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t",
                           topic,           "-m", payload,     NULL };

    snprintf(port, sizeof(port), "%d", testbed->broker_port);
    testbed_command(testbed, argv);
}
