/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/endpoint.h"
#include "adapter/redis_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

enum { TEXT_ROOM = 1024 };

#define X50    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define NOT_IT " is not host:port, [v6]:port or unix:PATH"

static const struct row {
    const char *text, *want;
} doors[] = {
    { "127.0.0.1:8750", "4 127.0.0.1 8750" },
    { "127.1.2.3:1", "4 127.1.2.3 1" },
    { "127.0.0.1:65535", "4 127.0.0.1 65535" },
    { "localhost:8750", "4 127.0.0.1 8750" },
    { "[::1]:8750", "6 ::1 8750" },
    { "unix:/run/breachd.sock", "unix /run/breachd.sock" },
    { "unix:http.sock", "unix /etc/breachd/http.sock" },
    { "unix:a:b", "unix /etc/breachd/a:b" },
    { "unix:/" X50 X50 "12345", "unix /" X50 X50 "12345" }, // 107 with the zero's place left
    { "unix:/" X50 X50 "1234567",
      "unix:/" X50 X50 "1234567: a socket's path has 1..107 characters" },
    { "unix:", "unix:: a socket's path has 1..107 characters" },

    { "", "\"\"" NOT_IT },
    { "8750", "\"8750\"" NOT_IT },
    { ":8750", "\":8750\"" NOT_IT },
    { "127.0.0.1", "\"127.0.0.1\"" NOT_IT },
    { "127.0.0.1:", "\"127.0.0.1:\"" NOT_IT },
    { "127.0.0.1:0", "\"127.0.0.1:0\"" NOT_IT },
    { "127.0.0.1:65536", "\"127.0.0.1:65536\"" NOT_IT },
    { "127.0.0.1:http", "\"127.0.0.1:http\"" NOT_IT },
    { "127.0.0.1:80x", "\"127.0.0.1:80x\"" NOT_IT },
    { "127.0.0.1:-80", "\"127.0.0.1:-80\"" NOT_IT },
    { "127.0.0.1.1:80", "\"127.0.0.1.1:80\"" NOT_IT },
    { "[::1]", "\"[::1]\"" NOT_IT },
    { "::1", "\"::1\"" NOT_IT },
    { "[::1]8750", "\"[::1]8750\"" NOT_IT },
    { "[::1:8750", "\"[::1:8750\"" NOT_IT },
    { "localhost", "\"localhost\"" NOT_IT },
    { "example.org:80", "\"example.org:80\"" NOT_IT },

    { "0.0.0.0:8750", "4 0.0.0.0 8750 for all" },
    { "192.168.1.1:8750", "4 192.168.1.1 8750 for all" },
    { "128.0.0.1:8750", "4 128.0.0.1 8750 for all" },
    { "[::]:8750", "6 :: 8750 for all" },
    { "[2001:db8::1]:8750", "6 2001:db8::1 8750 for all" },
};

static void print_endpoint(const struct endpoint *door, char text[TEXT_ROOM])
{
    const struct sockaddr_in *in = (const void *)&door->address;
    const struct sockaddr_in6 *in6 = (const void *)&door->address;
    const struct sockaddr_un *un = (const void *)&door->address;
    char host[INET6_ADDRSTRLEN];

    if (door->address.ss_family == AF_INET) {
        assert_int_equal(door->length, sizeof *in);
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(text, TEXT_ROOM, "4 %s %d%s", host, ntohs(in->sin_port),
                 door->local ? "" : " for all");
    } else if (door->address.ss_family == AF_INET6) {
        assert_int_equal(door->length, sizeof *in6);
        inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
        snprintf(text, TEXT_ROOM, "6 %s %d%s", host, ntohs(in6->sin6_port),
                 door->local ? "" : " for all");
    } else {
        assert_int_equal(door->address.ss_family, AF_UNIX);
        assert_true(door->local);
        snprintf(text, TEXT_ROOM, "unix %s", un->sun_path);
    }
}

static bool as_wanted(const struct row *row, bool ok, const char *got, const struct fault *why)
{
    if (strcmp(ok ? got : why->text, row->want) == 0)
        return true;
    print_error("\"%s\" gives %s\n      instead of %s\n", row->text, ok ? got : why->text,
                row->want);
    return false;
}

static void each_door_is_read_or_told_why_not(void **state)
{
    int wrong = 0;
    (void)state;

    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        struct endpoint door = { .text = "untouched" };
        struct fault why = { .text = "" };
        char got[TEXT_ROOM] = "";
        bool ok = endpoint_parse(doors[i].text, "/etc/breachd", &door, &why);

        if (ok)
            print_endpoint(&door, got);
        assert_string_equal(door.text, ok ? doors[i].text : "untouched");
        wrong += !as_wanted(&doors[i], ok, got, &why);
    }
    assert_int_equal(wrong, 0);
}

#define NO_URL " is not redis://[user@]host:port/db, rediss://, unix:PATH or unix://user@/PATH"
#define SECRET "a password belongs into password-file, not into the url"
#define RANGE  ": a port is 1..65535, a db a number from 0"

