/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

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

void house_command(const struct house *house, const char *const *argv)
{
    struct path err = house_path(house, "command.err");
    struct child child = child_start(&(struct command){ .argv = argv, .err = err.text });
    int status;

    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("%s did not come to an end", argv[0]);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: status %x: %s", argv[0], status, house_read(house, "command.err"));
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

void house_broker_start(struct house *house, const char *lines)
{
    struct path settings = house_path(house, "mosquitto.conf"),
                log = house_path(house, "mosquitto.log");
    const char *argv[] = { MOSQUITTO_PROGRAM, "-c", settings.text, NULL };
    int64_t deadline = now_ms() + PATIENCE_MS;

    if (house->broker_port == 0)
        house->broker_port = house_free_port();
    house_print(house, "mosquitto.conf",
                "user root\npersistence true\npersistence_location %s/\nautosave_interval 1\n"
                "autosave_on_changes true\nallow_anonymous true\nlistener %d 127.0.0.1\n%s",
                house->dir, house->broker_port, lines);
    house->broker = child_start(&(struct command){ .argv = argv, .err = log.text });
    while (!answers(house->broker_port)) {
        if (now_ms() > deadline || !child_lives(&house->broker))
            fail_msg("mosquitto did not start");
        poll(NULL, 0, 5); // between two tries, there is no descriptor to wait for
    }
}

void house_broker_kill(struct house *house)
{
    child_kill(&house->broker);
}

void house_broker_use(const struct house *house, const char *scheme, const char *host)
{
    char url[96], *old = house_read(house, "breachd.conf");

    snprintf(url, sizeof(url), "%s%s:%d", scheme, host, house->broker_port);
    if (strstr(old, "[mqtt]") == NULL)
        house_print(house, "breachd.conf", "%s[mqtt]\n", old);
    house_set(house, "breachd.conf", "mqtt", "url", url);
    free(old);
}

void house_publish(const struct house *house, const char *topic, const char *payload)
{
    char port[16];
    const char *argv[] = { "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t",
                           topic,           "-m", payload,     NULL };

    snprintf(port, sizeof(port), "%d", house->broker_port);
    house_command(house, argv);
}
