/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/text.h"

#include "adapter/print.h"

#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/* A row is some bytes and what people are shown of them. */
static const struct row {
    const char *says, *bytes;
    size_t n;
    const char *shown;
} rows[] = {
#define ROW(says, bytes, shown)                                                                    \
    {                                                                                              \
        says, bytes, sizeof(bytes) - 1, shown                                                      \
    }
    ROW("plain text stays", "inside by 42 m, accuracy 8 m", "inside by 42 m, accuracy 8 m"),
    ROW("so do letters of other alphabets", "M\303\274ller \350\255\246 \360\237\232\250",
        "M\303\274ller \350\255\246 \360\237\232\250"),
    ROW("and a letter with a mark of its own", "e\314\201", "e\314\201"),
    ROW("a backslash is no escape of ours", "C:\\new", "C:\\new"),
    ROW("NUL does not end it", "a\0b", "a\\u0000b"),
    ROW("ESC colours nothing", "\033[31mred", "\\u001B[31mred"),
    ROW("BEL is silent", "\a", "\\u0007"),
    ROW("a line end makes no second line", "one\nthe chain holds", "one\\u000Athe chain holds"),
    ROW("a carriage return overwrites nothing", "one\rtwo", "one\\u000Dtwo"),
    ROW("a tab moves nothing", "a\tb", "a\\u0009b"),
    ROW("the last of C0", "\037", "\\u001F"),
    ROW("a blank is no control", " ", " "),
    ROW("the last before DEL", "~", "~"),
    ROW("DEL", "\177", "\\u007F"),
    ROW("the first of C1", "\302\200", "\\u0080"),
    ROW("CSI of C1 is ESC [ to a terminal",
        "\302\233"
        "31m",
        "\\u009B31m"),
    ROW("the last of C1", "\302\237", "\\u009F"),
    ROW("a no-break space is seen", "\302\240", "\302\240"),
    ROW("CSI as a raw byte",
        "\233"
        "31m",
        "\\x9B31m"),
    ROW("a soft hyphen", "\302\255", "\\u00AD"),
    ROW("an Arabic letter mark", "\330\234", "\\u061C"),
    ROW("a Hangul filler", "\343\205\244", "\\u3164"),
    ROW("a zero-width space", "\342\200\213", "\\u200B"),
    ROW("left-to-right and right-to-left marks", "\342\200\216\342\200\217", "\\u200E\\u200F"),
    ROW("a hyphen that is seen", "\342\200\220", "\342\200\220"),
    ROW("a dash that is seen", "\342\200\246", "\342\200\246"),
    ROW("line and paragraph separators", "\342\200\250\342\200\251", "\\u2028\\u2029"),
    ROW("embeddings and overrides, first to last",
        "\342\200\252\342\200\253\342\200\254\342\200\255\342\200\256",
        "\\u202A\\u202B\\u202C\\u202D\\u202E"),
    ROW("a narrow no-break space is seen", "\342\200\257", "\342\200\257"),
    ROW("a word joiner", "\342\201\240", "\\u2060"),
    ROW("isolates, first to last", "\342\201\246\342\201\247\342\201\250\342\201\251",
        "\\u2066\\u2067\\u2068\\u2069"),
    ROW("a variation selector", "\357\270\217", "\\uFE0F"),
    ROW("a byte order mark", "\357\273\277", "\\uFEFF"),
    ROW("an interlinear anchor", "\357\277\271", "\\uFFF9"),
    ROW("what replaces the unreadable is seen", "\357\277\275", "\357\277\275"),
    ROW("a tag, as JSON writes it", "\363\240\200\201", "\\uDB40\\uDC01"),
    ROW("a lone byte that goes on", "\200", "\\x80"),
    ROW("a character cut off", "a\342\200", "a\\xE2\\x80"),
    ROW("a form that is too long hides nothing", "\300\233 \340\202\233",
        "\\xC0\\x9B \\xE0\\x82\\x9B"),
    ROW("a surrogate", "\355\240\200", "\\xED\\xA0\\x80"),
    ROW("past the last character", "\364\220\200\200", "\\xF4\\x90\\x80\\x80"),
    ROW("never a byte of UTF-8", "\376\377", "\\xFE\\xFF"),
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    char out[256], again[256];

    assert_int_equal(text_escape(row->bytes, row->n, out, sizeof out), row->n);
    assert_string_equal(out, row->shown);
    text_escape(out, strlen(out), again, sizeof again);
    assert_string_equal(again, out); // twice is as good as once
}