static const struct row targets[] = {
    { "redis://127.0.0.1:6379/0", "host 127.0.0.1 port 6379 db 0 user -" },
    { "redis://redis.example.org", "host redis.example.org port 6379 db 0 user -" },
    { "redis://redis.example.org/", "host redis.example.org port 6379 db 0 user -" },
    { "redis://h:7000", "host h port 7000 db 0 user -" },
    { "redis://h/3", "host h port 6379 db 3 user -" },
    { "redis://breachd@h:7000/15", "host h port 7000 db 15 user breachd" },
    { "redis://[::1]:6380/2", "host ::1 port 6380 db 2 user -" },
    { "redis://[::1]", "host ::1 port 6379 db 0 user -" },
    { "redis://u@[2001:db8::1]/1", "host 2001:db8::1 port 6379 db 1 user u" },
    { "unix:redis.sock", "unix /etc/breachd/redis.sock" },
    { "unix:/run/redis.sock", "unix /run/redis.sock" },
    { "unix:", "unix:: a socket's path has 1..107 characters" },
    { "unix://room@/run/redis.sock", "unix /run/redis.sock user room" },
    { "unix:///run/redis.sock", "unix ///run/redis.sock" },
    { "unix:/run/a@/redis.sock", "unix /run/a@/redis.sock" },
    { "unix:///run/a@/redis.sock", "unix ///run/a@/redis.sock" },
    { "unix://room@redis.sock", "unix //room@redis.sock" },
    { "unix://u:secret@/run/redis.sock", SECRET },

    { "", "\"\"" NO_URL },
    { "127.0.0.1:6379", "\"127.0.0.1:6379\"" NO_URL },
    { "http://h", "\"http://h\"" NO_URL },
    { "rediss://h", "host h port 6379 db 0 user - by TLS" },
    { "rediss://u@h:7000/3", "host h port 7000 db 3 user u by TLS" },
    { "rediss://", "\"rediss://\" has no host" },
    { "rediss:/h", "\"rediss:/h\"" NO_URL },
    { "redis://", "\"redis://\" has no host" },
    { "redis://:6379", "\"redis://:6379\" has no host" },
    { "redis:///0", "\"redis:///0\" has no host" },
    { "redis://u@", "\"redis://u@\" has no host" },
    { "redis://[]", "\"redis://[]\" has no host" },
    { "redis://[::1", "\"redis://[::1\" has no host" },
    { "redis://h:0", "\"redis://h:0\"" RANGE },
    { "redis://h:65536", "\"redis://h:65536\"" RANGE },
    { "redis://h:port", "\"redis://h:port\"" RANGE },
    { "redis://h:", "\"redis://h:\"" RANGE },
    { "redis://h:6379x", "\"redis://h:6379x\"" RANGE },
    { "redis://h:123456", "\"redis://h:123456\"" RANGE },
    { "redis://h/-1", "\"redis://h/-1\"" RANGE },
    { "redis://h/x", "\"redis://h/x\"" RANGE },
    { "redis://h/1/2", "\"redis://h/1/2\"" RANGE },
    { "redis://h/ 1", "\"redis://h/ 1\"" RANGE },
    { "redis://u:secret@h", SECRET },
    { "redis://:secret@h", SECRET },
};

static void each_redis_is_read_or_told_why_not(void **state)
{
    int wrong = 0;
    (void)state;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct redis_target target = { .text = "untouched" };
        struct fault why = { .text = "" };
        char got[TEXT_ROOM] = "";
        bool ok = redis_target_parse(targets[i].text, "/etc/breachd", &target, &why);

        if (ok && target.path[0] != '\0')
            snprintf(got, sizeof got, "unix %s%s%s", target.path,
                     target.user[0] != '\0' ? " user " : "", target.user);
        else if (ok)
            snprintf(got, sizeof got, "host %s port %d db %d user %s%s", target.host, target.port,
                     target.db, target.user[0] != '\0' ? target.user : "-",
                     target.secure ? " by TLS" : "");
        assert_string_equal(target.text, ok ? targets[i].text : "untouched");
        wrong += !as_wanted(&targets[i], ok, got, &why);
    }
    assert_int_equal(wrong, 0);
}

/* A complaint ends in a log that many may read. */
static void no_reason_holds_a_password(void **state)
{
    static const char *const urls[] = { "redis://u:secret@h",
                                        "rediss://u:secret@h",
                                        "http://u:secret@h",
                                        "redis://u:secret@",
                                        "u:secret@h:6379",
                                        "redis://h/0?Password=secret",
                                        "unix://u:secret@/run/redis.sock" };
    int stated = 0;
    (void)state;

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct redis_target target;
        struct fault why = { .text = "" };

        assert_false(redis_target_parse(urls[i], "/etc/breachd", &target, &why));
        if (strstr(why.text, "secret") != NULL) {
            print_error("%s\n", why.text);
            stated++;
        }
    }
    assert_int_equal(stated, 0);
}

static void a_name_too_long_is_refused_not_cut(void **state)
{
    struct redis_target target;
    struct fault why;
    (void)state;

    assert_false(redis_target_parse("redis://" X50 X50 X50 "@h", "/", &target, &why));
    assert_false(redis_target_parse("redis://" X50 X50 X50 X50 X50 X50, "/", &target, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_door_is_read_or_told_why_not),
        cmocka_unit_test(each_redis_is_read_or_told_why_not),
        cmocka_unit_test(no_reason_holds_a_password),
        cmocka_unit_test(a_name_too_long_is_refused_not_cut),
    };

    return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
