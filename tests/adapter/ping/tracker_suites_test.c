/* SPDX-License-Identifier: Apache-2.0 */
/* The suites of shared/data that trackers' formats have, against the readers. */
#include "adapter/ping/osmand.h"
#include "adapter/ping/osmand_query.h"
#include "adapter/ping/overland.h"
#include "adapter/ping/owntracks.h"
#include "adapter/ping/ping_json.h"
#include "adapter/ping/traccar.h"

#include "support/taken.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/near.h"
#include "support/test.h"

#define TRACCAR   SHARED_DATA "/suite-traccar/"
#define OWNTRACKS SHARED_DATA "/suite-owntracks/json-schema/test/"
#define PAGES     SHARED_DATA "/suite-owntracks/"
#define JSON      SHARED_DATA "/suite-json-jsontestsuite/test_parsing/"

/* ---- what Traccar's own tests send ---- */

struct seen {
    size_t pings, refused;
    struct ping ping; // the last one
};

static void see(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct seen *seen = arg;

    (void)index;
    if (ping != NULL)
        seen->ping = *ping;
    seen->pings += ping != NULL && why == NULL;
    seen->refused += why != NULL;
}

static struct seen read_text(ping_reader *reader, const char *text)
{
    struct ping_body body = { .bytes = text, .n = strlen(text) };
    struct seen seen = { 0 };
    struct fault why;

    if (!reader(&body, see, &seen, &why))
        seen.refused++;
    return seen;
}

/* The time as the request has it: RFC 3339, or a number as text or as number. */
static int64_t time_of(const json_t *value)
{
    const char *text = json_string_value(value);
    struct utc at;

    if (text != NULL && utc_parse(text, &at))
        return at.ms;
    at.ms = text != NULL ? atoll(text) : json_integer_value(value);
    return at.ms < 100000000000 ? at.ms * 1000 : at.ms;
}

static void assert_said(const char *id, const struct ping *ping, const json_t *want)
{
    const json_t *accuracy = json_object_get(want, "accuracy"), *hdop;
    const json_t *time = json_object_get(want, "time");

    if (accuracy == NULL)
        accuracy = json_object_get(want, "acc");
    if (time == NULL)
        time = json_object_get(want, "tst");
    hdop = json_object_get(want, "hdop");
    print_message("%s\n", id);
    assert_string_equal(ping->device, json_string_value(json_object_get(want, "device")));
    assert_near(ping->at.lat, json_number_value(json_object_get(want, "lat")), 0);
    assert_near(ping->at.lon, json_number_value(json_object_get(want, "lon")), 0);
    assert_int_equal(ping->time.ms, time_of(time));
    if (json_is_number(accuracy))
        assert_near(ping->accuracy, json_number_value(accuracy), 0);
    else if (json_is_string(hdop)) // of the app OsmAnd: metres
        assert_near(ping->accuracy, atof(json_string_value(hdop)), 0);
    else
        assert_true(isnan(ping->accuracy));
}

static struct {
    int pings, refused;
} requests;

/* A request with a position expected is one ping; every other is refused. */
static void assert_request(const json_t *request)
{
    const char *id = json_string_value(json_object_get(request, "id"));
    const char *uri = json_string_value(json_object_get(request, "uri"));
    const char *body = json_string_value(json_object_get(request, "body"));
    const json_t *want = json_object_get(request, "expect");
    const char *query = strchr(uri, '?');
    struct seen seen = strstr(id, "owntracks") != NULL ? read_text(owntracks_read, body)
                       : query != NULL                 ? read_text(osmand_query_read, query + 1)
                                                       : read_text(osmand_read, body);

    if (json_is_number(json_object_get(want, "lat"))) {
        assert_int_equal(seen.pings, 1);
        assert_int_equal(seen.refused, 0);
        assert_said(id, &seen.ping, want);
        requests.pings++;
        return;
    }
    assert_int_equal(seen.pings, 0);
    assert_int_equal(seen.refused, 1);
    requests.refused++;
}

/* Calls `check` with each line's JSON; skips the test when there is no such file. */
static void each_line(const char *path, size_t at_least, void (*check)(const json_t *line))
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0, n = 0;

    if (file == NULL) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    while (getline(&line, &room, file) > 1) {
        json_t *value = json_loads(line, 0, NULL);

        assert_non_null(value);
        check(value);
        json_decref(value);
        n++;
    }
    free(line);
    fclose(file);
    assert_true(n >= at_least);
}

static void requests_of_osmand_are_what_they_say(void **state)
{
    (void)state;
    memset(&requests, 0, sizeof requests);
    each_line(TRACCAR "osmand-requests.jsonl", 8, assert_request);
    print_message("osmand-requests: %d pings, %d refused\n", requests.pings, requests.refused);
}

