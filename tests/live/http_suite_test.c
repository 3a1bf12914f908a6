/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests of other projects' suites as raw bytes: llhttp's cases, with what llhttp makes of them,
 * and the corpus of h2o's fuzzers. A bad one is refused and its connection closed, one request
 * never becomes two, and the next sender is served.
 */
#include <ftw.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/codes.h"
#include "support/test.h"
#include "support/testbed.h"

#define SUITE SHARED_DATA "/suite-http"

/* How a whole connection was answered. */
struct answer {
    int answers, refusals, last; // last: the code of the last one
};

static bool is_refusal(int code)
{
    return code == 400 || code == 413 || code == 414 || code == 415 || code == 417 || code == 431 ||
           code == 501 || code == 505;
}

/* No body of ours holds a status line. */
static struct answer listen_to(const char *text)
{
    struct answer answer = { 0 };
    int code;

    for (const char *at = text; (at = strstr(at, "HTTP/1.1 ")) != NULL; at++) {
        if (sscanf(at, "HTTP/1.1 %3d ", &code) != 1 || code < 200)
            continue;
        answer.answers++;
        answer.refusals += is_refusal(code);
        answer.last = code;
    }
    return answer;
}

static struct answer say(struct testbed *testbed, const void *bytes, size_t size)
{
    testbed_say(testbed, bytes, size); // fails when the connection stays open
    return listen_to(testbed->body);
}

