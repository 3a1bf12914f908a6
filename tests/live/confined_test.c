/* SPDX-License-Identifier: Apache-2.0 */
/* The built breachd, as the kernel sees it once it is ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/house.h"
#include "support/test.h"

#if defined(__SANITIZE_ADDRESS__)
#define SECCOMP "Seccomp:\t0\n" // the sanitizer itself needs what would be denied
#else
#define SECCOMP "Seccomp:\t2\n"
#endif

/* A file of /proc about it; the caller frees. */
static char *about(const struct house *house, const char *file)
{
    char path[64], *text = NULL;
    size_t room = 0;
    FILE *stream;

    snprintf(path, sizeof(path), "/proc/%d/%s", house->breachd.pid, file);
    stream = fopen(path, "re");
    assert_non_null(stream);
    assert_true(getdelim(&text, &room, '\0', stream) > 0);
    fclose(stream);
    return text;
}

static void a_ready_breachd_is_confined(void **state)
{
    struct house *house = *state;
    char *status;

    house_open(house, "", NULL);
    status = about(house, "status");
    assert_non_null(strstr(status, SECCOMP));
    free(status);
    house_close(house);
}

static void no_core_is_written_of_it(void **state)
{
    struct house *house = *state;
    char *limits, *core;

    house_open(house, "", NULL);
    limits = about(house, "limits");
    core = strstr(limits, "Max core file size");
    assert_non_null(core);
    core[strcspn(core, "\n")] = '\0';
    core += strlen("Max core file size");
    assert_string_equal(strtok(core, " "), "0");
    assert_string_equal(strtok(NULL, " "), "0");
    free(limits);
    house_close(house);
}

/* All that it does after the start: new files, a new place in the ledger, Redis anew. */
static void confined_it_reloads_and_judges(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    house_order(house, "B", "tag-2", 5000, 200, "");
    house_reload(house);
    assert_int_equal(house_ping(house, "tag-2", 0, 5900), 200);
    assert_int_equal(house_ping(house, "tag-2", 600, 5010), 200);
    house_expect(house, "breach B/home/1/1\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_ready_breachd_is_confined),
        house_test(no_core_is_written_of_it),
        house_test(confined_it_reloads_and_judges),
    };

    return cmocka_run_group_tests_name("confined", tests, NULL, NULL);
}
