/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a host's addresses is tried next. Files and servers are for tests/adapter_io. */
#include "adapter/resolver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "support/rows.h"

enum { ADDRESSES_MAX = 3 };

struct addresses {
    struct sockaddr_in at[ADDRESSES_MAX];
    struct evutil_addrinfo list[ADDRESSES_MAX];
};

static const struct evutil_addrinfo *list_of(const char *const texts[ADDRESSES_MAX],
                                             struct addresses *out)
{
    for (size_t i = 0; i < ADDRESSES_MAX && texts[i] != NULL; i++) {
        out->at[i] = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(6379) };
        assert_int_equal(inet_pton(AF_INET, texts[i], &out->at[i].sin_addr), 1);
        out->list[i] = (struct evutil_addrinfo){ .ai_family = AF_INET,
                                                 .ai_addr = (struct sockaddr *)&out->at[i],
                                                 .ai_addrlen = sizeof out->at[i] };
        if (i > 0)
            out->list[i - 1].ai_next = &out->list[i];
    }
    return out->list;
}

static struct resolver_address address_of(const char *text)
{
    struct addresses one;
    struct resolver_address address = { .length = 0 };

    if (text == NULL)
        return address;
    list_of((const char *const[ADDRESSES_MAX]){ text }, &one);
    memcpy(&address.at, &one.at[0], sizeof one.at[0]);
    address.length = sizeof one.at[0];
    return address;
}

static const struct row {
    const char *says;
    const char *found[ADDRESSES_MAX];
    const char *last; // NULL: none was tried
    bool again;
    const char *want;
} rows[] = {
    { "the server's first is tried first", { "10.0.0.9", "10.0.0.1" }, NULL, false, "10.0.0.9" },
    { "then the other", { "10.0.0.9", "10.0.0.1" }, "10.0.0.9", false, "10.0.0.1" },
    { "also when the server turns them",
      { "10.0.0.1", "10.0.0.9" },
      "10.0.0.9",
      false,
      "10.0.0.1" },
    { "and back", { "10.0.0.1", "10.0.0.9" }, "10.0.0.1", false, "10.0.0.9" },
    { "the middle one is not forgotten",
      { "10.0.0.5", "10.0.0.9", "10.0.0.1" },
      "10.0.0.1",
      false,
      "10.0.0.5" },
    { "what was good is tried again", { "10.0.0.1", "10.0.0.9" }, "10.0.0.9", true, "10.0.0.9" },
    { "unless the host has left it", { "10.0.0.1", "10.0.0.5" }, "10.0.0.9", true, "10.0.0.1" },
    { "one alone is tried for ever", { "10.0.0.1" }, "10.0.0.1", false, "10.0.0.1" },
};

static void it_is_picked(void **state)
{
    const struct row *row = *state;
    struct resolver_address last = address_of(row->last);
    struct addresses found;
    const struct evutil_addrinfo *one =
        resolver_pick(list_of(row->found, &found), &last, row->again);
    char text[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)one->ai_addr)->sin_addr, text,
              sizeof text);
    assert_string_equal(text, row->want);
}

/* A server that turns two addresses at each answer, one dead: both are tried in two tries. */
static void a_server_that_turns_its_answers_hides_none(void **state)
{
    static const char *const turned[2][ADDRESSES_MAX] = { { "10.0.0.1", "10.0.0.9" },
                                                          { "10.0.0.9", "10.0.0.1" } };
    struct resolver_address last = { .length = 0 };
    uint32_t tried[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct addresses found;
        const struct evutil_addrinfo *one = resolver_pick(list_of(turned[i], &found), &last, false);

        memcpy(&last.at, one->ai_addr, one->ai_addrlen);
        last.length = one->ai_addrlen;
        tried[i] = ((const struct sockaddr_in *)(const void *)one->ai_addr)->sin_addr.s_addr;
    }
    assert_true(tried[0] != tried[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_turns_its_answers_hides_none),
    };

    return rows_hold("picked", rows, it_is_picked) +
           cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