static void what_does_not_fit_is_left_whole(void **state)
{
    char out[16];

    (void)state;
    assert_int_equal(text_escape("abcdef", 6, out, 4), 3);
    assert_string_equal(out, "abc");
    // Neither an escape nor a character is cut in two.
    assert_int_equal(text_escape("a\033b", 3, out, 7), 1);
    assert_string_equal(out, "a");
    assert_int_equal(text_escape("a\033b", 3, out, 8), 2);
    assert_string_equal(out, "a\\u001B");
    assert_int_equal(text_escape("ab\303\274", 4, out, 4), 2);
    assert_string_equal(out, "ab");
    assert_int_equal(text_escape("ab", 2, out, 1), 0);
    assert_string_equal(out, "");
    memset(out, 'x', sizeof out);
    assert_int_equal(text_escape("ab", 2, out, 0), 0);
    assert_int_equal(out[0], 'x');
    // The longest escape always fits into the room that is named for it.
    assert_int_equal(text_escape("\363\240\200\201", 4, out, TEXT_ESCAPE_MAX), 4);
    assert_int_equal(text_escape("\363\240\200\201", 4, out, TEXT_ESCAPE_MAX - 1), 0);
}

/* What `print` writes; the caller frees. */
static char *printed(void (*print)(FILE *out))
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    print(out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void print_two(FILE *out)
{
    print_part(out, "%s, ", "a\nb");
    print_line(out, "%s by %s", "closed",
               "\302\233"
               "2J\342\200\256");
}

static void a_line_stays_one_line(void **state)
{
    char *text = printed(print_two);

    (void)state;
    assert_string_equal(text, "a\\u000Ab, closed by \\u009B2J\\u202E\n");
    free(text);
}

static void print_much(FILE *out)
{
    print_line(out, "%*s", PRINT_MAX + 1, "z");
}

static void a_part_is_bounded_and_says_so(void **state)
{
    char *text = printed(print_much);

    (void)state;
    assert_int_equal(strlen(text), PRINT_MAX + strlen("…\n"));
    assert_string_equal(text + PRINT_MAX, "…\n");
    free(text);
}

static void print_bytes_of_many_pieces(FILE *out)
{
    static char bytes[20000];

    memset(bytes, 033, sizeof bytes);
    assert_true(print_bytes(out, bytes, sizeof bytes));
}

static void bytes_are_written_however_many(void **state)
{
    char *text = printed(print_bytes_of_many_pieces);

    (void)state;
    assert_int_equal(strlen(text), 20000 * strlen("\\u001B"));
    free(text);
}

static void clean_is_utf8_as_long_as_is_allowed(void **state)
{
    static const char *const clean[] = { "", "Müller", "\360\237\232\250", "e\314\201" };
    static const char *const unclean[] = {
        "\303", "a\200", "\300\200", "\355\240\200", "\364\220\200\200", "\342\202", "a\tb", "\177"
    };
    char longest[TEXT_LONGEST + 2];
    struct fault why;

    (void)state;
    for (size_t i = 0; i < sizeof clean / sizeof *clean; i++)
        assert_true(text_is_clean(clean[i], &why));
    for (size_t i = 0; i < sizeof unclean / sizeof *unclean; i++)
        assert_false(text_is_clean(unclean[i], &why));
    memset(longest, 'x', sizeof longest - 1);
    longest[TEXT_LONGEST + 1] = '\0';
    assert_false(text_is_clean(longest, &why));
    longest[TEXT_LONGEST] = '\0';
    assert_true(text_is_clean(longest, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_is_utf8_as_long_as_is_allowed),
        cmocka_unit_test(what_does_not_fit_is_left_whole),
        cmocka_unit_test(a_line_stays_one_line),
        cmocka_unit_test(a_part_is_bounded_and_says_so),
        cmocka_unit_test(bytes_are_written_however_many),
    };

    return rows_hold("text escaped", rows, row_holds) +
           cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
