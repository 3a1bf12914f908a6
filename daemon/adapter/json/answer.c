/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/answer.h"

#include "adapter/text.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void answer_init(struct answer *answer, bool tells_classes)
{
    answer->accepted = answer->refused = answer->forbidden = answer->held = answer->rejections = 0;
    answer->tells_classes = tells_classes;
    answer->lacks_memory = false;
    memset(answer->classes, 0, sizeof answer->classes);
    answer->rejected = answer->error = NULL;
    answer->printed = NULL;
}

void answer_fini(struct answer *answer)
{
    json_decref(answer->rejected);
    json_decref(answer->error);
    free(answer->printed);
}

void answer_accept(struct answer *answer, enum arrival class)
{
    answer->accepted++;
    answer->classes[class]++;
}

static void refused(struct answer *answer, const char *why)
{
    if (answer->refused++ == 0)
        fault_set(&answer->first, "%s", why);
}

void answer_reject(struct answer *answer, size_t index, const char *why)
{
    refused(answer, why);
    answer->rejections++;
    if (json_array_size(answer->rejected) == ANSWER_REJECTED_MAX)
        return;
    if (answer->rejected == NULL && (answer->rejected = json_array()) == NULL)
        answer->lacks_memory = true;
    json_array_append_new(answer->rejected,
                          json_pack("{s:I,s:s}", "index", (json_int_t)index, "why", why));
}

void answer_forbid(struct answer *answer, size_t index)
{
    answer->forbidden++;
    answer_reject(answer, index, ANSWER_FORBIDDEN);
}

void answer_throttled(struct answer *answer, size_t index, const char *why)
{
    answer->held++;
    answer_reject(answer, index, why);
}

void answer_error(struct answer *answer, const char *why)
{
    refused(answer, why);
    json_decref(answer->error);
    answer->error = json_string(why);
}

int answer_code(const struct answer *answer)
{
    if (answer->accepted > 0 || answer->refused == 0)
        return 200;
    if (answer->held > 0)
        return 429;
    return answer->forbidden == answer->refused ? 403 : 400;
}

const char *answer_first_refusal(const struct answer *answer)
{
    return answer->refused > 0 ? answer->first.text : NULL;
}

/* Takes `object`. */
static char *print(json_t *object)
{
    char *printed = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

    json_decref(object);
    return printed;
}

/* {"new":1,"late":1}; NULL: not for this sender. */
static json_t *classes_json(const struct answer *answer)
{
    json_t *object = answer->tells_classes ? json_object() : NULL;

    for (int i = 0; object != NULL && i < ARRIVALS; i++) {
        if (answer->classes[i] > 0)
            json_object_set_new(object, arrival_name((enum arrival)i),
                                json_integer((json_int_t)answer->classes[i]));
    }
    return object;
}

/* Puts a text behind what is there; ANSWER_PLAIN_MAX has room for the longest answer of these. */
static char *put(char *at, const char *text)
{
    size_t n = strlen(text);

    memcpy(at, text, n);
    return at + n;
}

static char *put_number(char *at, size_t number)
{
    char digits[24], *first = digits + sizeof digits;

    *--first = '\0';
    // A digit each turn.
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return put(at, first);
}

/* ,"classes":{"new":1,"late":1} */
static char *put_classes(char *at, const struct answer *answer)
{
    size_t n_named = 0;

    at = put(at, ",\"classes\":{");
    for (int i = 0; i < ARRIVALS; i++) {
        if (answer->classes[i] == 0)
            continue;
        at = put(put(put(at, n_named++ > 0 ? ",\"" : "\""), arrival_name((enum arrival)i)), "\":");
        at = put_number(at, answer->classes[i]);
    }
    return put(at, "}");
}

/* What jansson would print, in place: nearly every answer is this one. */
static const char *print_plain(struct answer *answer)
{
    char *at = put_number(put(answer->plain, "{\"accepted\":"), answer->accepted);

    if (answer->tells_classes)
        at = put_classes(at, answer);
    *put(at, ",\"rejected\":[]}") = '\0';
    return answer->plain;
}

static char *print_whole(const struct answer *answer)
{
    json_t *rejected = answer->rejected ? json_incref(answer->rejected) : json_array();
    json_t *object = json_pack("{s:I,s:o*,s:o}", "accepted", (json_int_t)answer->accepted,
                               "classes", classes_json(answer), "rejected", rejected);

    if (answer->error != NULL)
        json_object_set(object, "error", answer->error);
    if (answer->rejections > ANSWER_REJECTED_MAX)
        json_object_set_new(object, "rejected_more",
                            json_integer((json_int_t)(answer->rejections - ANSWER_REJECTED_MAX)));
    return print(object);
}

const char *answer_print(struct answer *answer)
{
    if (answer->refused == 0)
        return print_plain(answer);
    if (answer->printed == NULL && !answer->lacks_memory)
        answer->printed = print_whole(answer);
    return answer->printed;
}

char *answer_print_error(const char *why)
{
    return print(json_pack("{s:s}", "error", why));
}

static json_t *instant(struct utc at)
{
    char text[UTC_TEXT_MAX];

    return json_string(utc_print(at, text));
}

static json_t *changed(const struct revision_counts *revised)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:I,s:I}", "added", (json_int_t)revised->added,
                     "ended", (json_int_t)revised->ended, "unserved", (json_int_t)revised->unserved,
                     "texts", (json_int_t)revised->changed, "zones_ended",
                     (json_int_t)revised->zones_ended, "zones_moved", (json_int_t)revised->moved,
                     "farthest", revised->farthest, "devices", (json_int_t)revised->kinds,
                     "settings", (json_int_t)revised->settings);
}