static void assert_serves(struct testbed *testbed, const char *after)
{
    static const char good[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    if (say(testbed, good, strlen(good)).last != 200)
        fail_msg("not healthy after: %s", after);
}

/* ---- a Host, that these suites do not ask for ---- */

static bool has_host(const unsigned char *bytes, size_t n)
{
    static const char host[] = "\nhost:";

    for (size_t i = 0; i + sizeof host <= n; i++) {
        if (strncasecmp((const char *)bytes + i, host, sizeof host - 1) == 0)
            return true;
    }
    return false;
}

/*
 * Behind the line of the request that begins at `at`, if one ends there; how many bytes it is then.
 */
static size_t add_host(unsigned char **bytes, size_t n, size_t at)
{
    static const char host[] = "Host: h\r\n";
    unsigned char *whole = realloc(*bytes, n + sizeof host), *end;

    assert_non_null(whole);
    *bytes = whole;
    while (at < n && (whole[at] == '\r' || whole[at] == '\n'))
        at++;
    end = at < n ? memchr(whole + at, '\n', n - at) : NULL;
    if (end == NULL || end + 1 == whole + n)
        return n;
    memmove(end + sizeof host, end + 1, n - (size_t)(end + 1 - whole));
    memcpy(end + 1, host, sizeof host - 1);
    return n + sizeof host - 1;
}

/* ---- llhttp ---- */

struct verdict {
    int begun, complete; // messages
    bool error;          // it is no HTTP, for llhttp as strict as it can be
};

/*
 * Not every error of llhttp is one of the sender: "Pause on CONNECT/Upgrade" leaves the rest to
 * others, and "Data after `Connection: close`" is data that nobody reads.
 */
static bool is_senders_fault(const char *line)
{
    return strstr(line, "error code=") != NULL && strstr(line, "code=22 ") == NULL &&
           strstr(line, "code=5 ") == NULL && strstr(line, "Paused") == NULL;
}

static struct verdict verdict_of(const json_t *test)
{
    struct verdict verdict = { 0 };
    const json_t *line;
    size_t i;

    json_array_foreach(json_object_get(test, "log"), i, line)
    {
        const char *text = json_string_value(line);

        verdict.begun += strstr(text, "message begin") != NULL;
        verdict.complete += strstr(text, "message complete") != NULL;
        verdict.error = verdict.error || is_senders_fault(text);
    }
    return verdict;
}

static const char *type_of(const json_t *test)
{
    const char *type = json_string_value(json_object_get(json_object_get(test, "meta"), "type"));

    return type != NULL ? type : "";
}

/* What a case is, and so how it must be answered. */
enum kind { BAD, LENIENT, WHOLE, CUT, NO_REQUEST, KINDS };

static const char *const kind_names[KINDS] = {
    [BAD] = "llhttp: requests that are an error",
    [LENIENT] = "llhttp: requests that only a lenient reader takes",
    [WHOLE] = "llhttp: good requests",
    [CUT] = "llhttp: requests that end too early",
    [NO_REQUEST] = "llhttp: responses and the like",
};

static enum kind kind_of(const json_t *test, const struct verdict *verdict)
{
    const char *type = type_of(test);

    if (strncmp(type, "request", 7) != 0)
        return NO_REQUEST;
    if (strstr(type, "lenient") != NULL)
        return LENIENT;
    if (json_is_true(json_object_get(json_object_get(test, "meta"), "skipBody")))
        return CUT; // its body is not there
    if (verdict->error)
        return BAD;
    return verdict->complete > 0 && verdict->complete == verdict->begun ? WHOLE : CUT;
}

static size_t bytes_of(const json_t *test, unsigned char **out_bytes)
{
    const char *text = json_string_value(json_object_get(test, "raw_b64"));
    size_t n = strlen(text), padding = 0;
    int decoded;

    *out_bytes = malloc(n + 1);
    assert_non_null(*out_bytes);
    decoded = EVP_DecodeBlock(*out_bytes, (const unsigned char *)text, (int)n);
    assert_true(decoded >= 0);
    while (n > padding && text[n - 1 - padding] == '=')
        padding++;
    return (size_t)decoded - padding;
}

/* One for each request, the last first: llhttp says where they begin. */
static size_t add_hosts(const json_t *test, unsigned char **bytes, size_t n)
{
    const json_t *log = json_object_get(test, "log");
    size_t begun;

    if (has_host(*bytes, n))
        return n;
    for (size_t i = json_array_size(log); i > 0; i--) {
        const char *text = json_string_value(json_array_get(log, i - 1));

        if (strstr(text, "message begin") != NULL && sscanf(text, "off=%zu", &begun) == 1)
            n = add_host(bytes, n, begun);
    }
    return n;
}

/* Some cases stop one empty line before their end: with it they must be answered. */
static struct answer say_with_end(struct testbed *testbed, const unsigned char *bytes, size_t n)
{
    char *whole = malloc(n + 4);
    struct answer answer;

    assert_non_null(whole);
    memcpy(whole, bytes, n);
    memcpy(whole + n, "\r\n\r\n", 4);
    answer = say(testbed, whole, n + 4);
    free(whole);
    return answer;
}

static const char *wrong_with(struct testbed *testbed, const unsigned char *bytes, size_t n,
                              const struct verdict *verdict, enum kind kind, int *out_last)
{
    struct answer answer = say(testbed, bytes, n);

    *out_last = answer.last;
    if (answer.refusals > 1 || (answer.refusals == 1 && !is_refusal(answer.last)))
        return "the connection went on after a refusal";
    if (answer.answers > verdict->begun)
        return "more answers than requests were begun";
    if (answer.answers - answer.refusals > verdict->complete)
        return "more served than requests were complete";
    if (kind == CUT || kind == NO_REQUEST)
        return NULL;
    if (answer.refusals == 0 && answer.answers < verdict->complete + (kind != WHOLE))
        answer = say_with_end(testbed, bytes, n);
    *out_last = answer.last;
    if (kind == BAD)
        return answer.refusals == 1 ? NULL : "not refused";
    return answer.refusals == 1 || answer.answers >= verdict->complete ? NULL : "not answered";
}

/* What is no request is said all the same: it must do no harm. */
static bool case_holds(struct testbed *testbed, const json_t *test, struct codes last[KINDS])
{
    const char *id = json_string_value(json_object_get(test, "id")), *why;
    struct verdict verdict = verdict_of(test);
    enum kind kind = kind_of(test, &verdict);
    unsigned char *bytes;
    size_t n = bytes_of(test, &bytes);
    int code;

    n = add_hosts(test, &bytes, n);
    why = wrong_with(testbed, bytes, n, &verdict, kind, &code);
    codes_add(&last[kind], code);
    if (kind == NO_REQUEST)
        why = NULL;
    if (why != NULL)
        print_error("%s: %s\n", id, why);
    assert_serves(testbed, id);
    free(bytes);
    return why == NULL;
}

static void each_case_of_llhttp_is_answered_as_it_must(void **state)
{
    struct testbed *testbed = *state;
    FILE *file = fopen(SUITE "/llhttp-cases.jsonl", "re");
    char *line = NULL;
    size_t room = 0;
    static struct codes last[KINDS];
    int cases = 0, wrong = 0;

    if (file == NULL) {
        print_message("skipped: no " SUITE "\n");
        skip();
    }
    testbed_start(testbed, NULL);
    while (getline(&line, &room, file) > 0) {
        json_t *test = json_loads(line, 0, NULL);

        cases++;
        wrong += !case_holds(testbed, test, last);
        json_decref(test);
    }
    free(line);
    fclose(file);
    for (int kind = 0; kind < KINDS; kind++)
        codes_print(&last[kind], kind_names[kind]);
    assert_true(cases > 200);
    assert_int_equal(wrong, 0);
    testbed_close(testbed);
}

/* ---- h2o ---- */

/* nftw() carries no argument of ours: the testbed and the count, while a folder is walked. */
static struct {
    struct testbed *testbed;
    struct codes last;
} walking;

static int say_file(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    struct testbed *testbed = walking.testbed;
    struct answer answer;
    unsigned char *bytes;
    FILE *file;
    size_t n;

    (void)where;
    if (kind != FTW_F)
        return 0;
    bytes = malloc((size_t)about->st_size + 1);
    file = fopen(path, "re");
    assert_true(bytes != NULL && file != NULL);
    n = fread(bytes, 1, (size_t)about->st_size, file);
    fclose(file);
    if (!has_host(bytes, n))
        n = add_host(&bytes, n, 0);
    answer = say(testbed, bytes, n);
    free(bytes);
    codes_add(&walking.last, answer.last);
    if (answer.refusals > 1 || (answer.refusals == 1 && !is_refusal(answer.last)))
        fail_msg("%s: the connection went on after a refusal", path);
    if (walking.last.cases % 50 == 0)
        assert_serves(testbed, path);
    return 0;
}

static void every_file_of_h2o_s_corpus_leaves_the_door_standing(void **state)
{
    struct testbed *testbed = *state;
    struct path corpus = testbed_path(testbed, "corpus");
    const char *argv[] = {
        "tar", "-xzf", SUITE "/h2o-fuzz-corpus.tar.gz", "-C", corpus.text, NULL
    };
    struct child tar;
    int status;

    if (access(argv[2], R_OK) != 0) {
        print_message("skipped: no %s\n", argv[2]);
        skip();
    }
    mkdir(corpus.text, 0700);
    tar = child_start(&(struct command){ .argv = argv });
    assert_true(child_ends(&tar, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    testbed_start(testbed, NULL);
    walking.testbed = testbed;
    walking.last = (struct codes){ 0 };
    nftw(corpus.text, say_file, 8, FTW_PHYS);
    codes_print(&walking.last, "h2o's corpus");
    assert_true(walking.last.cases > 2000);
    assert_serves(testbed, "all of them");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_case_of_llhttp_is_answered_as_it_must),
        testbed_test(every_file_of_h2o_s_corpus_leaves_the_door_standing),
    };

    return cmocka_run_group_tests_name("http_suite", tests, NULL, NULL);
}
