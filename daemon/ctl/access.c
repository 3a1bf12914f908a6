/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/access.h"

#include "adapter/clock.h"
#include "adapter/conf/settings.h"
#include "adapter/print.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { PATH_TEXT_MAX = SETTINGS_PATH_MAX + 16 };

static const char kind[] = "access";

static bool say(const char *path, struct fault *why)
{
    return fault_set(why, "%.300s: %s", path, strerror(errno));
}

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

static json_t *body_of(const struct access *access)
{
    // cppcheck-suppress getpwuidCalled ; breachctl has one thread
    const struct passwd *user = getpwuid(getuid());
    const char *sudo = getenv("SUDO_USER");

    return json_pack("{s:s,s:s,s:s,s:i,s:s*,s:s*,s:s*}", "command", access->command, "of",
                     access->of, "user", user ? user->pw_name : "?", "uid", (int)getuid(), "sudo",
                     sudo, "by", access->by, "reason", access->reason);
}

/* The next line of the chain, with its end; the caller frees. NULL: no memory, or not UTF-8. */
static char *next_line(struct chain *chain, const struct access *access)
{
    json_t *json = body_of(access);
    char *body = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL, *line = NULL;
    unsigned char of_body[CHAIN_DIGEST];
    struct utc now = clock_utc();
    char hex[CHAIN_HEX];

    json_decref(json);
    if (body != NULL && chain_digest(body, strlen(body), of_body) &&
        chain_extend_1(chain, kind, now, of_body)) {
        json = json_pack("{s:I,s:I,s:s,s:s}", "number", (json_int_t)chain->number, "at",
                         (json_int_t)now.ms, "body", body, "digest", chain_hex(chain->digest, hex));
        line = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
        json_decref(json);
    }
    free(body);
    return line;
}

/* Held to its end by flock(2): two who look at once are two lines. */
static bool append(FILE *file, const char *path, const struct access *access, struct fault *why)
{
    struct notes notes = { 0 };
    char *line = NULL;
    bool ok;

    if (flock(fileno(file), LOCK_EX) != 0)
        return say(path, why);
    if (!walk(file, &notes))
        return fault_set(why,
                         "%.300s: line %" PRIu64 " does not follow from the one before: it was "
                         "changed, so nothing more is noted there, and nothing is shown",
                         path, notes.chain.number + notes.torn + 1);
    if (notes.open)
        print_line(stderr,
                   "breachctl: %s: the last line is torn: somebody who looked was cut off while "
                   "it was noted; it stays, and noting goes on",
                   path);
    line = next_line(&notes.chain, access);
    if (line == NULL || strlen(line) > ACCESS_LINE_MAX) {
        free(line);
        return fault_set(why, "who and why are not UTF-8, or longer than %d bytes",
                         ACCESS_LINE_MAX);
    }
    ok = fprintf(file, "%s%s\n", notes.open ? "\n" : "", line) > 0 && fflush(file) == 0 &&
         fsync(fileno(file)) == 0;
    free(line);
    return ok || say(path, why);
}

bool access_note(const char *ledger, const struct access *access, struct fault *why)
{
    char path[PATH_TEXT_MAX];
    FILE *file;
    bool ok;

    snprintf(path, sizeof path, "%s-access", ledger);
    file = fopen(path, "a+e");
    if (file == NULL)
        return say(path, why);
    rewind(file);
    ok = append(file, path, access, why);
    if (fclose(file) != 0 && ok)
        ok = say(path, why);
    return ok;
}

bool access_verify(const char *ledger, struct access_counts *out, struct fault *why)
{
    char path[PATH_TEXT_MAX];
    struct notes notes = { 0 };
    FILE *file;
    bool ok;

    snprintf(path, sizeof path, "%s-access", ledger);
    *out = (struct access_counts){ 0 };
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || say(path, why);
    flock(fileno(file), LOCK_SH); // who is writing is waited for; without it a line seems torn
    ok = walk(file, &notes);
    fclose(file);
    *out = (struct access_counts){ notes.chain.number, notes.torn };
    return ok || fault_set(why, "%.300s: line %" PRIu64 " does not follow from the one before",
                           path, notes.chain.number + notes.torn + 1);
}
