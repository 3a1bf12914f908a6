/* SPDX-License-Identifier: Apache-2.0 */
/* The built breachd, as the kernel sees it once it is ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"
#include "support/testbed.h"

#if defined(__SANITIZE_ADDRESS__)
#define SECCOMP "Seccomp:\t0\n" // the sanitizer itself needs what would be denied
#else
#define SECCOMP "Seccomp:\t2\n"
#endif

/* A file of /proc about it; the caller frees. */
static char *about(const struct testbed *testbed, const char *file)
{
    char path[64], *text = NULL;
    size_t room = 0;
    FILE *stream;

    snprintf(path, sizeof(path), "/proc/%d/%s", testbed->breachd.pid, file);
    stream = fopen(path, "re");
    assert_non_null(stream);
    assert_true(getdelim(&text, &room, '\0', stream) > 0);
    fclose(stream);
    return text;
}

static void a_ready_breachd_is_confined(void **state)
{
    struct testbed *testbed = *state;
    char *status;

    testbed_open(testbed, "", NULL);
    status = about(testbed, "status");
    assert_non_null(strstr(status, SECCOMP));
    free(status);
    testbed_close(testbed);
}

static void no_core_is_written_of_it(void **state)
{
    struct testbed *testbed = *state;
    char *limits, *core;

    testbed_open(testbed, "", NULL);
    limits = about(testbed, "limits");
    core = strstr(limits, "Max core file size");
    assert_non_null(core);
    core[strcspn(core, "\n")] = '\0';
    core += strlen("Max core file size");
    assert_string_equal(strtok(core, " "), "0");
    assert_string_equal(strtok(NULL, " "), "0");
    free(limits);
    testbed_close(testbed);
}

/* All that it does after the start: new files, a new place in the ledger, Redis anew. */
static void confined_it_reloads_and_judges(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-2", 0, 5900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 600, 5010), 200);
    testbed_expect(testbed, "breach B/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_ready_breachd_is_confined),
        testbed_test(no_core_is_written_of_it),
        testbed_test(confined_it_reloads_and_judges),
    };

    return cmocka_run_group_tests_name("confined", tests, NULL, NULL);
}
