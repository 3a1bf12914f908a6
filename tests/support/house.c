/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

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
                               "late = 1h\n"; // house->base lies a quarter of an hour back

static int notify_open(const struct house *house)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%s", house_path(house, "notify.sock").text);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

int house_setup(void **state)
{
    struct house *house = calloc(1, sizeof(*house));

    if (house == NULL)
        return -1;
    strcpy(house->dir, P_tmpdir "/breachd-XXXXXX");
    if (mkdtemp(house->dir) == NULL)
        return -1;
    house->notify = notify_open(house);
    house->alerts = json_array();
    house->first = 1;
    house->base = time(NULL) - QUARTER_HOUR;
    strcpy(house->newest, "0-0");
    house_write(house, "breachd.conf", settings, strlen(settings));
    mkdir(house_path(house, "orders.d").text, 0755);
    *state = house;
    return 0;
}

static void show(const struct house *house, const char *name)
{
    char *text = house_read(house, name);

    if (text != NULL && *text != '\0')
        fprintf(stderr, "--- %s of the test that ended badly\n%s---\n", name, text);
    free(text);
}

int house_teardown(void **state)
{
    struct house *house = *state;

    child_kill(&house->breachd);
    child_kill(&house->redis);
    child_kill(&house->broker);
    if (!house->well) {
        show(house, "log");
        show(house, "run.err");
        show(house, "ctl.err");
        show(house, "mosquitto.log");
    }
    close(house->notify);
    if (house->db != NULL)
        redisFree(house->db);
    json_decref(house->alerts);
    house_remove(house, ".");
    free(house->body);
    free(house->head);
    free(house->story);
    free(house->said);
    free(house->complained);
    free(house);
    return 0;
}

void house_close(struct house *house)
{
    int status = 0;

    if (house->breachd.pid != 0) {
        kill(house->breachd.pid, SIGTERM);
        assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        house_await_note(house, "STOPPING=1");
    }
    house->well = true;
}
