/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/anchors.h"

#include "adapter/textfile.h"
#include "ctl/line.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char words[] = "newest link ";

static bool add(struct anchors *anchors, const struct anchor *anchor, struct fault *why)
{
    size_t room = 2 * anchors->room + 16;
    struct anchor *larger;

    if (anchors->n == anchors->room) {
        larger = reallocarray(anchors->all, room, sizeof *larger);
        if (larger == NULL)
            return fault_set(why, "out of memory");
        anchors->all = larger;
        anchors->room = room;
    }
    anchors->all[anchors->n++] = *anchor;
    return true;
}

/* Number, one character between, digest; whatever comes after a blank. */
static bool parse(const char *text, char between, struct anchor *out)
{
    char *end;
    size_t digits;

    if (*text < '1' || *text > '9')
        return false;
    errno = 0;
    out->number = strtoull(text, &end, 10);
    if (errno != 0 || out->number > INT64_MAX || *end != between)
        return false;
    digits = strspn(end + 1, "0123456789abcdef");
    snprintf(out->digest, CHAIN_HEX, "%s", end + 1);
    return digits == CHAIN_HEX - 1 && strchr(" \r\n", end[1 + digits]) != NULL;
}

bool anchors_take(struct anchors *anchors, const char *text, struct fault *why)
{
    struct anchor anchor;

    return parse(text, ':', &anchor)
               ? add(anchors, &anchor, why)
               : fault_set(why, "%.200s: not NUMBER:DIGEST, a digest being 64 digits from 0 to f",
                           text);
}

/*
 * What a log's line says of a link: all of it, as of `journalctl -o cat`, or behind the first
 * `NAME[PID]: `, as in its other formats and in syslog's files. Further on in it somebody else's
 * words may stand.
 */
static const char *logged(const char *line)
{
    static const char subject[] = "chain: ";
    const char *message = strstr(line, ": ");
    size_t n = strlen(subject);

    if (strncmp(line, subject, n) == 0)
        return line + n;
    return message != NULL && strncmp(message + 2, subject, n) == 0 ? message + 2 + n : line;
}

/* The words after which a line of the file tells its link; "" when it tells none. */
static const char *word_after(const json_t *json, const char *line)
{
    if (json == NULL)
        return logged(line);
    if (json_is_string(json_object_get(json, "MESSAGE"))) // journalctl -o json
        return logged(line_text(json, "MESSAGE"));
    return line_is(json, ALERT_CHAIN) ? line_text(json, "data.reason") : "";
}

static bool take_line(struct anchors *anchors, const char *line, struct fault *why)
{
    json_t *json = json_loads(line, 0, NULL);
    const char *from = word_after(json, line);
    struct anchor anchor;
    bool ok = true;

    if (strncmp(from, words, strlen(words)) == 0 && parse(from + strlen(words), ' ', &anchor))
        ok = add(anchors, &anchor, why);
    json_decref(json);
    return ok;
}

bool anchors_read(struct anchors *anchors, const char *path, struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, INT64_MAX, &cause);
    size_t before = anchors->n, room = 0;
    char *line = NULL;
    bool ok = true;

    if (file == NULL)
        return fault_set(why, "%.300s: %.200s", path, cause.text);
    while (ok && getline(&line, &room, file) != -1)
        ok = take_line(anchors, line, why);
    if (ok && ferror(file))
        ok = fault_set(why, "%.300s: it cannot be read", path);
    else if (ok && anchors->n == before)
        ok = fault_set(why,
                       "%.300s: no link is told in it, by an alert \"chain\" or a line of the log, "
                       "so nothing can be compared",
                       path);
    free(line);
    fclose(file);
    return ok;
}

static int by_number(const void *a, const void *b)
{
    const struct anchor *one = a, *other = b;

    return one->number < other->number ? -1 : one->number > other->number;
}

void anchors_sort(struct anchors *anchors)
{
    if (anchors->n > 0)
        qsort(anchors->all, anchors->n, sizeof *anchors->all, by_number);
}

void anchors_fini(struct anchors *anchors)
{
    free(anchors->all);
}