static void requests_of_owntracks_are_what_they_say(void **state)
{
    (void)state;
    memset(&requests, 0, sizeof requests);
    each_line(TRACCAR "owntracks-requests.jsonl", 3, assert_request);
    print_message("owntracks-requests: %d pings, %d refused\n", requests.pings, requests.refused);
}

static void assert_forwarded(const json_t *line)
{
    const json_t *payload = json_object_get(line, "payload");
    const json_t *position = json_object_get(payload, "position");
    double speed = json_number_value(json_object_get(position, "speed"));
    double accuracy = json_number_value(json_object_get(position, "accuracy"));
    char *text = json_dumps(payload, 0);
    struct seen seen = read_text(traccar_read, text);
    const json_t *fix = json_object_get(position, "fixTime");
    char offsetless[64] = "";

    free(text);
    print_message("%s\n", json_string_value(json_object_get(line, "id")));
    assert_int_equal(seen.pings, 1);
    assert_string_equal(seen.ping.device, json_string_value(json_object_get(
                                              json_object_get(payload, "device"), "uniqueId")));
    assert_near(seen.ping.at.lat, json_number_value(json_object_get(position, "latitude")), 0);
    assert_near(seen.ping.at.lon, json_number_value(json_object_get(position, "longitude")), 0);
    assert_near(seen.ping.speed, speed * 1852 / 3600, 1e-12);
    if (accuracy > 0)
        assert_near(seen.ping.accuracy, accuracy, 0);
    else
        assert_true(isnan(seen.ping.accuracy));
    assert_false(seen.ping.no_fix);
    if (json_is_string(fix)) { // all of them are of UTC, however it is spelled
        snprintf(offsetless, sizeof offsetless, "%.23sZ", json_string_value(fix));
        fix = NULL;
    }
    struct utc at = { json_integer_value(fix) };

    assert_true(fix != NULL || utc_parse(offsetless, &at));
    assert_int_equal(seen.ping.time.ms, at.ms);
}

static void what_a_traccar_server_forwards_is_what_it_says(void **state)
{
    (void)state;
    each_line(TRACCAR "traccar-json-payloads.jsonl", 3, assert_forwarded);
}

/* ---- the messages of OwnTracks' own schema ---- */

static const struct outcome {
    const char *name, *want;
} outcomes[] = {
    { "array-empty", "" },
    { "array-nothing", "" },
    { "array-one", "0 phone 1970-01-01T00:16:40.000Z 8 9" },
    { "array", "0 phone 1970-01-01T00:16:40.000Z 8 9\n1 ignored" },
    { "cmd-setWaypoints-illegal", "not JSON" },
    { "l", "0 phone 2023-11-13T13:34:42.000Z 52.195913 7.688245 accuracy 35 battery 75" },
    { "location-5s", "0 phone 2023-11-29T13:08:30.000Z 53.430722 5.112126 accuracy 9 "
                     "speed 0.2777777778 course 252 battery 94" },
    { "location-lat-missing", "0 lat: missing" },
    { "location-short", "0 phone 2023-08-19T07:43:00.000Z 44.221389 6.64635 battery 100" },
    { "location-sk", "0 phone 2023-11-29T11:51:06.000Z 71.215592 3.767957 accuracy 35 battery 80" },
    { "object-empty", "0 _type: missing" },
};

/* l2 is a location with members of many trackers; everything not named here is no location. */
static const char *outcome_of(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (strlen(outcomes[i].name) == length && strncmp(outcomes[i].name, name, length) == 0)
            return outcomes[i].want;
    }
    return strcmp(name, "l2.json") == 0 ? "0 phone " : "0 ignored";
}

static int is_json(const struct dirent *entry)
{
    return strstr(entry->d_name, ".json") != NULL;
}

static size_t read_file(const char *folder, const char *name, char *bytes, size_t room)
{
    char path[1024];
    FILE *file;
    size_t n;

    snprintf(path, sizeof path, "%s%s", folder, name);
    file = fopen(path, "re");
    assert_non_null(file);
    n = fread(bytes, 1, room, file);
    assert_true(n < room);
    fclose(file);
    return n;
}

/* Calls `check` with each file of the folder; skips the test when there is none. */
static void each_file(const char *folder, size_t at_least,
                      void (*check)(const char *name, const char *bytes, size_t n))
{
    static char bytes[1 << 18];
    struct dirent **files = NULL;
    int n = scandir(folder, &files, is_json, alphasort);

    if (n <= 0) {
        print_message("skipped: no %s\n", folder);
        skip();
    }
    for (int i = 0; i < n; i++) {
        check(files[i]->d_name, bytes, read_file(folder, files[i]->d_name, bytes, sizeof bytes));
        free(files[i]);
    }
    free(files);
    assert_true((size_t)n >= at_least);
}

/* Messages by what they are: a list may hold two things, and is counted by the first. */
static struct {
    int pings, ignored, refused, empty;
} messages;

