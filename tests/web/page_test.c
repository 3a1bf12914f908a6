/* SPDX-License-Identifier: Apache-2.0 */
/* The page's files: what is asked for by any path is one of them, or nothing. */
#include "web/page.h"

#include "web/byte_range.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "support/test.h"
#include "support/tiles.h"

static struct page *load(void)
{
    struct page *page;
    struct fault why;

    scratch_write("secret", "secret");
    scratch_write("page/index.html", "<title>");
    scratch_write("page/js/map.js", "1;");
    scratch_write("page/.hidden", "no");
    scratch_write("page/.git/config", "no");
    scratch_write("page/a b.txt", "no");
    scratch_write("page/tiles/area.pmtiles", "PMTiles0123456789");
    assert_int_equal(symlink("../secret", "page/link.txt"), 0);
    assert_int_equal(symlink("..", "page/up"), 0);
    if (!page_load("page/", "", &page, &why))
        fail_msg("%s", why.text);
    return page;
}

/* Tries to come out of the folder; as a request has them, as nothing is decoded. */
static const char *const tries[] = {
    "/../secret",
    "/..//secret",
    "/js/../../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/%2e%2e%2fsecret",
    "/..%5csecret",
    "/..\\secret",
    "/....//secret",
    "/%c0%ae%c0%ae/secret",
    "/%252e%252e/secret",
    "//secret",
    "/./index.html",
    "/js/./map.js",
    "/js//map.js",
    "//index.html",
    "/index.html/",
    "/index.html/..",
    "/index.html%00.js",
    "/index.html;x",
    "/INDEX.HTML",
    "/link.txt",
    "/up/secret",
    "/up",
    "/.hidden",
    "/.git/config",
    "/a b.txt",
    "/a%20b.txt",
    "/js",
    "/js/",
    "/etc/passwd",
    "/proc/self/environ",
    "file:///etc/passwd",
    "index.html",
    "",
    "*",
};

static void no_path_comes_out_of_the_folder(void **state)
{
    struct page *page = load();
    (void)state;

    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        if (page_find(page, tries[i]) != NULL)
            fail_msg("%s is there", tries[i]);
    }
    assert_int_equal(page_count(page), 3);
    page_destroy(page);
}

static void each_file_has_its_type_and_a_tag_of_its_bytes(void **state)
{
    struct page *page = load();
    const struct page_file *index = page_find(page, "/"), *js = page_find(page, "/js/map.js");
    (void)state;

    assert_ptr_equal(index, page_find(page, "/index.html"));
    assert_string_equal(index->type, "text/html; charset=utf-8");
    assert_string_equal(js->type, "text/javascript; charset=utf-8");
    assert_memory_equal(js->bytes, "1;", 2);
    assert_int_equal(strlen(js->etag), 34);
    assert_string_not_equal(js->etag, index->etag);
    assert_true(page_etag_matches(js->etag, js->etag));
    assert_false(page_etag_matches(index->etag, js->etag));
    assert_true(page_etag_matches("*", js->etag));
    assert_false(page_etag_matches(NULL, js->etag));
    page_destroy(page);
}

static void tiles_are_read_by_ranges(void **state)
{
    struct page *page = load();
    const struct page_file *tiles = page_find(page, "/tiles/area.pmtiles");
    char bytes[4];
    (void)state;

    assert_non_null(tiles);
    assert_null(tiles->bytes);
    assert_int_equal(tiles->size, 17);
    assert_true(page_read(tiles, 7, 4, bytes));
    assert_memory_equal(bytes, "0123", 4);
    assert_false(page_read(tiles, 15, 4, bytes)); // behind its end
    scratch_write("page/tiles/area.pmtiles", "PMTiles0123456789x");
    assert_false(page_read(tiles, 7, 4, bytes)); // it was written over meanwhile
    page_destroy(page);
}

/* What the page is without them, and what is said. */
static void assert_no_tiles(const char *tiles, const char *want)
{
    struct page *page;
    struct fault why;
    const char *said;

    assert_true(page_load("page", tiles, &page, &why));
    assert_null(page_tiles(page, &said));
    assert_string_equal(said, want);
    assert_null(page_find(page, "/tiles.pmtiles"));
    assert_non_null(page_find(page, "/"));
    page_destroy(page);
}

