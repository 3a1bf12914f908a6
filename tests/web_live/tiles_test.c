/* SPDX-License-Identifier: Apache-2.0 */
/* Map tiles: to whom they go, how many at once, and what becomes of a file that is none. */
#include "web_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"
#include "support/tiles.h"

enum { LARGE = 3 * 1024 * 1024, RANGE_MAX = 1024 * 1024, CONNECTIONS = 200, UNTAKEN = 64 };

/* A file that is `n` bytes long. */
static void lay(struct testbed *testbed, size_t n)
{
    unsigned char *bytes = calloc(1, n);

    tiles_make(bytes);
    testbed_write(testbed, "area.pmtiles", bytes, n);
    free(bytes);
    testbed_set(testbed, "breachd.conf", "web", "tiles", "area.pmtiles");
}

static int get_range(struct testbed *testbed, const struct browser *browser, const char *range)
{
    char as[HEADERS_TEXT], lines[HEADERS_TEXT + 64];

    snprintf(lines, sizeof lines, "%sheader = \"Range: %s\"\n", web_as(browser, as), range);
    return testbed_ask_with(testbed, &(struct request){ .method = "GET", .path = "/tiles.pmtiles" },
                            lines);
}

static void they_go_to_who_may_look_at_places_by_ranges(void **state)
{
    static const struct browser nobody = { "", "" };
    struct testbed *testbed = *state;
    struct browser desk, sergeant;

    lay(testbed, LARGE);
    web_open(testbed);
    desk = web_browser(testbed, "desk");
    sergeant = web_browser(testbed, "sergeant");
    assert_int_equal(get_range(testbed, &nobody, "bytes=0-126"), 401);
    assert_int_equal(get_range(testbed, &desk, "bytes=0-126"), 403);
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-126"), 206);
    assert_memory_equal(testbed->body, "PMTiles\3", 8);
    assert_non_null(strstr(testbed->head, "Content-Range: bytes 0-126/3145728\r\n"));
    assert_non_null(strstr(testbed->head, "Cache-Control: no-store\r\n"));
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-"), 206); // no more than a MiB of it
    assert_non_null(strstr(testbed->head, "Content-Range: bytes 0-1048575/3145728\r\n"));
    assert_int_equal(get_range(testbed, &sergeant, "bytes=3145728-"), 416);
    assert_non_null(strstr(testbed->body, "no byte of that range is among the file's 3145728"));
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-1,4-5"), 416); // that is all of it
    assert_non_null(strstr(testbed->body, "ask for a range of at most 1 MiB"));
    assert_int_equal(web_get(testbed, "/tiles.pmtiles/../users", &sergeant), 404);
    assert_int_equal(web_get(testbed, "/../area.pmtiles", &sergeant), 404);
    assert_int_equal(web_get(testbed, "/me", &sergeant), 200);
    assert_non_null(strstr(testbed->body, "\"tiles\":true"));
    lay(testbed, LARGE / 2); // over what is open: no byte of it is told as one of before
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-126"), 503);
    testbed_reload(testbed);
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-126"), 206);
    testbed_close(testbed);
}

/* What -n says of it, on stdout or stderr. */
static void assert_checked(struct testbed *testbed, const char *where, const char *want)
{
    char *said;

    assert_int_equal(
        testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, "-n", NULL), 0);
    said = testbed_read(testbed, where);
    if (strstr(said, want) == NULL)
        fail_msg("not \"%s\": %s", want, said);
    free(said);
}

static void a_check_says_what_tiles_there_are(void **state)
{
    struct testbed *testbed = *state;
    unsigned char bytes[TILES_SIZE];

    assert_checked(testbed, "run.out", "\ntiles: none, the map is a grid\n");
    lay(testbed, TILES_SIZE);
    assert_checked(testbed, "run.out", "\ntiles: vector, zoom 0 to 14, of ");
    tiles_make(bytes);
    bytes[TILES_SAID_AT] = 'x';
    testbed_write(testbed, "area.pmtiles", bytes, sizeof bytes);
    assert_checked(testbed, "run.err", "its metadata have no attribution: say beside the screens");
    testbed_write(testbed, "area.pmtiles", bytes, sizeof bytes - 1);
    assert_checked(testbed, "run.err", ": is cut: it has 165 bytes, and a part of it ends behind");
    testbed_remove(testbed, "area.pmtiles");
    assert_checked(testbed, "run.err", "No such file or directory: the map is a grid");
    testbed->well = true;
}

static void of_a_file_that_is_none_the_page_says_so(void **state)
{
    struct testbed *testbed = *state;
    struct browser sergeant;

    testbed_set(testbed, "breachd.conf", "web", "tiles", "area.pmtiles");
    testbed_print(testbed, "area.pmtiles", "<html>");
    web_open(testbed);
    assert_true(testbed_log_has(testbed, "area.pmtiles: is no PMTiles file"));
    sergeant = web_browser(testbed, "sergeant");
    assert_int_equal(web_get(testbed, "/me", &sergeant), 200);
    assert_non_null(strstr(testbed->body, "\"tiles\":false,\"tiles_why\":\"is no PMTiles file"));
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-126"), 404);
    lay(testbed, TILES_SIZE);
    testbed_reload(testbed);
    assert_int_equal(get_range(testbed, &sergeant, "bytes=0-126"), 206);
    testbed_remove(testbed, "area.pmtiles");
    testbed_reload(testbed);
    assert_true(testbed_log_has(testbed, "area.pmtiles: No such file or directory: the map is"));
    assert_int_equal(web_get(testbed, "/", &sergeant), 200);
    testbed_close(testbed);
}

/* Asks for a MiB and takes none of it but the answer's first line: its code. */
static int ask_and_leave(struct testbed *testbed, const struct browser *browser, int *fd)
{
    char request[512], head[64] = "";
    int n = snprintf(request, sizeof request,
                     "GET /tiles.pmtiles HTTP/1.1\r\nHost: localhost\r\nCookie: breachd=%s\r\n"
                     "Range: bytes=0-%d\r\n\r\n",
                     browser->cookie, RANGE_MAX - 1);

    *fd = testbed_door(testbed);
    assert_true(http_client_say(*fd, request, (size_t)n));
    assert_true(read(*fd, head, 12) == 12);
    return atoi(head + 9);
}

static void who_takes_nothing_fills_no_memory(void **state)
{
    struct testbed *testbed = *state;
    struct browser sergeant;
    int fds[CONNECTIONS], n = 0, code = 206;

    lay(testbed, LARGE);
    web_open(testbed);
    sergeant = web_browser(testbed, "sergeant");
    while (code == 206 && n < CONNECTIONS)
        code = ask_and_leave(testbed, &sergeant, &fds[n++]);
    assert_int_equal(code, 429);
    assert_true(n > UNTAKEN);
    assert_int_equal(web_get(testbed, "/todo", &sergeant), 200); // all else goes on
    while (n > 0)
        close(fds[--n]);
    do { // as soon as they are gone
        code = get_range(testbed, &sergeant, "bytes=0-126");
    } while (code == 429);
    assert_int_equal(code, 206);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(they_go_to_who_may_look_at_places_by_ranges),
        web_test(a_check_says_what_tiles_there_are),
        web_test(of_a_file_that_is_none_the_page_says_so),
        web_test(who_takes_nothing_fills_no_memory),
    };

    return cmocka_run_group_tests_name("tiles", tests, NULL, NULL);
}
