/* SPDX-License-Identifier: Apache-2.0 */
/* testimony_test.c - what a device's pings say by themselves, one after the other: row by row. */
#include "core/testimony.h"

#include <math.h>

#include "support/rows.h"
#include "support/test.h"

/*
 * Of its words one letter each, `every` seconds apart: I inside, O outside, P outside and poor,
 * L outside by a leap, ? not sure either way, C coarsely inside, i and o of another device
 * of his, F and S inside and outside at the very same place again.
 */
static struct testimony_word word_of(char letter, double second)
{
    struct testimony_word word = { .device = letter == 'i' || letter == 'o' ? 2 : 1,
                                   .when = { (int64_t)(second * 1000) },
                                   .accuracy = letter == 'P' ? TESTIMONY_POOR_M : 8,
                                   .doubted = letter == 'L' || letter == 'C',
                                   .again = letter == 'F' || letter == 'S' };

    word.inside = letter == 'I' || letter == 'i' || letter == 'C' || letter == 'F' ? 0.99
                  : letter == '?'                                                  ? 0.5
                                                                                   : 0.01;
    return word;
}

static const struct row {
    const char *says, *words;
    double every; // seconds
    uint32_t sum;
    bool lasts, proves;
} rows[] = {
    { "1. a ping inside adds three,", "I", 60, 3, false, false },
    { "1. up to eight", "IIIIIII", 10, 8, true, false },
    { "1. one 36 minutes later begins it", "II", 36 * 60, 3, false, false },
    { "2. one outside takes six: nothing is left of one inside,", "IO", 60, 0, false, false },
    { "2. nor of two", "IIO", 60, 0, false, false },
    { "2. but something of three", "IIIO", 60, 2, true, false },
    { "2. nothing comes of every second one outside", "IOIOIOIOIOIOI", 60, 3, false, false },
    { "2. nor of each third,", "IIOIIOIIOIIOII", 60, 6, true, false },
    { "2. but of each fourth", "IIIOIIIOIIIOIII", 60, 8, true, true },
    { "2. who was seen there for minutes has gone by the second outside", "IIIIOO", 60, 0, false,
      false },
    { "3. one that is poor takes half of it and a half,", "IP", 60, 1, false, false },
    { "3. so does a leap,", "IIIL", 60, 3, true, false },
    { "3. and the third of who was there for long leaves nothing", "IIIIPPP", 60, 0, false, false },
    { "4. what is not sure is no word,", "I??????I", 60, 6, true, false },
    { "4. nor is what has him inside coarsely", "CCCCCCC", 60, 0, false, false },
    { "4. nor the very same place again, inside,", "IFFFF", 60, 3, false, false },
    { "4. but outside: who parks has gone by the second", "IIIIOS", 60, 0, false, false },
    { "5. another device is not heard while this one's lasts,", "IiiiI", 60, 6, true, false },
    { "5. nor does it take anything,", "IIooo", 60, 6, true, false },
    { "5. but after 35 minutes", "Ii", 36 * 60, 3, false, false },
    { "6. two a minute apart have lasted", "II", 60, 6, true, false },
    { "6. and two within it have not", "II", 59, 6, false, false },
    { "7. three over three minutes prove it,", "III", 90, 8, true, true },
    { "7. not two,", "II", 600, 6, true, false },
    { "7. nor many over less,", "IIIIIIIIIIII", 15, 8, true, false },
    { "7. nor what was outside just now", "IIIIO", 60, 2, true, false },
};

/* Of 9.: `sum` is that of the hints. */
static const struct row hint_rows[] = {
    { "9. one no likelier outside is a hint,", "?", 60, 1, false, false },
    { "9. over four minutes not enough,", "?????", 60, 5, false, false },
    { "9. but over five,", "??????", 60, 6, true, false },
    { "9. up to six, and they prove nothing;", "??????????????????????????????", 60, 6, true,
      false },
    { "9. one outside takes three,", "???O", 60, 0, false, false },
    { "9. so that each fifth hides nothing,", "????O????O????O", 60, 3, true, false },
    { "9. each fourth does,", "???O???O???O???O???", 60, 3, false, false },
    { "9. and who was there for long has gone by the second,", "????????????OO", 60, 0, false,
      false },
    { "9. not by the first", "????????????O", 60, 3, true, false },
    { "9. two are too few, however far apart,", "??", 600, 2, false, false },
    { "9. a coarse one is none", "?????CCCCCC?????", 60, 6, true, false },
    { "9. nor the very same again", "?FFFFFFFFFFFF", 60, 1, false, false },
};

