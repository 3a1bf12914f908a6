/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/cursor.h"

#include "ctl/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The folders to it are made as far as they are missing. */
static void find_path(struct cursor *mark, const char *prefix)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *slash = mark->path;

    if (state != NULL)
        snprintf(mark->path, sizeof mark->path, "%s/breachctl/%s", state, prefix);
    else if (home != NULL)
        snprintf(mark->path, sizeof mark->path, "%s/.local/state/breachctl/%s", home, prefix);
    while (slash[0] != '\0' && (slash = strchr(slash + 1, '/')) != NULL) {
        *slash = '\0';
        mkdir(mark->path, 0700);
        *slash = '/';
    }
}

static void load(struct cursor *mark)
{
    FILE *file = mark->path[0] != '\0' ? fopen(mark->path, "re") : NULL;

    if (file == NULL)
        return;
    if (fscanf(file, "%47[0-9-] %" SCNu64, mark->id, &mark->sequence) != 2)
        mark->id[0] = '\0';
    fclose(file);
}

static bool is_id(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && text[digits] == '-' && text[digits + 1] != '\0' &&
           text[digits + 1 + strspn(text + digits + 1, "0123456789")] == '\0' &&
           strlen(text) < ENTRY_ID_MAX;
}

/* The id of the first entry that counts. */
static bool since_id(const char *since, struct utc now, char id[ENTRY_ID_MAX], struct fault *why)
{
    struct fault unheard;
    struct utc at;

    if (is_id(since)) {
        snprintf(id, ENTRY_ID_MAX, "%s", since);
        return true;
    }
    if (!moment_parse(since, now, MOMENT_BEFORE, &at, &unheard))
        return fault_set(why, "%.60s is no duration (2h), time (06:00, 2020-06-23T20:00:00Z) or id",
                         since);
    snprintf(id, ENTRY_ID_MAX, "%" PRId64 "-0", at.ms);
    return true;
}

bool cursor_since_check(const char *text, struct fault *why)
{
    char id[ENTRY_ID_MAX];

    return since_id(text, (struct utc){ 0 }, id, why);
}

bool cursor_open(struct cursor *mark, const char *prefix, const char *since, struct utc now,
                 struct fault *why)
{
    *mark = (struct cursor){ 0 };
    find_path(mark, prefix);
    if (since == NULL) {
        load(mark);
        return true;
    }
    return since_id(since, now, mark->id, why);
}

uint64_t cursor_move(struct cursor *mark, const char *id, uint64_t sequence)
{
    uint64_t missing =
        mark->sequence != 0 && sequence > mark->sequence + 1 ? sequence - mark->sequence - 1 : 0;

    snprintf(mark->id, sizeof mark->id, "%s", id);
    if (sequence != 0)
        mark->sequence = sequence;
    mark->moved = true;
    return missing;
}

void cursor_save(struct cursor *mark)
{
    FILE *file = mark->moved && mark->path[0] != '\0' ? fopen(mark->path, "we") : NULL;

    mark->moved = false;
    if (file == NULL)
        return;
    fprintf(file, "%s %" PRIu64 "\n", mark->id, mark->sequence);
    fclose(file);
}
