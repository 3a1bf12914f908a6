/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked at the ledger's door: what is one comes through, and what is none is told. */
#include "adapter/json/ledger_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define ACCESS                                                                                     \
    "{\\\"command\\\":\\\"explain\\\",\\\"of\\\":\\\"A/home/1\\\",\\\"user\\\":\\\"root\\\","      \
    "\\\"uid\\\":0,\\\"reason\\\":\\\"x\\\""
#define ASK(body) "{\"errand\":\"access\",\"chain\":\"ab\",\"body\":\"" body "\"}"

static const struct row {
    const char *says, *line, *why; // NULL: it is one
} rows[] = {
    { "a look", ASK(ACCESS "}"), NULL },
    { "one by somebody, after sudo", ASK(ACCESS ",\\\"sudo\\\":\\\"jo\\\",\\\"by\\\":\\\"Sgt\\\"}"),
      NULL },
    { "one with more than a look has", ASK(ACCESS ",\\\"lat\\\":51.5}"), "no record" },
    { "one without a reason",
      ASK("{\\\"command\\\":\\\"x\\\",\\\"of\\\":\\\"\\\",\\\"user\\\":\\\"u\\\",\\\"uid\\\":0}"),
      "no record" },
    { "one whose reason is no text", ASK(ACCESS "1}"), "no record" },
    { "one that is no JSON", ASK("x"), "no record" },
    { "what is in an archive",
      "{\"errand\":\"let-go\",\"chain\":\"ab\",\"newest\":7,\"body\":\"" ACCESS "}\"}", NULL },
    { "what is in one, nobody knows which",
      "{\"errand\":\"let-go\",\"chain\":\"ab\",\"body\":\"" ACCESS "}\"}", "newest: " },
    { "what is in an empty one",
      "{\"errand\":\"let-go\",\"chain\":\"ab\",\"newest\":0,\"body\":\"" ACCESS "}\"}",
      "newest: " },
    { "the newest link", "{\"errand\":\"chain\",\"chain\":\"\",\"body\":\"\"}", NULL },
    { "of no ledger", "{\"errand\":\"chain\",\"body\":\"\"}", "of which ledger?" },
    { "of a longer one",
      "{\"errand\":\"chain\",\"body\":\"\",\"chain\":"
      "\"0000000000000000000000000000000000000000000000000000000000000000x\"}",
      "of which ledger?" },
    { "without a body", "{\"errand\":\"chain\",\"chain\":\"\"}", "body: " },
    { "another errand", "{\"errand\":\"dance\",\"chain\":\"\",\"body\":\"\"}", "no errand" },
    { "no object", "[]", "no errand" },
    { "no JSON", "hello", "no errand" },
    { "nothing", "", "no errand" },
};

static void each_row_is_read_or_told_why_not(void **state)
{
    static struct ledger_request request;
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = { .text = "" };
        bool ok = ledger_request_read(rows[i].line, &request, &why);

        if (ok != (rows[i].why == NULL) || (!ok && strstr(why.text, rows[i].why) == NULL))
            fail_msg("%s: %s", rows[i].says, why.text);
    }
}

static void what_is_printed_is_read_back(void **state)
{
    static struct ledger_request request = { .kind = LEDGER_REQUEST_ACCESS, .chain = "ab" }, read;
    char *body = access_record_print(&(struct access_record){ .command = "zones",
                                                              .of = "",
                                                              .user = "jo",
                                                              .sudo = NULL,
                                                              .by = "Sgt \"1234\"",
                                                              .reason = "a map",
                                                              .uid = 1001 }),
         *line;
    struct fault why;
    (void)state;

    assert_string_equal(body, "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":1001,"
                              "\"by\":\"Sgt \\\"1234\\\"\",\"reason\":\"a map\"}");
    strcpy(request.body, body);
    line = ledger_request_print(&request);
    assert_true(ledger_request_read(line, &read, &why));
    assert_string_equal(read.body, body);
    assert_string_equal(read.chain, "ab");
    free(line);
    request.kind = LEDGER_REQUEST_LET_GO;
    request.newest = 12345;
    line = ledger_request_print(&request);
    assert_true(ledger_request_read(line, &read, &why));
    assert_int_equal(read.newest, 12345);
    free(body);
    free(line);
}

static const struct witnessed {
    const char *says, *record, *user;
    long uid;
    const char *kept;
} witnessed[] = {
    { "who says who he is",
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"x\"}", "jo", 7,
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"x\"}" },
    { "who says that he is root",
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"root\",\"uid\":0,\"reason\":\"x\"}", "jo", 7,
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"x\","
      "\"said\":{\"user\":\"root\",\"uid\":0}}" },
    { "who says that he was somebody before",
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"sudo\":\"al\","
      "\"reason\":\"x\"}",
      "jo", 7,
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"x\","
      "\"said\":{\"user\":\"jo\",\"uid\":7,\"sudo\":\"al\"}}" },
    { "root says who he was before",
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"root\",\"uid\":0,\"sudo\":\"al\","
      "\"reason\":\"x\"}",
      "root", 0,
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"root\",\"uid\":0,\"sudo\":\"al\","
      "\"reason\":\"x\"}" },
    { "a name that this machine does not know",
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"x\"}", NULL, 7,
      "{\"command\":\"zones\",\"of\":\"\",\"user\":\"?\",\"uid\":7,\"reason\":\"x\","
      "\"said\":{\"user\":\"jo\",\"uid\":7}}" },
};

static void who_asks_is_who_the_kernel_says(void **state)
{
    static struct ledger_request request;
    struct fault why;
    (void)state;

    for (size_t i = 0; i < sizeof witnessed / sizeof *witnessed; i++) {
        print_message("%s\n", witnessed[i].says);
        strcpy(request.body, witnessed[i].record);
        assert_true(ledger_request_witness(&request, witnessed[i].uid, witnessed[i].user, &why));
        assert_string_equal(request.body, witnessed[i].kept);
    }
}

static void a_record_that_has_no_room_for_it_is_refused(void **state)
{
    static struct ledger_request request;
    struct fault why;
    (void)state;

    snprintf(request.body, sizeof request.body,
             "{\"command\":\"zones\",\"of\":\"\",\"user\":\"jo\",\"uid\":7,\"reason\":\"%04020d\"}",
             0);
    assert_false(ledger_request_witness(&request, 8, "al", &why));
    assert_non_null(strstr(why.text, "longer than 4095 bytes"));
}

static void an_answer_is_yes_or_why_not(void **state)
{
    char *yes = ledger_request_print_answer(NULL, true),
         *no = ledger_request_print_answer("blind", false);
    bool more;
    struct fault why;
    (void)state;

    assert_true(ledger_request_read_answer(yes, &more, &why));
    assert_true(more);
    assert_false(ledger_request_read_answer(no, &more, &why));
    assert_false(more);
    assert_string_equal(why.text, "blind");
    assert_false(ledger_request_read_answer("hello", &more, &why));
    assert_string_equal(why.text, "no answer that can be read");
    free(yes);
    free(no);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_read_or_told_why_not),
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(who_asks_is_who_the_kernel_says),
        cmocka_unit_test(a_record_that_has_no_room_for_it_is_refused),
        cmocka_unit_test(an_answer_is_yes_or_why_not),
    };

    return cmocka_run_group_tests_name("ledger_request", tests, NULL, NULL);
}
