/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/access.h"

#include "adapter/clock.h"
#include "adapter/settings.h"

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

/* Moves the chain over a line; false when it does not follow from the one before. */
static bool follow(struct chain *chain, const char *line)
{
    json_t *json = json_loads(line, 0, NULL);
    const char *body = json_string_value(json_object_get(json, "body"));
    const char *digest = json_string_value(json_object_get(json, "digest"));
    struct utc at = { json_integer_value(json_object_get(json, "at")) };
    unsigned char of_body[CHAIN_DIGEST];
    char hex[CHAIN_HEX];
    bool ok = body != NULL && digest != NULL && chain_digest(body, strlen(body), of_body) &&
              chain_extend(chain, kind, at, of_body) &&
              (uint64_t)json_integer_value(json_object_get(json, "number")) == chain->number &&
              strcmp(chain_hex(chain->digest, hex), digest) == 0;

    json_decref(json);
    return ok;
}

/* Reads to the end; *chain is where it got to. */
static bool walk(FILE *file, struct chain *chain)
{
    char line[ACCESS_LINE_MAX];

    while (fgets(line, sizeof line, file) != NULL) {
        if (strchr(line, '\n') == NULL || !follow(chain, line))
            return false;
    }
    return !ferror(file);
}

static json_t *body_of(const struct access *access)
{
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
        chain_extend(chain, kind, now, of_body)) {
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
    struct chain chain = { 0 };
    char *line = NULL;
    bool ok;

    if (flock(fileno(file), LOCK_EX) != 0)
        return say(path, why);
    if (!walk(file, &chain))
        return fault_set(why,
                         "%.300s: line %" PRIu64 " does not follow from the one before: it was "
                         "changed, so nothing more is noted there, and nothing is shown",
                         path, chain.number + 1);
    line = next_line(&chain, access);
    if (line == NULL || strlen(line) + 2 > ACCESS_LINE_MAX) {
        free(line);
        return fault_set(why, "who and why are not UTF-8, or longer than %d bytes",
                         ACCESS_LINE_MAX);
    }
    ok = fprintf(file, "%s\n", line) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
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

bool access_verify(const char *ledger, uint64_t *out_lines, struct fault *why)
{
    char path[PATH_TEXT_MAX];
    struct chain chain = { 0 };
    FILE *file;
    bool ok;

    snprintf(path, sizeof path, "%s-access", ledger);
    *out_lines = 0;
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || say(path, why);
    ok = walk(file, &chain);
    fclose(file);
    *out_lines = chain.number;
    return ok || fault_set(why, "%.300s: line %" PRIu64 " does not follow from the one before",
                           path, chain.number + 1);
}
