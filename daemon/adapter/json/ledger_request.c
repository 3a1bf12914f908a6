/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/ledger_request.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "access", "chain", "forget", "let-go" };
_Static_assert(sizeof kinds / sizeof *kinds == LEDGER_REQUESTS, "a name for each request");

char *access_record_print(const struct access_record *record)
{
    json_t *json = json_pack("{s:s,s:s,s:s,s:I,s:s*,s:s*,s:s*}", "command", record->command, "of",
                             record->of, "user", record->user, "uid", (json_int_t)record->uid,
                             "sudo", record->sudo, "by", record->by, "reason", record->reason);
    char *body = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    return body;
}

char *ledger_request_print(const struct ledger_request *request)
{
    json_t *json = json_pack("{s:s,s:s,s:s}", "errand", kinds[request->kind], "chain",
                             request->chain, "body", request->body);
    bool ok = json != NULL &&
              (request->kind != LEDGER_REQUEST_LET_GO ||
               json_object_set_new(json, "newest", json_integer((json_int_t)request->newest)) == 0);
    char *line = ok ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    return line;
}

/* What is kept for ever is only what access_record_print makes. */
static bool is_record(const char *body)
{
    static const char *const texts[] = { "command", "of", "user", "sudo", "by", "reason" };
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    size_t found = json_is_integer(json_object_get(json, "uid")) ? 1 : 0;
    bool ok;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        found += json_is_string(json_object_get(json, texts[i]));
    ok = json_is_object(json) && found == json_object_size(json) &&
         json_object_get(json, "command") != NULL && json_object_get(json, "of") != NULL &&
         json_object_get(json, "user") != NULL && json_object_get(json, "reason") != NULL;
    json_decref(json);
    return ok;
}

static bool kind_of(const char *name, enum ledger_request_kind *out)
{
    for (int i = 0; name != NULL && i < LEDGER_REQUESTS; i++) {
        if (strcmp(kinds[i], name) == 0) {
            *out = (enum ledger_request_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_members(const json_t *json, struct ledger_request *out, struct fault *why)
{
    const char *chain = json_string_value(json_object_get(json, "chain"));
    const char *body = json_string_value(json_object_get(json, "body"));
    json_int_t newest = json_integer_value(json_object_get(json, "newest"));

    *out = (struct ledger_request){ .newest = newest > 0 ? (uint64_t)newest : 0 };
    if (!kind_of(json_string_value(json_object_get(json, "errand")), &out->kind))
        return fault_set(why, "no errand that this breachd knows");
    if (chain == NULL || strlen(chain) >= sizeof out->chain)
        return fault_set(why, "chain: of which ledger?");
    if (body == NULL || strlen(body) >= sizeof out->body)
        return fault_set(why, "body: up to %d bytes are wanted", LEDGER_REQUEST_BODY_MAX - 1);
    if (out->kind != LEDGER_REQUEST_CHAIN && !is_record(body))
        return fault_set(why, "body: no record of an access");
    if (out->kind == LEDGER_REQUEST_LET_GO && out->newest == 0)
        return fault_set(why, "newest: up to which link does the archive hold it?");
    strcpy(out->chain, chain);
    strcpy(out->body, body);
    return true;
}

bool ledger_request_read(const char *line, struct ledger_request *out, struct fault *why)
{
    json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    bool ok = read_members(json, out, why);

    json_decref(json);
    return ok;
}

/* Whom root says to have been before sudo(8) is believed; others may say anybody. */
static bool is_true(const json_t *record, long uid, const char *user)
{
    return json_integer_value(json_object_get(record, "uid")) == uid && user != NULL &&
           strcmp(json_string_value(json_object_get(record, "user")), user) == 0 &&
           (uid == 0 || json_object_get(record, "sudo") == NULL);
}

bool ledger_request_witness(struct ledger_request *request, long uid, const char *user,
                            struct fault *why)
{
    json_t *record = json_loads(request->body, 0, NULL);
    char *body = NULL;
    bool ok = record != NULL;

    if (ok && !is_true(record, uid, user)) {
        json_t *said =
            json_pack("{s:O,s:O,s:O*}", "user", json_object_get(record, "user"), "uid",
                      json_object_get(record, "uid"), "sudo", json_object_get(record, "sudo"));

        ok = said != NULL && json_object_set_new(record, "said", said) == 0 &&
             json_object_set_new(record, "user", json_string(user != NULL ? user : "?")) == 0 &&
             json_object_set_new(record, "uid", json_integer((json_int_t)uid)) == 0;
        json_object_del(record, "sudo");
    }
    body = ok ? json_dumps(record, JSON_COMPACT) : NULL;
    json_decref(record);
    ok = body != NULL && strlen(body) < sizeof request->body;
    if (ok)
        strcpy(request->body, body);
    free(body);
    return ok || fault_set(why, "body: with who asks it is longer than %d bytes",
                           LEDGER_REQUEST_BODY_MAX - 1);
}

char *ledger_request_of(const char *record, char of[LEDGER_REQUEST_OF_MAX])
{
    json_t *json = json_loads(record, 0, NULL);
    const char *text = json_string_value(json_object_get(json, "of"));

    snprintf(of, LEDGER_REQUEST_OF_MAX, "%s", text != NULL ? text : "");
    json_decref(json);
    return of;
}

char *ledger_request_print_answer(const char *refused, bool more)
{
    json_t *json =
        json_pack("{s:b,s:b,s:s*}", "done", refused == NULL, "more", more, "why", refused);
    char *line = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    return line;
}

bool ledger_request_read_answer(const char *line, bool *out_more, struct fault *why)
{
    json_t *json = json_loads(line, 0, NULL);
    bool done = json_is_true(json_object_get(json, "done"));
    const char *said = json_string_value(json_object_get(json, "why"));

    *out_more = json_is_true(json_object_get(json, "more"));
    if (!done)
        fault_set(why, "%.300s", said != NULL ? said : "no answer that can be read");
    json_decref(json);
    return done;
}
