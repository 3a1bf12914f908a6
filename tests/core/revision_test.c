/* SPDX-License-Identifier: Apache-2.0 */
/* So many orders gone at once that nobody is believed to have meant it. */
#include "core/revision.h"

#include <stdio.h>

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"

static const struct lonlat_box essex = { { -0.1, 51.4 }, { 1.4, 52.2 } };
static const char at[] = "2020-06-20T00:00:00Z";

/* A letter is an order: a small one has ended by `at`. */
static struct rulebook *book_of(const char *orders)
{
    struct rulebook *book =
        rulebook_create(&essex, &london_2020, (struct rulebook_room){ 8, 8, 8, 8 });
    struct fault why;

    for (const char *letter = orders; *letter != '\0'; letter++) {
        bool ended = *letter >= 'a';
        const char id[] = { (char)(ended ? *letter - 'a' + 'A' : *letter), '\0' };
        struct order order = { .id = id,
                               .kind = "DVPO",
                               .respondent = id,
                               .age = -1,
                               .from = utc_of("2020-06-09T11:00:00Z"),
                               .served = utc_of("2020-06-09T14:30:00Z"),
                               .until = ended ? utc_of(at) : UTC_NEVER,
                               .digest = "0123456789ab" };
        const char *device = id;

        assert_true(rulebook_add_order(book, &order, &device, 1, &why));
    }
    assert_true(rulebook_seal(book, &why));
    return book;
}

static const struct row {
    const char *says, *was, *is;
    size_t stood, gone;
    bool landslide;
} rows[] = {
    { "nothing is gone", "ABCD", "ABCD", 4, 0, false },
    { "there was nothing to go", "", "", 0, 0, false },
    { "the first orders of all come", "", "AB", 0, 0, false },
    { "one of three is gone", "ABC", "AB", 3, 1, false },
    { "one of two is half", "AB", "A", 2, 1, true },
    { "the only one is all", "A", "", 1, 1, true },
    { "two of four are half, though others come", "ABCD", "ABEFGH", 4, 2, true },
    { "all are gone, and others are there", "AB", "CD", 2, 2, true },
    { "an order that has ended may go", "aB", "B", 1, 0, false },
    { "so may all that have ended", "ab", "", 0, 0, false },
    { "what has ended is no reason for others to stay", "abcD", "abc", 1, 1, true },
    { "an order that changed is there", "AB", "aB", 2, 0, false },
};

static void it_is_believed_or_not(void **state)
{
    const struct row *row = *state;
    struct rulebook *was = book_of(row->was), *is = book_of(row->is);
    struct revision_loss loss = revision_loss(was, is, utc_of(at));

    assert_int_equal(loss.stood, row->stood);
    assert_int_equal(loss.gone, row->gone);
    assert_int_equal(revision_is_landslide(loss), row->landslide);
    rulebook_destroy(was);
    rulebook_destroy(is);
}

int main(void)
{
    return rows_hold("orders that went", rows, it_is_believed_or_not);
}
