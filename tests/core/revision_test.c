/* SPDX-License-Identifier: Apache-2.0 */
/* So many orders gone at once that nobody is believed to have meant it. */
#include "core/revision.h"

#include <ctype.h>
#include <stdio.h>

#include "support/london.h"
#include "support/near.h"
#include "support/rows.h"

static const struct lonlat_box essex = { { -0.1, 51.4 }, { 1.4, 52.2 } };
static const char at[] = "2020-06-20T00:00:00Z";

/* An order, the letter's; a small one has ended by `at`. */
static void add_order(struct rulebook *rules, char letter, bool served)
{
    bool ended = letter >= 'a';
    const char id[] = { (char)(ended ? letter - 'a' + 'A' : letter), '\0' };
    struct order order = { .id = id,
                           .kind = "DVPO",
                           .respondent = id,
                           .age = -1,
                           .from = utc_of("2020-06-09T11:00:00Z"),
                           .served = served ? utc_of("2020-06-09T14:30:00Z") : UTC_NEVER,
                           .until = ended ? utc_of(at) : UTC_NEVER,
                           .digest = "0123456789ab" };
    const char *device = id;
    struct fault why;

    assert_true(rulebook_add_order(rules, &order, &device, 1, &why));
}

static void add_zones(struct rulebook *rules, char letter, int n)
{
    const char id[] = { (char)toupper((unsigned char)letter), '\0' };

    for (int i = 0; i < n; i++) {
        const char name[] = { (char)('a' + i), '\0' };
        struct zone_draft draft = {
            .order = id, .name = name, .centre = { 0.4, 51.5 }, .radius = 200
        };
        struct fault why;

        assert_true(rulebook_add_zone(rules, &draft, &why));
    }
}

/* Letters are orders; behind one `!`: it is not served, and a digit: so many zones. */
static struct rulebook *rules_of(const char *orders)
{
    struct rulebook *rules =
        rulebook_create(&essex, &london_2020, (struct rulebook_room){ 8, 8, 8, 8 });
    struct fault why;

    for (const char *one = orders; *one != '\0'; one++) {
        if (isalpha((unsigned char)*one))
            add_order(rules, *one, one[1] != '!');
    }
    for (const char *one = orders, *order = orders; *one != '\0'; one++) {
        if (isalpha((unsigned char)*one))
            order = one;
        else if (isdigit((unsigned char)*one))
            add_zones(rules, *order, *one - '0');
    }
    assert_true(rulebook_seal(rules, &why));
    return rules;
}

static const struct row {
    const char *says, *was, *is;
    size_t stood, gone;
    bool landslide;
    size_t zones_stood, zones_gone;
} rows[] = {
    { "nothing is gone", "ABCD", "ABCD", 4, 0, false, 0, 0 },
    { "there was nothing to go", "", "", 0, 0, false, 0, 0 },
    { "the first orders of all come", "", "AB", 0, 0, false, 0, 0 },
    { "one of three is gone", "ABC", "AB", 3, 1, false, 0, 0 },
    { "one of two is half", "AB", "A", 2, 1, true, 0, 0 },
    { "the only one is all", "A", "", 1, 1, true, 0, 0 },
    { "two of four are half, though others come", "ABCD", "ABEFGH", 4, 2, true, 0, 0 },
    { "all are gone, and others are there", "AB", "CD", 2, 2, true, 0, 0 },
    { "an order that has ended may go", "aB", "B", 1, 0, false, 0, 0 },
    { "so may all that have ended", "ab", "", 0, 0, false, 0, 0 },
    { "what has ended is no reason for others to stay", "abcD", "abc", 1, 1, true, 0, 0 },
    { "an order that changed is there", "AB", "aB", 2, 0, false, 0, 0 },
    { "orders without any zone left are gone", "A1B2C1", "ABC1", 3, 2, true, 4, 3 },
    { "one of three of them is not half", "A1B2C2", "AB2C2", 3, 1, false, 5, 1 },
    { "an order that never had a zone has none to lose", "ABC1", "ABC1", 3, 0, false, 1, 0 },
    { "half of the zones are gone, of no order all", "A2B2C3", "A1B1C1", 3, 0, true, 7, 4 },
    { "less than half of them are", "A2B2C3", "A1B1C2", 3, 0, false, 7, 3 },
    { "zones of an order that is gone are its own", "A1B1C4", "A1B1", 3, 1, false, 2, 0 },
    { "zones that come make up for no other order's", "A2B2", "A4", 2, 1, true, 2, 0 },
    { "orders that are no longer served bind nobody", "ABC", "A!B!C", 3, 2, true, 0, 0 },
    { "those that never were served lose nothing", "A!B!C", "A!B!C", 3, 0, false, 0, 0 },
    { "zones of an order that has ended may go", "a1B1", "aB1", 1, 0, false, 1, 0 },
};

static void it_is_believed_or_not(void **state)
{
    const struct row *row = *state;
    struct rulebook *was = rules_of(row->was), *is = rules_of(row->is);
    struct revision_loss loss = revision_loss(was, is, utc_of(at));

    assert_int_equal(loss.stood, row->stood);
    assert_int_equal(loss.gone, row->gone);
    assert_int_equal(revision_is_landslide(loss), row->landslide);
    assert_int_equal(loss.zones_stood, row->zones_stood);
    assert_int_equal(loss.zones_gone, row->zones_gone);
    rulebook_destroy(was);
    rulebook_destroy(is);
}

int main(void)
{
    return rows_hold("orders that went", rows, it_is_believed_or_not);
}