static struct testimony hear(const struct row *row)
{
    struct testimony testimony = { 0 };

    for (size_t i = 0; row->words[i] != '\0'; i++) {
        struct testimony_word word = word_of(row->words[i], 1000 + (double)i * row->every);

        testimony_hear(&testimony, &word);
        assert_true(testimony_settle(&testimony));
    }
    return testimony;
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct testimony testimony = hear(row);

    assert_int_equal(testimony.sum, row->sum);
    assert_int_equal(testimony_has_lasted(&testimony), row->lasts);
    assert_int_equal(testimony_proves(&testimony), row->proves);
}

static void hint_row_holds(void **state)
{
    const struct row *row = *state;
    struct testimony testimony = hear(row);

    assert_int_equal(testimony.hints, row->sum);
    assert_int_equal(testimony_has_lasted(&testimony), row->lasts);
    assert_int_equal(testimony_proves(&testimony), row->proves);
}

/* Of ten minutes of sure ones, and then of hints: the former are gone when it is time. */
static void each_ends_by_its_own_time(void **state)
{
    struct testimony testimony = { 0 };
    struct testimony_word word;

    (void)state;
    for (int minute = 0; minute < 60; minute++) {
        word = word_of(minute < 10 ? 'I' : '?', 1000 + 60 * minute);
        assert_true(testimony_hear(&testimony, &word));
        testimony_expire(&testimony, word.when);
    }
    assert_false(testimony_proves(&testimony));
    assert_int_equal(testimony.sum, 0);
    assert_true(testimony_has_lasted(&testimony));
}

static void time_ends_what_no_ping_does(void **state)
{
    struct testimony testimony = { 0 };
    struct testimony_word in = word_of('I', 1000), out = word_of('O', 1200);
    struct utc due;

    (void)state;
    assert_true(testimony_due(&testimony).ms == UTC_NEVER.ms);
    assert_false(testimony_expire(&testimony, (struct utc){ UTC_END.ms }));
    for (int i = 0; i < 3; i++, in.when.ms += 60 * 1000)
        testimony_hear(&testimony, &in);
    testimony_hear(&testimony, &out);
    due = testimony_due(&testimony);
    assert_true(due.ms == in.when.ms - 60 * 1000 + TESTIMONY_GAP_MS + 1);
    assert_false(testimony_expire(&testimony, utc_plus(due, -1)));
    assert_true(testimony_has_lasted(&testimony));
    assert_true(testimony_expire(&testimony, due));
    assert_false(testimony_has_lasted(&testimony));
}

static void a_poor_word_of_the_same_device_is_outweighed(void **state)
{
    struct testimony testimony = { 0 };
    struct testimony_word in = word_of('I', 1000), poor = word_of('P', 1060),
                          out = word_of('O', 1060), other = word_of('o', 1060);

    (void)state;
    assert_false(testimony_outweighs(&testimony, &poor)); // 8. of nothing
    assert_true(testimony_hear(&testimony, &in));
    assert_true(testimony_outweighs(&testimony, &poor));
    assert_false(testimony_outweighs(&testimony, &out));
    other.accuracy = TESTIMONY_POOR_M;
    assert_false(testimony_outweighs(&testimony, &other));
}

static void what_cannot_have_come_of_pings_is_seen(void **state)
{
    struct testimony full = { .device = 1, .sum = TESTIMONY_MOST + 1, { 1000 }, { 2000 } },
                     early = { .device = 1, .sum = 3, { -1 }, { 1000 } },
                     hinted = { .device = 1, .hints = TESTIMONY_HINTS + 1 }, none = { 0 };

    (void)state;
    assert_true(testimony_settle(&none));
    assert_false(testimony_settle(&full));
    assert_false(testimony_settle(&early));
    assert_false(testimony_settle(&hinted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_ends_by_its_own_time),
        cmocka_unit_test(time_ends_what_no_ping_does),
        cmocka_unit_test(a_poor_word_of_the_same_device_is_outweighed),
        cmocka_unit_test(what_cannot_have_come_of_pings_is_seen),
    };

    return rows_hold("what pings say by themselves", rows, row_holds) +
           rows_hold("what they hint at", hint_rows, hint_row_holds) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
