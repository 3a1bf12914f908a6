/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: begun, found, ended by time, by too many, by who is there no more. */
#include "web/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

enum { IDLE = 1000, ABSOLUTE = 10000 };

static const struct session_limits limits = { IDLE, ABSOLUTE };
static const struct user jones = { .name = "jones", .role = USER_ROOM };

static bool ended;

static struct tick at(int64_t ms)
{
    return (struct tick){ 1000000 + ms };
}

static void one_is_found_by_its_id_alone(void **state)
{
    struct sessions *sessions = sessions_create(&limits);
    char id[SECRET_HEX], other[SECRET_HEX];
    struct session *session = session_begin(sessions, &jones, at(0), id, &ended);
    (void)state;

    assert_non_null(session);
    assert_ptr_equal(session_find(sessions, id, at(0)), session);
    assert_int_equal(strlen(session->csrf), SECRET_HEX - 1);
    assert_string_not_equal(session->csrf, id);
    strcpy(other, id);
    other[0] = other[0] == '0' ? '1' : '0';
    assert_null(session_find(sessions, other, at(0)));
    assert_null(session_find(sessions, "", at(0)));
    session_end(session);
    assert_null(session_find(sessions, id, at(0)));
    assert_int_equal(sessions_count(sessions), 0);
    sessions_destroy(sessions);
}

static void time_ends_it_unless_it_is_used_or_listens(void **state)
{
    struct sessions *sessions = sessions_create(&limits);
    char id[SECRET_HEX];
    struct session *session = session_begin(sessions, &jones, at(0), id, &ended);
    (void)state;

    assert_non_null(session_find(sessions, id, at(IDLE - 1)));
    assert_non_null(session_find(sessions, id, at(2 * IDLE - 2))); // counted from its use
    assert_null(session_find(sessions, id, at(3 * IDLE)));
    session->streams = 1;
    assert_non_null(session_find(sessions, id, at(5 * IDLE)));
    assert_false(sessions_expire(sessions, at(ABSOLUTE - 1)));
    assert_true(sessions_expire(sessions, at(ABSOLUTE)));
    assert_null(session_numbered(sessions, session->number));
    sessions_destroy(sessions);
}

static void one_person_has_so_many(void **state)
{
    struct sessions *sessions = sessions_create(&limits);
    char ids[SESSIONS_OF_ONE_MAX + 1][SECRET_HEX];
    (void)state;

    for (int i = 0; i <= SESSIONS_OF_ONE_MAX; i++) {
        assert_non_null(session_begin(sessions, &jones, at(i), ids[i], &ended));
        session_find(sessions, ids[0], at(i)); // the first is used, the second is the oldest
    }
    assert_int_equal(sessions_count(sessions), SESSIONS_OF_ONE_MAX);
    assert_non_null(session_find(sessions, ids[0], at(20)));
    assert_null(session_find(sessions, ids[1], at(20)));
    assert_non_null(session_find(sessions, ids[SESSIONS_OF_ONE_MAX], at(20)));
    sessions_destroy(sessions);
}

/* The first desk listens and says nothing; log-ins that nobody uses are what goes. */
static void who_listens_stays_while_another_idles(void **state)
{
    struct sessions *sessions = sessions_create(&limits);
    struct session *desk, *idle[SESSIONS_OF_ONE_MAX];
    char id[SECRET_HEX], desk_id[SECRET_HEX];
    (void)state;

    desk = session_begin(sessions, &jones, at(0), desk_id, &ended);
    desk->streams = 1;
    assert_false(ended);
    for (int i = 1; i < 2 * SESSIONS_OF_ONE_MAX; i++) {
        idle[i % SESSIONS_OF_ONE_MAX] = session_begin(sessions, &jones, at(i), id, &ended);
        assert_int_equal(ended, i >= SESSIONS_OF_ONE_MAX);
    }
    assert_ptr_equal(session_find(sessions, desk_id, at(40)), desk);
    for (int i = 1; i < SESSIONS_OF_ONE_MAX; i++)
        idle[i]->streams = 1;
    session_begin(sessions, &jones, at(50), id, &ended); // all listen: the longest unused goes
    assert_true(ended);
    assert_ptr_equal(session_find(sessions, desk_id, at(60)), desk);
    sessions_destroy(sessions);
}

static void when_all_places_are_taken_nobody_comes_in(void **state)
{
    struct sessions *sessions = sessions_create(&limits);
    struct user user = jones;
    char id[SECRET_HEX];
    (void)state;

    for (int i = 0; i < SESSIONS_MAX; i++) {
        snprintf(user.name, sizeof user.name, "u%d", i);
        assert_non_null(session_begin(sessions, &user, at(0), id, &ended));
    }
    assert_null(session_begin(sessions, &jones, at(0), id, &ended));
    assert_true(sessions_expire(sessions, at(IDLE)));
    assert_non_null(session_begin(sessions, &jones, at(IDLE), id, &ended));
    sessions_destroy(sessions);
}

static struct users *users_of(const char *text)
{
    struct complaints complaints = { 0 };
    struct users *users;

    scratch_write("users", text);
    users = users_load("users", &complaints);
    assert_non_null(users);
    return users;
}

static void who_is_there_otherwise_is_out(void **state)
{
    static const char *const files[] = { "jones view -\n", "other room -\n" };
    struct users *users = users_of("jones room -\n");
    char id[SECRET_HEX];
    (void)state;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct sessions *sessions = sessions_create(&limits);
        struct users *fresh = users_of(files[i]);

        session_begin(sessions, users_find(users, "jones"), at(0), id, &ended);
        assert_false(sessions_check(sessions, users));
        assert_true(sessions_check(sessions, fresh));
        assert_int_equal(sessions_count(sessions), 0);
        users_destroy(fresh);
        sessions_destroy(sessions);
    }
    users_destroy(users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_found_by_its_id_alone),
        cmocka_unit_test(time_ends_it_unless_it_is_used_or_listens),
        cmocka_unit_test(one_person_has_so_many),
        cmocka_unit_test(who_listens_stays_while_another_idles),
        cmocka_unit_test(when_all_places_are_taken_nobody_comes_in),
        scratch_test(who_is_there_otherwise_is_out),
    };

    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
