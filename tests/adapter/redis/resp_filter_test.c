/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/resp_filter.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/* Texts of 10 bytes behind one head, lists of 4 members; `want` NULL: it cannot be understood. */
static const struct row {
    const char *says, *said, *want;
} rows[] = {
    { "words, errors and numbers pass", "+OK\r\n-ERR no\r\n:5\r\n", "+OK\r\n-ERR no\r\n:5\r\n" },
    { "a text passes", "$5\r\nhello\r\n", "$5\r\nhello\r\n" },
    { "an empty text passes", "$0\r\n\r\n+OK\r\n", "$0\r\n\r\n+OK\r\n" },
    { "a nil passes", "$-1\r\n*-1\r\n", "$-1\r\n*-1\r\n" },
    { "a text of 10", "$10\r\n0123456789\r\n", "$10\r\n0123456789\r\n" },
    { "a text of 11", "$11\r\n0123456789x\r\n+OK\r\n", "$-1\r\n+OK\r\n" },
    { "what looks like RESP in a text is none", "$11\r\n\r\n$5\r\nabc+\r\r\n:1\r\n",
      "$-1\r\n:1\r\n" },
    { "texts of one list count together", "*3\r\n$6\r\nabcdef\r\n$5\r\nabcde\r\n$4\r\nabcd\r\n",
      "*3\r\n$6\r\nabcdef\r\n$-1\r\n$4\r\nabcd\r\n" },
    { "each list begins anew", "*2\r\n*1\r\n$8\r\nabcdefgh\r\n*1\r\n$8\r\nabcdefgh\r\n",
      "*2\r\n*1\r\n$8\r\nabcdefgh\r\n*1\r\n$8\r\nabcdefgh\r\n" },
    { "a list of 4", "*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n", "*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n" },
    { "a list of 5", "*5\r\n:1\r\n+b\r\n-c\r\n$1\r\nd\r\n$-1\r\n:6\r\n", "*0\r\n:6\r\n" },
    { "with lists in it, empty ones and nils too",
      "*5\r\n*2\r\n:1\r\n*1\r\n:2\r\n*0\r\n*-1\r\n*1\r\n$3\r\nabc\r\n:5\r\n:6\r\n",
      "*0\r\n:6\r\n" },
    { "in a list that is not too long",
      "*2\r\n*5\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n$1\r\nx\r\n+OK\r\n",
      "*2\r\n*0\r\n$1\r\nx\r\n+OK\r\n" },
    { "a length of 2^31 - 1", "$2147483647\r\nabc", "$-1\r\n" },
    { "a length of 2^31", "$2147483648\r\n", NULL },
    { "a length of -2", "$-2\r\n", NULL },
    { "no length", "$\r\n", NULL },
    { "no number", "*x\r\n", NULL },
    { "a number and more", "*1x\r\n", NULL },
    { "no return before the line's end", "$1\n", NULL },
    { "a length without end", "$0000000000000000000000000", NULL },
    { "what is no RESP is left to hiredis", "HTTP/1.1 400\r\n", "HTTP/1.1 400\r\n" },
};

/* Feeds `step` bytes at a time and takes `room`; false when it says that it cannot go on. */
static bool sift(const char *said, size_t step, size_t room, char *out)
{
    struct resp_filter filter = { .limits = { 10, 4 } };
    size_t length = strlen(said), used = 0, done, n;

    for (size_t at = 0; at < length; at += done) {
        size_t piece = length - at < step ? length - at : step;

        if (!resp_filter_feed(&filter, said + at, piece, &done, out + used, room, &n))
            return false;
        assert_true(n <= room && (done > 0 || n > 0));
        used += n;
    }
    out[used] = '\0';
    return true;
}

static void row_holds(void **state)
{
    static const size_t steps[] = { 1, 2, 3, 7, 1000 }, rooms[] = { RESP_FILTER_HEAD_MAX, 1000 };
    const struct row *row = *state;
    char out[2048];

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (size_t k = 0; k < 2; k++) {
            bool well = sift(row->said, steps[i], rooms[k], out);

            assert_int_equal(well, row->want != NULL);
            if (well)
                assert_string_equal(out, row->want);
        }
    }
}

int main(void)
{

    return rows_hold("resp_filter_rows", rows, row_holds);
}