/* null: nothing is refused. */
static json_t *refused_object(const struct refusal *refused)
{
    char first[REFUSAL_FIRST_MAX];

    if (refused->complaints == 0)
        return json_null();
    return json_pack("{s:o,s:s,s:I,s:s,s:o,s:s}", "at", instant(refused->at), "cause",
                     refused->cause, "complaints", (json_int_t)refused->complaints, "first",
                     text_fit(refused->first, first, sizeof first), "really",
                     refused->really[0] != '\0' ? json_string(refused->really) : json_null(),
                     "stays", refused->stays);
}

static json_t *text_object(const struct rules_text *text)
{
    return json_pack("{s:s,s:o,s:o,s:b}", "from", text->from, "digest",
                     text->digest[0] != '\0' ? json_string(text->digest) : json_null(), "read",
                     text->digest[0] != '\0' ? instant(text->read) : json_null(), "kept",
                     text->kept);
}

static json_t *words(const struct troubles *troubles)
{
    json_t *list = json_array();

    for (size_t i = 0; i < troubles->n; i++)
        json_array_append_new(list, json_string(troubles->words[i]));
    return list;
}

/* null: not known, or there is no limit that could be reached. */
static json_t *memory_object(const struct redis_memory *memory)
{
    if (memory->policy[0] == '\0')
        return json_null();
    return json_pack("{s:I,s:o,s:s,s:b}", "used", (json_int_t)memory->used, "max",
                     memory->most > 0 ? json_integer((json_int_t)memory->most) : json_null(),
                     "policy", memory->policy, "short", memory->short_of);
}

static json_t *ledger_object(uint64_t bytes, double growth)
{
    return json_pack("{s:I,s:o}", "bytes", (json_int_t)bytes, "bytes_a_day",
                     isnan(growth) ? json_null() : json_integer((json_int_t)growth));
}

char *answer_print_status(const struct status *status)
{
    json_t *rules = json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "orders", (json_int_t)status->orders,
        "respondents", (json_int_t)status->respondents, "devices", (json_int_t)status->devices,
        "zones", (json_int_t)status->zones, "in_force", (json_int_t)status->in_force, "loaded",
        instant(status->loaded), "changed", changed(&status->revised), "refused",
        refused_object(status->refused), "text", text_object(&status->text));

    return print(json_pack(
        "{s:s,s:s,s:b,s:o,s:o,s:o,s:I,s:b,s:I,s:I,s:s,s:I,s:s,s:s,s:s,s:b,s:s,s:I,s:o,"
        "s:o,s:s,s:o}",
        "site", status->site, "version", status->version, "exercise", status->exercise, "started",
        instant(status->started), "now", instant(status->now), "rules", rules, "open",
        (json_int_t)status->open, "saving", status->saving, "sequence",
        (json_int_t)status->sequence, "published", (json_int_t)status->published, "redis",
        status->redis, "redis_losses", (json_int_t)status->redis_losses, "mqtt", status->mqtt,
        "pings", status->pings, "clock", status->clock, "blind", status->blind, "acks",
        status->acks, "redis_disbelieved", (json_int_t)status->redis_disbelieved, "redis_memory",
        memory_object(&status->memory), "troubles", words(&status->troubles), "disk", status->disk,
        "ledger", ledger_object(status->ledger_bytes, status->ledger_growth)));
}

char *answer_print_heartbeat(const struct heartbeat *heartbeat)
{
    json_t *rules =
        json_pack("{s:I,s:o,s:o,s:o,s:o}", "orders", (json_int_t)heartbeat->orders, "loaded",
                  instant(heartbeat->loaded), "changed", changed(&heartbeat->revised), "refused",
                  refused_object(heartbeat->refused), "text", text_object(&heartbeat->text));

    return print(json_pack(
        "{s:s,s:o,s:f,s:I,s:f,s:I,s:b,s:b,s:s,s:b,s:o,s:o,s:o}", "site", heartbeat->site, "time",
        instant(heartbeat->now), "interval", (double)heartbeat->interval_ms / 1000, "sequence",
        (json_int_t)heartbeat->sequence, "lag", (double)heartbeat->lag_ms / 1000, "open",
        (json_int_t)heartbeat->open, "blind", heartbeat->blind, "stopped", heartbeat->stopped,
        "disk", heartbeat->disk, "exercise", heartbeat->exercise, "rules", rules, "troubles",
        words(&heartbeat->troubles), "ledger",
        ledger_object(heartbeat->ledger_bytes, heartbeat->ledger_growth)));
}

static json_t *passed_over_object(const struct reload_notes *notes)
{
    char first[REFUSAL_FIRST_MAX];

    if (notes->passed_over == 0)
        return json_null();
    return json_pack("{s:I,s:s}", "files", (json_int_t)notes->passed_over, "first",
                     text_fit(notes->first, first, sizeof first));
}

char *answer_print_reload(size_t orders, const struct revision_counts *revised,
                          const struct refusal *refused, const struct reload_notes *notes)
{
    bool done = refused->complaints == 0, partly = !done && strcmp(refused->cause, "held") == 0;

    return print(json_pack("{s:s,s:I,s:I,s:o,s:o,s:o}", "result",
                           done     ? "done"
                           : partly ? "partly"
                                    : "refused",
                           "orders", (json_int_t)orders, "in_force", (json_int_t)notes->in_force,
                           "passed_over", passed_over_object(notes), "changed",
                           done || partly ? changed(revised) : json_null(), "refused",
                           refused_object(refused)));
}
