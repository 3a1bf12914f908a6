/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of JSONTestSuite as a body: y_ is read, n_ is refused,
 * i_ is either, and nothing breaks.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/codes.h"
#include "support/test.h"
#include "support/testbed.h"

#define SUITE SHARED_DATA "/suite-json-jsontestsuite/test_parsing"

static int post_file(struct testbed *testbed, const char *name)
{
    char from[512], body[1 << 18];
    FILE *file;
    size_t size;

    snprintf(from, sizeof(from), SUITE "/%s", name);
    file = fopen(from, "re");
    assert_non_null(file);
    size = fread(body, 1, sizeof(body), file);
    assert_true(feof(file));
    fclose(file);
    return testbed_ask(testbed,
                       &(struct request){ "POST", "/v1/pings", "application/json", body, size });
}

/* Is the whole body called unreadable, rather than what it says refused? */
static bool called_unreadable(const struct testbed *testbed)
{
    json_t *answer = testbed_json(testbed);
    const char *error = json_string_value(json_object_get(answer, "error"));
    bool unreadable = error != NULL && strstr(error, "not JSON") != NULL;

    json_decref(answer);
    return unreadable;
}

/* Returns the code that it was answered with. */
static int assert_answered(struct testbed *testbed, const char *name)
{
    int code = post_file(testbed, name);
    bool fine = *name == 'n'   ? code == 400
                : *name == 'y' ? (code == 200 || code == 400) && !called_unreadable(testbed)
                               : code == 200 || code == 400;

    if (!fine)
        fail_msg("%s: %d %s", name, code, testbed->body);
    if (testbed_get(testbed, "/healthz") != 200)
        fail_msg("not healthy after %s", name);
    return code;
}

static int is_json(const struct dirent *entry)
{
    return strstr(entry->d_name, ".json") != NULL;
}

static void each_file_of_the_suite_is_read_or_refused_as_it_must(void **state)
{
    struct testbed *testbed = *state;
    static struct codes must_be_read, must_be_refused, may_be_either;
    struct dirent **files;
    int n = scandir(SUITE, &files, is_json, alphasort);

    if (n <= 0) {
        print_message("skipped: no " SUITE "\n");
        skip();
    }
    testbed_open(testbed, "", NULL);
    for (int i = 0; i < n; i++) {
        codes_add(files[i]->d_name[0] == 'y'   ? &must_be_read
                  : files[i]->d_name[0] == 'n' ? &must_be_refused
                                               : &may_be_either,
                  assert_answered(testbed, files[i]->d_name));
        free(files[i]);
    }
    free(files);
    codes_print(&must_be_read, "JSONTestSuite y_");
    codes_print(&must_be_refused, "JSONTestSuite n_");
    codes_print(&may_be_either, "JSONTestSuite i_");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_file_of_the_suite_is_read_or_refused_as_it_must),
    };

    return cmocka_run_group_tests_name("json_suite", tests, NULL, NULL);
}
