/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis_memory.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static bool read_info(struct redis_memory *memory, long used, long most, const char *policy)
{
    char info[512];

    snprintf(info, sizeof info,
             "# Memory\r\nused_memory:%ld\r\nused_memory_human:1M\r\nmaxmemory:%ld\r\n"
             "maxmemory_human:0B\r\nmaxmemory_policy:%s\r\nallocator:x\r\n",
             used, most, policy);
    return redis_memory_read(info, memory);
}

/* One after the other, of the same Redis: used of 1000, and whether it is short of memory. */
static void it_is_told_once_and_until_there_is_room_again(void **state)
{
    static const struct {
        long used;
        bool short_of;
    } steps[] = { { 100, false }, { 799, false }, { 800, true },  { 790, true },
                  { 750, true },  { 749, false }, { 799, false }, { 1200, true } };
    struct redis_memory memory = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_true(read_info(&memory, steps[i].used, 1000, "noeviction"));
        assert_int_equal(memory.short_of, steps[i].short_of);
        assert_int_equal(memory.used, steps[i].used);
        assert_false(redis_memory_evicts(&memory));
    }
}

static void without_a_limit_it_is_never_short(void **state)
{
    struct redis_memory memory = { 0 };

    (void)state;
    assert_true(read_info(&memory, 1L << 40, 0, "noeviction"));
    assert_false(memory.short_of);
    assert_true(redis_memory_share(&memory) == 0);
}

static void any_other_policy_throws_away(void **state)
{
    static const char *const policies[] = { "allkeys-lru", "volatile-lru", "volatile-ttl", "x" };
    struct redis_memory memory = { 0 };

    (void)state;
    assert_false(redis_memory_evicts(&memory)); // nothing is known
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        assert_true(read_info(&memory, 1, 0, policies[i]));
        assert_true(redis_memory_evicts(&memory));
        assert_string_equal(memory.policy, policies[i]);
    }
}

static void what_lacks_a_figure_changes_nothing(void **state)
{
    static const char *const none[] = {
        "",
        "# Memory\r\n",
        "used_memory:5\r\nmaxmemory:7\r\n",
        "used_memory:5\r\nmaxmemory_policy:noeviction\r\n",
        "xused_memory:5\r\nmaxmemory:7\r\nmaxmemory_policy:noeviction\r\n",
        "used_memory:x\r\nmaxmemory:7\r\nmaxmemory_policy:noeviction\r\n",
        "used_memory:-5\r\nmaxmemory:7\r\nmaxmemory_policy:noeviction\r\n",
        "used_memory:5\r\nmaxmemory:7\r\nmaxmemory_policy:\r\n",
        "used_memory:5\r\nmaxmemory:7\r\n"
        "maxmemory_policy:0123456789012345678901234567890123456789\r\n",
    };
    struct redis_memory memory = { 0 };

    (void)state;
    assert_true(read_info(&memory, 900, 1000, "noeviction"));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(redis_memory_read(none[i], &memory));
        assert_int_equal(memory.used, 900);
        assert_true(memory.short_of);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_told_once_and_until_there_is_room_again),
        cmocka_unit_test(without_a_limit_it_is_never_short),
        cmocka_unit_test(any_other_policy_throws_away),
        cmocka_unit_test(what_lacks_a_figure_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
