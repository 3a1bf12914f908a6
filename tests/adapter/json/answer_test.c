/* SPDX-License-Identifier: Apache-2.0 */
/* answer_test.c - what a sender is told of its pings. */
#include "adapter/json/answer.h"

#include <jansson.h>
#include <stdint.h>

#include "support/test.h"

static void what_refuses_nothing_is_told_in_place(void **state)
{
    struct answer answer;

    (void)state;
    answer_init(&answer, true);
    assert_string_equal(answer_print(&answer), "{\"accepted\":0,\"classes\":{},\"rejected\":[]}");
    answer_accept(&answer, ARRIVED_LATE);
    answer_accept(&answer, ARRIVED_NEW);
    answer_accept(&answer, ARRIVED_NEW);
    assert_string_equal(answer_print(&answer),
                        "{\"accepted\":3,\"classes\":{\"new\":2,\"late\":1},\"rejected\":[]}");
    assert_int_equal(answer_code(&answer), 200);
    assert_null(answer_first_refusal(&answer));
    answer_fini(&answer);
}

static void a_device_is_told_no_classes(void **state)
{
    struct answer answer;

    (void)state;
    answer_init(&answer, false);
    answer_accept(&answer, ARRIVED_NEW);
    assert_string_equal(answer_print(&answer), "{\"accepted\":1,\"rejected\":[]}");
    answer_reject(&answer, 1, "lat: missing");
    assert_string_equal(answer_print(&answer),
                        "{\"accepted\":1,\"rejected\":[{\"index\":1,\"why\":\"lat: missing\"}]}");
    answer_fini(&answer);
}

static void what_is_refused_is_told_with_its_reason(void **state)
{
    struct answer answer;

    (void)state;
    answer_init(&answer, true);
    answer_reject(&answer, 0, "a \"b\"");
    assert_int_equal(answer_code(&answer), 400);
    assert_string_equal(answer_first_refusal(&answer), "a \"b\"");
    assert_string_equal(answer_print(&answer),
                        "{\"accepted\":0,\"classes\":{},\"rejected\":[{\"index\":0,\"why\":\"a "
                        "\\\"b\\\"\"}]}");
    answer_fini(&answer);
    answer_init(&answer, true);
    answer_error(&answer, "not JSON");
    assert_string_equal(answer_print(&answer), "{\"accepted\":0,\"classes\":{},\"rejected\":[],"
                                               "\"error\":\"not JSON\"}");
    answer_fini(&answer);
}

/* Each class as often as it can be: what is printed in place has room for that. */
static void the_longest_has_room(void **state)
{
    struct answer answer;
    json_t *read;

    (void)state;
    answer_init(&answer, true);
    answer.accepted = SIZE_MAX / 2; // as many as JSON's whole numbers go
    for (int i = 0; i < ARRIVALS; i++)
        answer.classes[i] = SIZE_MAX / 2;
    read = json_loads(answer_print(&answer), 0, NULL);
    assert_non_null(read);
    assert_int_equal(json_object_size(json_object_get(read, "classes")), ARRIVALS);
    json_decref(read);
    answer_fini(&answer);
}

static void what_no_memory_was_there_for_is_not_told(void **state)
{
    struct answer answer;

    (void)state;
    answer_init(&answer, true);
    answer_reject(&answer, 0, "lat: missing");
    answer.lacks_memory = true;
    assert_null(answer_print(&answer));
    answer_fini(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_refuses_nothing_is_told_in_place),
        cmocka_unit_test(a_device_is_told_no_classes),
        cmocka_unit_test(what_is_refused_is_told_with_its_reason),
        cmocka_unit_test(the_longest_has_room),
        cmocka_unit_test(what_no_memory_was_there_for_is_not_told),
    };

    return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
