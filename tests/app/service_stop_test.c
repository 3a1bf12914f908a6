/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service_stop_test.c - in which order a stop goes, and why: what each step calls is only noted
 * here. Of two steps that stand side by side here none may go before the other, so any swap is
 * seen.
 */
#include "app/service_stop.h"

#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "app/ledger_door.h"
#include "app/mqtt_door.h"
#include "app/pipeline_save.h"
#include "app/reload.h"
#include "app/stream_door.h"

#include "support/test.h"

enum { CALLS_MAX = 64 };

static struct {
    const char *names[CALLS_MAX];
    size_t n;
} noted;

static void note(const char *name)
{
    assert_true(noted.n < CALLS_MAX);
    noted.names[noted.n++] = name;
}

#define NOTED(function, type)                                                                      \
    void __wrap_##function(type);                                                                  \
    void __wrap_##function(type it)                                                                \
    {                                                                                              \
        (void)it;                                                                                  \
        note(#function);                                                                           \
    }

NOTED(reload_stop, struct service *)
NOTED(http_stop_listening, struct http_door *)
NOTED(mqtt_stop, struct mqtt *)
NOTED(stream_door_stop, struct service *)
NOTED(pipeline_save_all, struct pipeline *)
NOTED(control_close, struct control *)
NOTED(stream_door_close, struct service *)
NOTED(mqtt_destroy, struct mqtt *)
NOTED(http_close, struct http_door *)
NOTED(ledger_door_close, struct service *)
NOTED(reports_destroy, struct reports *)
NOTED(acks_destroy, struct acks *)
NOTED(publisher_destroy, struct publisher *)
NOTED(timekeeper_end, struct timekeeper *)
NOTED(reload_close, struct service *)
NOTED(api_devices_close, struct service *)
NOTED(ledger_close, struct ledger *)
NOTED(pipeline_destroy, struct pipeline *)
NOTED(tls_destroy, struct tls *)
NOTED(config_destroy, struct config *)

void __real_event_base_free(struct event_base *base);
void __wrap_event_base_free(struct event_base *base);
void __wrap_event_base_free(struct event_base *base)
{
    note("event_base_free");
    __real_event_base_free(base);
}

void __wrap_signals_hold(void);
void __wrap_signals_hold(void)
{
    note("signals_hold");
}

struct utc __wrap_pipeline_now(const struct pipeline *pipeline);
struct utc __wrap_pipeline_now(const struct pipeline *pipeline)
{
    (void)pipeline;
    return (struct utc){ 1000 };
}

bool __wrap_ledger_put_state(struct ledger *ledger, struct utc now, bool check_rows);
bool __wrap_ledger_put_state(struct ledger *ledger, struct utc now, bool check_rows)
{
    (void)ledger, (void)now, (void)check_rows;
    note("ledger_put_state");
    return true;
}

void __wrap_pipeline_close(struct pipeline *pipeline, const char *why);
void __wrap_pipeline_close(struct pipeline *pipeline, const char *why)
{
    (void)pipeline;
    assert_string_equal(why, "stopping");
    note("pipeline_close");
}

bool __wrap_builder_stop(struct builder *builder);
bool __wrap_builder_stop(struct builder *builder)
{
    (void)builder;
    note("builder_stop");
    return true;
}

/* ---- what stands before what ---- */

/* The calls of one list, in their order; each with why it does not come after the next. */
struct call {
    const char *name, *why;
};

static void assert_order(const struct call *want, size_t n)
{
    size_t at = 0;

    // A call of several, as of each TLS, is one.
    for (size_t i = 0; i < noted.n; i++) {
        if (i > 0 && strcmp(noted.names[i], noted.names[i - 1]) == 0)
            continue;
        if (at == n)
            fail_msg("%s is called after the last", noted.names[i]);
        if (strcmp(noted.names[i], want[at].name) != 0)
            fail_msg("%s is called where %s is to be: %s", noted.names[i], want[at].name,
                     at > 0 ? want[at - 1].why : "it is the first");
        at++;
    }
    if (at < n)
        fail_msg("%s is never called", want[at].name);
}

static int begin(void **state)
{
    (void)state;
    noted.n = 0;
    return 0;
}

static void the_doors_are_shut_before_what_is_known_is_saved(void **state)
{
    static const struct call want[] = {
        { "reload_stop", "rules that came into force now would have everybody judged anew" },
        { "http_stop_listening", "doors are shut in the order in which they were opened" },
        { "mqtt_stop", "doors are shut in the order in which they were opened" },
        { "stream_door_stop", "what a ping changes after it was saved, the next start lacks" },
        { "pipeline_save_all", "the link says what all of it comes to" },
        { "ledger_put_state", "a pipeline that is closed puts nothing" },
        { "pipeline_close", NULL },
    };
    struct service service = { .mqtt = (struct mqtt *)&service };
    (void)state;

    service_shut(&service);
    assert_order(want, sizeof want / sizeof *want);
}

static void without_a_broker_none_is_stopped(void **state)
{
    struct service service = { .rehearse = true };
    (void)state;

    service_shut(&service);
    for (size_t i = 0; i < noted.n; i++)
        assert_string_not_equal(noted.names[i], "mqtt_stop");
}

static void it_is_taken_down_backwards_of_the_start(void **state)
{
    static const struct call want[] = {
        { "signals_hold", "one signal more would end the stop half-way" },
        { "control_close", "a reload that is asked for now would find nobody" },
        { "stream_door_close", "doors go backwards" },
        { "mqtt_destroy", "doors go backwards" },
        { "http_close", "doors go backwards" },
        { "ledger_door_close", "it asks the ledger, and its answers wait for nobody else" },
        { "reports_destroy", "who reads Redis goes before who writes it" },
        { "acks_destroy", "an ack becomes an alert, which the publisher would be told of" },
        { "publisher_destroy", "it asks the ledger for alerts" },
        { "timekeeper_end", "its watch is an event" },
        { "reload_close", "events go before whom they call" },
        { "api_devices_close", "events go before whom they call" },
        { "ledger_close", "the commit in flight calls the pipeline" },
        { "pipeline_destroy", "it has events in the loop" },
        { "event_base_free", "what a connection put off holds its TLS" },
        { "tls_destroy", "backwards" },
        { "builder_stop", "its thread looks at the rules" },
        { "config_destroy", NULL },
    };
    struct service service = { .base = event_base_new(), .stop_fd = -1 };
    (void)state;

    assert_non_null(service.base);
    service.publisher = (struct publisher *)&service;
    service_stop(&service);
    assert_null(service.publisher); // a commit that ends now tells nobody
    assert_order(want, sizeof want / sizeof *want);
}

/* A start may have ended before there was anything. */
static void what_never_was_is_no_harm(void **state)
{
    struct service service = { .stop_fd = -1 };
    (void)state;

    service_stop(&service);
    assert_true(noted.n > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_doors_are_shut_before_what_is_known_is_saved, begin),
        cmocka_unit_test_setup(without_a_broker_none_is_stopped, begin),
        cmocka_unit_test_setup(it_is_taken_down_backwards_of_the_start, begin),
        cmocka_unit_test_setup(what_never_was_is_no_harm, begin),
    };

    return cmocka_run_group_tests_name("service_stop", tests, NULL, NULL);
}
