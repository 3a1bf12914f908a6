/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/access.h"

#include "adapter/clock.h"
#include "adapter/conf/settings.h"
#include "adapter/gzip.h"
#include "adapter/ledger/ledger_reader.h"
#include "adapter/ledger/ledger_writer.h"
#include "adapter/line_door.h"
#include "adapter/textfile.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { PATH_TEXT_MAX = SETTINGS_PATH_MAX + 16 };

#define OPEN_DOOR "/run/breachd/door"

/* ---- by breachd, or in its place ---- */

/* "" while nothing is there, so that another breachd's door is not taken for its. */
static bool first_link(const char *ledger, char hex[CHAIN_HEX], struct fault *why)
{
    struct ledger_reader *reader = NULL;
    bool ok = access(ledger, F_OK) != 0 ||
              (ledger_reader_open(ledger, &reader, why) && ledger_reader_first(reader, hex, why));

    if (reader == NULL)
        hex[0] = '\0';
    ledger_reader_close(reader);
    return ok;
}

enum asked { ASKED_DONE, ASKED_REFUSED, ASKED_NOBODY };

/* An archive goes step by step; of who is forgotten only the log waits, for whoever reads it. */
static bool wait_for_more(const struct ledger_request *request, int *pauses)
{
    return request->more && (request->kind != LEDGER_REQUEST_FORGET ||
                             (++*pauses <= FORGET_PATIENCE_MS / FORGET_PAUSE_MS &&
                              poll(NULL, 0, FORGET_PAUSE_MS) == 0));
}

static enum asked ask(const char *door, const char *line, struct ledger_request *request,
                      struct fault *why)
{
    char answer[LINE_DOOR_MAX];
    bool none, said, done;
    int pauses = 0;

    do {
        said = line_door_ask(door, line, answer, &none, why);
        done = said && ledger_request_read_answer(answer, &request->more, why);
    } while (done && wait_for_more(request, &pauses));
    if (done)
        return ASKED_DONE;
    return none || (said && strcmp(why->text, LEDGER_REQUEST_OTHER_LEDGER) == 0) ? ASKED_NOBODY
                                                                                 : ASKED_REFUSED;
}

/* The ledger's own door, and then the one that is open to everybody: for who looks at a copy. */
static enum asked ask_doors(const char *ledger, struct ledger_request *request, struct fault *why)
{
    const char *open = getenv("BREACHCTL_DOOR");
    char own[PATH_TEXT_MAX], *itself = realpath(ledger, NULL),
                             *line = ledger_request_print(request);
    enum asked asked = ASKED_REFUSED;

    snprintf(own, sizeof own, "%s-door", itself != NULL ? itself : ledger);
    free(itself);
    if (line == NULL) {
        fault_set(why, "out of memory");
        return asked;
    }
    asked = ask(own, line, request, why);
    if (asked == ASKED_NOBODY)
        asked = ask(open != NULL ? open : OPEN_DOOR, line, request, why);
    free(line);
    return asked;
}

bool access_ask(const char *ledger, struct ledger_request *request, bool *out_nobody,
                struct fault *why)
{
    enum asked asked;

    *out_nobody = false;
    if (!first_link(ledger, request->chain, why))
        return false;
    asked = ask_doors(ledger, request, why);
    *out_nobody = asked == ASKED_NOBODY;
    return asked == ASKED_DONE;
}

bool access_record(const struct access *access, char body[LEDGER_REQUEST_BODY_MAX],
                   struct fault *why)
{
    // cppcheck-suppress getpwuidCalled ; breachctl has one thread
    const struct passwd *user = getpwuid(getuid());
    struct access_record record = { .command = access->command,
                                    .of = access->of,
                                    .user = user ? user->pw_name : "?",
                                    .uid = (long)getuid(),
                                    .sudo = getenv("SUDO_USER"),
                                    .by = access->by,
                                    .reason = access->reason };
    char *text = access_record_print(&record);
    bool ok = text != NULL && strlen(text) < LEDGER_REQUEST_BODY_MAX;

    if (ok)
        strcpy(body, text);
    free(text);
    return ok || fault_set(why, "who and why are not UTF-8, or longer than %d bytes",
                           LEDGER_REQUEST_BODY_MAX - 1);
}