static void tiles_that_are_named_stand_at_their_own_path(void **state)
{
    unsigned char bytes[TILES_SIZE];
    struct page *page;
    struct fault why;
    const char *said;
    (void)state;

    scratch_write("page/index.html", "");
    tiles_make(bytes);
    scratch_write_bytes("elsewhere", bytes, sizeof bytes);
    assert_true(page_load("page", "elsewhere", &page, &why));
    assert_int_equal(page_find(page, "/tiles.pmtiles")->size, TILES_SIZE);
    assert_string_equal(page_tiles(page, &said)->kind, "vector");
    scratch_write("elsewhere", "PMTiles");
    assert_null(page_tiles(page, &said)); // it was written over meanwhile
    assert_string_equal(said, "the file was written over in place: reload");
    page_destroy(page);
    scratch_write_bytes("elsewhere", bytes, sizeof bytes);
    assert_false(page_load("nowhere", "elsewhere", &page, &why));
    assert_string_equal(why.text, "nowhere: No such file or directory");
}

static void without_tiles_the_page_goes_on(void **state)
{
    (void)state;

    scratch_write("page/index.html", "");
    scratch_write("broken", "PMTiles");
    assert_no_tiles("", "");
    assert_no_tiles("nowhere", "No such file or directory");
    assert_no_tiles("page", "is no regular file");
    assert_no_tiles("broken", "is no PMTiles file: it has not even a head");
}

static void too_many_files_are_refused(void **state)
{
    struct page *page;
    struct fault why;
    char name[32];
    (void)state;

    for (int i = 0; i < PAGE_FILES_MAX; i++) {
        snprintf(name, sizeof name, "page/f%d", i);
        scratch_write(name, "");
    }
    assert_true(page_load("page", "", &page, &why));
    page_destroy(page);
    scratch_write("page/more", "");
    assert_false(page_load("page", "", &page, &why));
    assert_non_null(strstr(why.text, "more than 1024 files"));
}

/* ---- ranges ---- */

static const struct row {
    const char *says, *header;
    enum byte_range_is is;
    uint64_t from, n;
} rows[] = {
    { "no header", NULL, RANGE_ALL, 0, 0 },
    { "the first bytes", "bytes=0-9", RANGE_PART, 0, 10 },
    { "one byte", "bytes=5-5", RANGE_PART, 5, 1 },
    { "to the end", "bytes=90-", RANGE_PART, 90, 10 },
    { "beyond the end", "bytes=90-1000", RANGE_PART, 90, 10 },
    { "the last bytes", "bytes=-5", RANGE_PART, 95, 5 },
    { "more last bytes than there are", "bytes=-500", RANGE_PART, 0, 50 },
    { "more than is sent at once", "bytes=0-", RANGE_PART, 0, 50 },
    { "from behind the end", "bytes=100-", RANGE_NONE, 0, 0 },
    { "no last byte", "bytes=-0", RANGE_NONE, 0, 0 },
    { "several", "bytes=0-1,5-6", RANGE_ALL, 0, 0 },
    { "backwards", "bytes=9-5", RANGE_ALL, 0, 0 },
    { "another unit", "lines=0-1", RANGE_ALL, 0, 0 },
    { "nothing", "bytes=", RANGE_ALL, 0, 0 },
    { "a dash", "bytes=-", RANGE_ALL, 0, 0 },
    { "a sign", "bytes=+1-2", RANGE_ALL, 0, 0 },
    { "a blank", "bytes= 1-2", RANGE_ALL, 0, 0 },
    { "more behind", "bytes=1-2x", RANGE_ALL, 0, 0 },
    { "a number that wraps", "bytes=18446744073709551616-", RANGE_ALL, 0, 0 },
    { "a number of the most digits", "bytes=0-999999999999999999", RANGE_PART, 0, 50 },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    uint64_t from = 0, n = 0;

    assert_int_equal(byte_range_read(row->header, 100, 50, &from, &n), row->is);
    assert_int_equal(from, row->from);
    assert_int_equal(n, row->n);
}

static void of_an_empty_file_no_range_can_be_had(void **state)
{
    uint64_t from, n;
    (void)state;

    assert_int_equal(byte_range_read("bytes=0-", 0, 50, &from, &n), RANGE_NONE);
    assert_int_equal(byte_range_read("bytes=-1", 0, 50, &from, &n), RANGE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(no_path_comes_out_of_the_folder),
        scratch_test(each_file_has_its_type_and_a_tag_of_its_bytes),
        scratch_test(tiles_are_read_by_ranges),
        scratch_test(tiles_that_are_named_stand_at_their_own_path),
        scratch_test(without_tiles_the_page_goes_on),
        scratch_test(too_many_files_are_refused),
        cmocka_unit_test(of_an_empty_file_no_range_can_be_had),
    };

    return rows_hold("byte_range", rows, row_holds) +
           cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
