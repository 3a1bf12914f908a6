/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, withdrawals, texts that are not ours, or were written by somebody else: refused. */
#include "adapter/json/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { DEVICES = RESPONDENT_DEVICES_MAX, ZONES = QUESTION_ZONES_MAX };

/* `{"a":1,…}` of n members, each `"key%d":value`. */
static char *object_of(int n, const char *value)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (int i = 0; i < n; i++)
        fprintf(out, "%s\"k%d\":%s", i ? "," : "{", i, value);
    fputc('}', out);
    fclose(out);
    return text;
}

static void assert_refused(const char *kind, const char *body)
{
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why = { .text = "" };

    if (input_read(kind, body, kept, &why))
        fail_msg("was read: %.200s", body);
    assert_true(why.text[0] != '\0');
    free(kept);
}

static void one_device_or_zone_or_order_too_many_is_refused(void **state)
{
    static const char form[] = "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{"
                               "\"orders\":%s,\"devices\":%s,\"incidents\":%s}}";
    char *nine = object_of(DEVICES + 1, "{}"), *many = object_of(ZONES + 1, "{}");
    char *list = object_of(ZONES + 1, "\"ab\""), body[4096];
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why;

    (void)state;
    snprintf(body, sizeof body, form, "[]", nine, "{}");
    assert_refused("time", body);
    snprintf(body, sizeof body, form, "[]", "{}", many);
    assert_refused("time", body);
    for (char *at = list; *at != '\0'; at++) // ["k0","ab",…]: twice as many
        *at = *at == '{' ? '[' : *at == '}' ? ']' : *at == ':' ? ',' : *at;
    snprintf(body, sizeof body, form, list, "{}", "{}");
    assert_refused("time", body);
    snprintf(body, sizeof body, form, "[]", "{}", "{}");
    assert_true(input_read("time", body, kept, &why));
    free(kept);
    free(nine);
    free(many);
    free(list);
}

static void what_is_not_of_its_type_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "null",
        "{}",
        "{",
        "\"\"",
        "{\"respondent\":\"R\"}",
        "{\"respondent\":7,\"now\":1,\"at\":1}",
        "{\"respondent\":\"a b\",\"now\":1,\"at\":1}",
        "{\"respondent\":\"\",\"now\":1,\"at\":1}",
        "{\"respondent\":\"R\",\"now\":\"1\",\"at\":1}",
        "{\"respondent\":\"R\",\"now\":1.5,\"at\":1}",
        "{\"respondent\":\"R\",\"now\":9223372036854775807,\"at\":1}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":-9223372036854775808}",
        "{\"respondent\":\"R\",\"now\":1,\"now\":2,\"at\":1}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":[]}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":{},\"devices\":{},"
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[7],\"devices\":{},"
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[\"0123456789abc\"],"
        "\"devices\":{},\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":[],"
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":{\"a "
        "b\":{}},"
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":{\"a\":"
        "{\"recent_next\":99}},\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":{},"
        "\"incidents\":{\"A/z\":{\"phase\":9}}}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_refused("time", bodies[i]);
        assert_refused("rules", bodies[i]);
        assert_refused("ping", bodies[i]);
    }
    assert_refused("ping", "{\"respondent\":\"R\",\"now\":1,\"at\":1}"); // no ping
}

static void what_is_too_long_is_refused(void **state)
{
    enum { HUGE_TEXT = 1 << 20 };
    char *long_text = malloc(HUGE_TEXT + 1), *body = malloc(HUGE_TEXT + 300);
    static const char *const forms[] = {
        "{\"respondent\":\"%s\",\"now\":1,\"at\":1}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"settings\":\"%s\",\"orders\":[],"
        "\"devices\":{},\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[\"%s\"],\"devices\":{},"
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":{\"%s\":{}}"
        ","
        "\"incidents\":{}}}",
        "{\"respondent\":\"R\",\"now\":1,\"at\":1,\"before\":{\"orders\":[],\"devices\":{},"
        "\"incidents\":{\"%s\":{}}}}",
    };

    (void)state;
    memset(long_text, 'a', HUGE_TEXT);
    long_text[HUGE_TEXT] = '\0';
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(body, HUGE_TEXT + 300, forms[i], long_text);
#pragma GCC diagnostic pop
        assert_refused("time", body);
    }
    memset(body, '[', HUGE_TEXT); // deep
    body[HUGE_TEXT] = '\0';
    assert_refused("time", body);
    free(long_text);
    free(body);
}

static void a_withdrawal_or_text_of_another_type_is_refused(void **state)
{
    static const char *const gone_bodies[] = {
        "",
        "[]",
        "{}",
        "{\"now\":1}",
        "{\"now\":1,\"subject\":7,\"incident\":{}}",
        "{\"now\":1,\"order\":\"0123456789abc\",\"incident\":{}}",
        "{\"now\":\"1\",\"incident\":{}}",
        "{\"now\":1,\"incident\":{\"phase\":-1}}",
    };
    static const char *const order_bodies[] = { "",
                                                "[]",
                                                "{}",
                                                "{\"digest\":\"ab\"}",
                                                "{\"digest\":\"ab\",\"text\":7}",
                                                "{\"digest\":\"0123456789abc\",\"text\":\"\"}" };
    struct kept_withdrawal gone;
    char digest[DIGEST_CHARS + 1];
    struct fault why;

    (void)state;
    for (size_t i = 0; i < sizeof gone_bodies / sizeof *gone_bodies; i++)
        assert_false(input_read_withdrawn(gone_bodies[i], &gone, &why));
    for (size_t i = 0; i < sizeof order_bodies / sizeof *order_bodies; i++)
        assert_null(input_read_order(order_bodies[i], digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_device_or_zone_or_order_too_many_is_refused),
        cmocka_unit_test(what_is_not_of_its_type_is_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(a_withdrawal_or_text_of_another_type_is_refused),
    };

    return cmocka_run_group_tests_name("input_refused", tests, NULL, NULL);
}