static void count_message(const char *said)
{
    messages.pings += strncmp(said, "0 phone ", 8) == 0;
    messages.ignored += strncmp(said, "0 ignored", 9) == 0;
    messages.empty += *said == '\0';
    messages.refused += strncmp(said, "not JSON", 8) == 0 || strstr(said, ": missing") != NULL;
}

static void assert_message(const char *name, const char *bytes, size_t n)
{
    struct ping_body body = { .bytes = bytes, .n = n, .names = { "phone" } };
    const char *want = outcome_of(name, strlen(name) - strlen(".json"));
    bool begins = strcmp(want, "not JSON") == 0 || strcmp(want, "0 phone ") == 0;
    struct taken taken;

    taken_all(owntracks_read, &body, &taken);
    if (begins ? strncmp(taken.text, want, strlen(want)) != 0 : strcmp(taken.text, want) != 0)
        fail_msg("%s: %s, not %s", name, taken.text, want);
    count_message(taken.text);
}

static void each_message_of_owntracks_schema_is_answered(void **state)
{
    (void)state;
    each_file(OWNTRACKS, 58, assert_message);
    print_message("OwnTracks' json-schema: %d pings, %d ignored, %d refused, %d empty lists\n",
                  messages.pings, messages.ignored, messages.refused, messages.empty);
}

/* ---- the payloads that the pages of OwnTracks and its recorder show ---- */

static void assert_shown(const char *page, const json_t *shown, size_t *pings, size_t *others)
{
    const char *type = json_string_value(json_object_get(shown, "_type"));
    bool is_ping = type != NULL && strcmp(type, "location") == 0;
    char *text = json_dumps(shown, 0);
    struct ping_body body = { .bytes = text, .n = strlen(text), .names = { "phone" } };
    struct taken taken = { 0 };

    if (type != NULL)
        taken_all(owntracks_read, &body, &taken);
    if (type != NULL && strncmp(taken.text, is_ping ? "0 phone " : "0 ignored", 8) != 0)
        fail_msg("%s: %s: %s", page, text, taken.text);
    *pings += is_ping;
    *others += type != NULL && !is_ping;
    free(text);
}

/* What stands between prose, and is no sketch with "elements" for what is left out. */
static void each_payload_of_owntracks_pages_is_answered(void **state)
{
    static const char *const pages[] = { "recorder/README.md", "recorder/doc/FENCES.md",
                                         "booklet/docs/features/waypoints.md",
                                         "booklet/docs/tech/json.md" };
    static char bytes[1 << 18];
    size_t pings = 0, others = 0;
    (void)state;

    if (access(PAGES, R_OK) != 0) {
        print_message("skipped: no %s\n", PAGES);
        skip();
    }
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *end = bytes + read_file(PAGES, pages[i], bytes, sizeof bytes);

        for (const char *at = bytes; (at = memchr(at, '{', (size_t)(end - at))) != NULL;) {
            json_error_t stands;
            json_t *shown = json_loadb(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, &stands);

            if (shown != NULL)
                assert_shown(pages[i], shown, &pings, &others);
            at += json_object_get(shown, "_type") != NULL ? stands.position : 1;
            json_decref(shown);
        }
    }
    print_message("OwnTracks' pages: %zu pings, %zu others\n", pings, others);
    assert_true(pings >= 5 && others >= 9);
}

/* ---- JSONTestSuite, through every reader of JSON ---- */

static void assert_parsed(const char *name, const char *bytes, size_t n)
{
    static ping_reader *const readers[] = { ping_json_read, owntracks_read, osmand_read,
                                            traccar_read, overland_read };
    struct ping_body body = { .bytes = bytes, .n = n };
    bool blank = strspn(bytes, " ") >= n; // to OwnTracks it is a message without content

    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct taken taken = { 0 };
        struct fault why = { .text = "" };
        bool ok = readers[i](&body, taken_add, &taken, &why);

        // A member twice, or a NUL in its name, is JSON; it is refused by that name.
        if (name[0] == 'y' && !ok && strncmp(why.text, "not JSON", 8) == 0)
            fail_msg("%s, reader %zu: %s", name, i, why.text);
        if (name[0] == 'n' && ok && !(blank && readers[i] == owntracks_read))
            fail_msg("%s, reader %zu: read", name, i);
        assert_true(ok || taken.length == 0);
    }
}

static void each_file_of_jsontestsuite_is_read_or_refused(void **state)
{
    (void)state;
    each_file(JSON, 300, assert_parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_osmand_are_what_they_say),
        cmocka_unit_test(requests_of_owntracks_are_what_they_say),
        cmocka_unit_test(what_a_traccar_server_forwards_is_what_it_says),
        cmocka_unit_test(each_message_of_owntracks_schema_is_answered),
        cmocka_unit_test(each_payload_of_owntracks_pages_is_answered),
        cmocka_unit_test(each_file_of_jsontestsuite_is_read_or_refused),
    };

    return cmocka_run_group_tests_name("tracker_suites", tests, NULL, NULL);
}
