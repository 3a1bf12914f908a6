/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of [order] and [permit]: what each may be, and what is only doubted. */
#include "adapter/conf/orderfile.h"

#include <stdio.h>
#include <string.h>

#include "support/orders.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "support/test.h"

#define A(n)   "orders.d/A.conf:" #n ": "
#define X50    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define NAME64 "0123456789012345678901234567890123456789012345678901234567890123"

/* The text of A.conf, and what is said of it. */
static const struct row {
    const char *says, *text, *want;
} rows[] = {
#define WITH(more) ORDER("A", "R", "t") more ZONE("A/z") // `more` from line 8 on
    { "every key of an order",
      WITH("clause = 3\narea = Basildon\nage = 27\nuntil = 2020-07-07T12:00:00+01:00\n"), "" },
    { "an unknown key", WITH("colour = red\n"), A(8) "colour: no such key here\n" },
    { "a zone's key", WITH("radius = 200 m\n"), A(8) "radius: no such key here\n" },
    { "a key twice", WITH("kind = bail\n"), A(8) "kind: given twice\n" },
    { "an age below", WITH("age = 9\n"), A(8) "age: 9 is outside 10..120\n" },
    { "an age above", WITH("age = 121\n"), A(8) "age: 121 is outside 10..120\n" },
    { "an age in words", WITH("age = young\n"), A(8) "age: \"young\" is not a whole number\n" },
    { "an area without name", WITH("area =\n"), A(8) "area: has 0 characters, not 1..64\n" },
    { "an area of 65", WITH("area = " NAME64 "x\n"), A(8) "area: has 65 characters, not 1..64\n" },
    { "an area that rings", WITH("area = Basil\adon\n"), A(8) "area: holds a control character\n" },
    { "an area in UTF-8", WITH("area = Ch\xc3\xa2teau\n"), "" },
    { "a clause of 33", WITH("clause = 012345678901234567890123456789012\n"),
      A(8) "clause: has 33 characters, not 1..32\n" },
    { "a time without offset", WITH("until = 2020-07-07T12:00:00\n"),
      A(8) "until: \"2020-07-07T12:00:00\" is not like 2020-06-09T12:00:00+01:00 or "
           "2020-06-09 12:00\n" },
    { "a day that is not there", WITH("until = 2020-06-31T12:00:00Z\n"),
      A(8) "until: \"2020-06-31T12:00:00Z\" names a day that the calendar has not\n" },
    { "an end at the start", WITH("until = 2020-06-09T12:00:00Z\n"),
      A(8) "until: not after from\n" A(7) "served: not before until\n" },
    { "served at the end", WITH("until = 2020-06-09T15:30:00Z\n"),
      A(7) "served: not before until\n" },

    { "everything that must be given", "[order A]\n",
      A(1) "A: kind must be given\n" A(1) "A: respondent must be given\n" A(
          1) "A: devices must be given\n" A(1) "A: from must be given\n" },
    { "an id of 64", ORDER(NAME64, "R", "t") ZONE(NAME64 "/" NAME64), "" },
    { "nine devices", ORDER("A", "R", "a,b,c,d,e,f,g,h,i") ZONE("A/z"),
      A(4) "devices: more than 8 devices\n" },
    { "eight devices", ORDER("A", "R", "a b, c ,d,e,f,g,h") ZONE("A/z"), "" },
    { "no device", ORDER("A", "R", ",") ZONE("A/z"), A(4) "devices: names no device\n" },
    { "a device of no name", ORDER("A", "R", "t/1") ZONE("A/z"),
      A(4) "devices: \"t/1\" is not 1..64 letters, digits, - _ .\n" },
    { "a respondent of no name", ORDER("A", "John Smith", "t") ZONE("A/z"),
      A(3) "respondent: \"John Smith\" is not 1..64 letters, digits, - _ .\n" },
    { "an unknown kind",
      "[order A]\nkind = dvpo\nrespondent = R\ndevices = t\nmonitoring = maybe\n"
      "from = 2020-06-09T12:00:00Z\nserved = 2020-06-09T12:00:00Z\n" ZONE("A/z"),
      A(2) "kind: \"dvpo\" is none of: DVPN DVPO DAPN DAPO non-molestation restraining bail "
           "other\n" A(5) "monitoring: \"maybe\" is none of: consent dapo bail licence\n" },

#define NOT_ID "ids are 1..64 letters, digits, - _ . and a zone's or permit's is ORDER/NAME\n"
    { "an order without id", "[order ]\nkind = DVPO\n", A(1) "[order ]: " NOT_ID },
    { "an order with a blank", "[order A B]\n", A(1) "[order A B]: " NOT_ID },
    { "an order with a slash", "[order A/B]\n", A(1) "[order A/B]: " NOT_ID },
    { "an id of 65", "[order " NAME64 "x]\n", A(1) "[order " NAME64 "x]: " NOT_ID },
    { "a zone without order", "[zone z]\n", A(1) "[zone z]: " NOT_ID },
    { "a zone with two slashes", "[zone A/b/c]\n", A(1) "[zone A/b/c]: " NOT_ID },
    { "a permit without name", "[permit A/]\n", A(1) "[permit A/]: " NOT_ID },
    { "a key before any section", "kind = DVPO\n", A(1) "kind: stands before any [section]\n" },

#define SPAN(kind, until)                                                                          \
    "[order A]\nkind = " kind "\nrespondent = R\ndevices = t\nmonitoring = dapo\n"                 \
    "from = 2020-03-20T12:00:00Z\nserved = 2020-03-20T12:00:00Z\n" until ZONE("A/z")
#define UNTIL(text) "until = " text "\n"
    { "a DVPO of 14 days", SPAN("DVPO", UNTIL("2020-04-03T12:00:00Z")), "" },
    { "a DVPO of 28 days over a change of clocks", SPAN("DVPO", UNTIL("2020-04-17T12:00:00+01:00")),
      "" },
    { "a DVPO of 13 days", SPAN("DVPO", UNTIL("2020-04-02T12:00:00Z")),
      A(8) "warning: until: a DVPO lasts 14 to 28 days, this one 13.0\n" },
    { "a DVPO of 29 days", SPAN("DVPO", UNTIL("2020-04-18T12:00:00Z")),
      A(8) "warning: until: a DVPO lasts 14 to 28 days, this one 29.0\n" },
    { "a DVPO for ever", SPAN("DVPO", ""),
      A(1) "warning: until: a DVPO lasts 14 to 28 days, this one has no end\n" },
    { "a DVPN of 48 hours", SPAN("DVPN", UNTIL("2020-03-22T12:00:00Z")), "" },
    { "a DVPN of 50 hours", SPAN("DVPN", UNTIL("2020-03-22T14:00:00Z")),
      A(8) "warning: until: a DVPN lasts up to 48 hours, this one 50\n" },
    { "a DAPO as long as the court says", SPAN("DAPO", ""), "" },
    { "not served, not said why tracked",
      "[order A]\nkind = other\nrespondent = R\ndevices = t\nfrom = 2020-03-20T12:00:00Z\n" ZONE(
          "A/z"),
      A(1) "warning: served: not given, so the order is not enforceable yet\n" A(
          1) "warning: monitoring: not given: why may this person be tracked at all?\n" },
    { "no zone", ORDER("A", "R", "t"), A(1) "warning: order A: has no zone\n" },

#define PERMIT(more) ORDER("A", "R", "t") ZONE("A/z") "[permit A/p]\n" more // from line 12
#define DAY          "from = 2020-06-23T09:00:00Z\nuntil = 2020-06-23T17:00:00Z\n"
    { "a permit for all zones", PERMIT(DAY), "" },
    { "a permit by name", PERMIT(DAY "zones = z\nby = Sgt 1234\nwhy = court\n"), "" },
    { "a permit without time", PERMIT("by = Sgt 1234\n"),
      A(11) "A/p: from must be given\n" A(11) "A/p: until must be given\n" },
    { "a permit backwards", PERMIT("from = 2020-06-23T17:00:00Z\nuntil = 2020-06-23T09:00:00Z\n"),
      A(13) "until: not after from\n" },
    { "a permit of a day each week", PERMIT(DAY "every = Tue 10:00-11:30; Thu 14:00-15:00\n"), "" },
    { "a permit of no day", PERMIT(DAY "every = Tuesday\n"),
      A(14) "every: \"Tuesday\" is not like `Mon-Fri 08:00-16:30; Sat 09:00-12:00`\n" },
    { "a permit whose second day would be a comment",
      PERMIT(DAY "every = Tue 10:00-11:30 ; Thu 14:00-15:00\n"),
      A(14) "every: a blank before ; makes a comment of the next window: leave it out\n" },
    { "an order's days belong to its zones", WITH("every = Tue 10:00-11:30\n"),
      A(8) "every: no such key here\n" },
    { "a permit that ends before its order begins",
      PERMIT("from = 2020-06-01T09:00:00Z\nuntil = 2020-06-09T12:00:00Z\n"),
      A(11) "warning: permit A/p: lies outside of its order, which begins later\n" },
    { "a permit that begins when its order has ended",
      WITH("until = 2020-07-01T12:00:00Z\n") "[permit A/p]\nfrom = 2020-07-01T12:00:00Z\nuntil = "
                                             "2020-07-02T12:00:00Z\n",
      A(12) "warning: permit A/p: lies outside of its order, which has ended by then\n" },
    { "a permit of one hour of its order",
      PERMIT("from = 2020-06-01T09:00:00Z\nuntil = 2020-06-09T13:00:00Z\n"), "" },
    { "a permit whose days come too late",
      PERMIT(
          "from = 2020-06-20T00:00:00Z\nuntil = 2020-06-23T09:00:00Z\nevery = Tue 10:00-11:30\n"),
      A(11) "warning: permit A/p: none of its windows lies within its time and its order's\n" },
    { "a permit with one minute of its days",
      PERMIT(
          "from = 2020-06-20T00:00:00Z\nuntil = 2020-06-23T10:01:00Z\nevery = Tue 10:00-11:30\n"),
      "" },
    { "a permit of a day that may be none",
      PERMIT(DAY "every = Mon 09:00-12:00; Tue 10:00-10:00\n"),
      A(14) "every: opens and shuts at the same time: 24 hours, or none?\n" },
    { "a permit of whole days", PERMIT(DAY "every = Tue 00:00-24:00\n"), "" },
    { "a schedule of a day that may be none",
      ORDER("A", "R", "t") ZONE("A/z") "schedule = Tue 10:00-10:00\n",
      A(11) "warning: schedule: opens and shuts at the same time: 24 hours\n" },
    { "a permit until far away",
      PERMIT("from = 2020-06-23T09:00:00Z\nuntil = 2199-06-23T17:00:00Z\n"),
      A(11) "warning: permit A/p: excuses every zone without a break for more than 31 days: "
            "nothing "
            "there is a breach, is that meant?\n" },
    { "a permit of a month", PERMIT("from = 2020-06-23T09:00:00Z\nuntil = 2020-07-24T09:00:00Z\n"),
      "" },
    { "a permit as long as its order",
      WITH("until = 2020-06-30T12:00:00Z\n") "[permit A/p]\nzones = z\n"
                                             "from = 2020-06-01T00:00:00Z\nuntil = "
                                             "2020-07-02T12:00:00Z\n",
      A(12) "warning: permit A/p: excuses its zones without a break for all of its order's time: "
            "nothing there is a breach, is that meant?\n" },
    { "a permit for years, an hour a week",
      PERMIT(
          "from = 2020-06-23T09:00:00Z\nuntil = 2023-06-23T17:00:00Z\nevery = Tue 10:00-11:30\n"),
      "" },
    { "an area in quotation marks", WITH("area = \"Basildon\"\n"),
      A(8) "warning: area: the quotation marks are part of it: leave them out\n" },
    { "a permit for another zone", PERMIT(DAY "zones = z, y\n"),
      A(14) "zones: order A has no zone y\n" },
    { "a permit for no zone", PERMIT(DAY "zones = ,\n"), A(14) "zones: names no zone\n" },
    { "a permit's unknown key", PERMIT(DAY "reason = court\n"),
      A(14) "reason: no such key here\n" },
    { "a permit of an unknown order", PERMIT(DAY "[permit B/p]\n" DAY),
      A(14) "permit B/p: there is no order B\n" },
    { "a zone of an unknown order", ORDER("A", "R", "t") ZONE("A/z") ZONE("B/z"),
      A(11) "zone B/z: there is no order B\n" },
    { "a refused order is refused once", ORDER("A", "R", "t") "age = 9\n" ZONE("A/z"),
      A(8) "age: 9 is outside 10..120\n" },
    { "a refused zone is refused once",
      ORDER("A", "R", "t") "[zone A/z]\ncentre = 51.56844, 0.45782\nradius = 0 m\n[permit A/p]\n"
                           "zones = z\n" DAY,
      A(10) "radius: 0 m is outside 1 m..100 km\n" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    assert_said_of(row->says, row->text, row->want);
}

/* Alerts are JSON, which cannot hold them: they would be lost on the night of the breach. */
static void texts_that_are_no_utf_8_are_refused(void **state)
{
    static const char *const keys[] = { "area", "clause" };
    static const char *const values[] = { "\xa7 3",       "Ch\xe2teau", "\xc3",
                                          "\xed\xa0\x80", "\xc0\xaf",   "\xf5\x80\x80\x80" };
    int taken = 0;
    (void)state;

    for (size_t i = 0; i < 2 * 6; i++) {
        struct complaints complaints = { 0 };
        struct rulebook *rulebook;
        char text[512];

        snprintf(text, sizeof text, ORDER("A", "R", "t") "%s = %s\n" ZONE("A/z"), keys[i / 6],
                 values[i % 6]);
        scratch_write("orders.d/A.conf", text);
        rulebook = orders_load(&complaints);
        taken += rulebook != NULL;
        rulebook_destroy(rulebook);
        complaints_fini(&complaints);
    }
    assert_int_equal(taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(texts_that_are_no_utf_8_are_refused),
    };

    return rows_hold_in("orderfile_keys_rows", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("orderfile_keys", tests, NULL, NULL);
}