bool access_note(const char *ledger, const struct access *access, struct fault *why)
{
    struct ledger_request request = { .kind = LEDGER_REQUEST_ACCESS };
    struct kept_entry entry = { .kind = "access",
                                .at = clock_utc(),
                                .respondent = "",
                                .evidence = true,
                                .body = request.body };
    struct fault cause;
    bool nobody;

    // A look is kept in what is looked at, and an archive is signed as it is.
    if (gzip_is(ledger))
        return fault_set(why,
                         "%.300s: is an archive: unpack it (gzip -dc FILE >COPY), and look at that",
                         ledger);
    if (!access_record(access, request.body, why))
        return false;
    if (access_ask(ledger, &request, &nobody, &cause) ||
        (nobody && ledger_writer_put(ledger, &entry, &cause)))
        return true;
    return fault_set(why, "the look cannot be kept, so nothing is shown: %.500s", cause.text);
}

/* ---- LEDGER-access, as it was before the chain had them ---- */

static const char kind[] = "access";

/* How far the file was read. */
struct notes {
    struct chain chain;
    uint64_t torn; // lines
    bool open;     // the last line has no newline
};

/* False for a line that is too long; at the end of the file *out_n is 0 and *open stays. */
static bool read_line(FILE *file, char line[ACCESS_LINE_MAX], size_t *out_n, bool *out_open)
{
    size_t n = 0;
    int c;

    while ((c = getc(file)) != EOF && c != '\n') {
        if (n == ACCESS_LINE_MAX)
            return false;
        line[n++] = (char)c;
    }
    *out_n = n;
    if (n > 0 || c != EOF)
        *out_open = c == EOF;
    return true;
}

/*
 * Moves on over a line; false when it neither follows from the one before nor is the beginning of
 * a line, as a crash leaves it. Such a one proves nothing and hides nothing: the next must follow
 * from the one before it.
 */
static bool follow(struct notes *notes, const char *line, size_t n)
{
    json_error_t error;
    json_t *json = json_loadb(line, n, 0, &error);
    const char *body = json_string_value(json_object_get(json, "body"));
    const char *digest = json_string_value(json_object_get(json, "digest"));
    struct utc at = { json_integer_value(json_object_get(json, "at")) };
    struct chain next = notes->chain;
    unsigned char of_body[CHAIN_DIGEST];
    char hex[CHAIN_HEX];
    bool torn = json == NULL && line[0] == '{' &&
                json_error_code(&error) != json_error_end_of_input_expected; // more than one
    bool ok = body != NULL && digest != NULL && chain_digest(body, strlen(body), of_body) &&
              chain_extend_1(&next, kind, at, of_body) &&
              (uint64_t)json_integer_value(json_object_get(json, "number")) == next.number &&
              strcmp(chain_hex(next.digest, hex), digest) == 0;

    json_decref(json);
    if (ok)
        notes->chain = next;
    notes->torn += torn;
    return ok || torn;
}

/* Reads to the end; *notes is where it got to. */
static bool walk(FILE *file, struct notes *notes)
{
    char line[ACCESS_LINE_MAX];
    size_t n;

    while (read_line(file, line, &n, &notes->open)) {
        if (n == 0 && feof(file))
            return !ferror(file);
        if (n == 0 || !follow(notes, line, n))
            return false;
    }
    return false;
}

bool access_verify(const char *ledger, struct access_counts *out, struct fault *why)
{
    char path[PATH_TEXT_MAX];
    struct notes notes = { 0 };
    struct fault cause;
    FILE *file;
    bool ok;

    snprintf(path, sizeof path, "%s-access", ledger);
    *out = (struct access_counts){ 0 };
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    file = textfile_open(path, INT64_MAX, &cause);
    if (file == NULL)
        return fault_set(why, "%.300s: %.200s", path, cause.text);
    flock(fileno(file), LOCK_SH); // who is writing is waited for; without it a line seems torn
    ok = walk(file, &notes);
    fclose(file);
    *out = (struct access_counts){ notes.chain.number, notes.torn };
    return ok || fault_set(why, "%.300s: line %" PRIu64 " does not follow from the one before",
                           path, notes.chain.number + notes.torn + 1);
}
