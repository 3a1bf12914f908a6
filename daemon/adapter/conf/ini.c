/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini.c - inih parses keys and values; our reader beside it counts the lines, keeps section names
 * whole (inih cuts them at 49 characters) and sees which lines inih made nothing of.
 */
#include "adapter/conf/ini.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <ini.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_KEPT = 80 };

struct reading {
    FILE *file;
    const char *path;
    struct complaints *complaints;
    void (*on_entry)(const struct ini_entry *entry, void *arg);
    void *arg;
    int line;
    bool mid_line;  // the last piece had no line end
    bool expecting; // this line should come back from inih as a key,
    bool continues; // being indented, with more of the last one's value
    char section[INI_SECTION_LIMIT];
    char comment[COMMENT_KEPT]; // behind the value in this line
    // The key that waits for the lines that go on with it:
    char *key, *value, key_comment[COMMENT_KEPT];
    int key_line;
};

/* Hands the waiting key on. */
static void flush(struct reading *reading)
{
    struct ini_entry entry = { reading->section, reading->key, reading->value, reading->key_comment,
                               reading->key_line };

    if (reading->key == NULL)
        return;
    reading->on_entry(&entry, reading->arg);
    free(reading->key);
    free(reading->value);
    reading->key = reading->value = NULL;
}

static void expect_nothing_more(struct reading *reading)
{
    if (reading->expecting)
        complain(reading->complaints, reading->path, reading->line,
                 "neither [section] nor key = value");
    reading->expecting = false;
}

static void begin_section(struct reading *reading, const char *at)
{
    struct ini_entry entry = { .section = reading->section, .line = reading->line };
    size_t n = strcspn(at, "]\r\n");
    const char *rest;

    flush(reading);
    if (at[n] != ']' || n >= INI_SECTION_LIMIT) {
        complain(reading->complaints, reading->path, reading->line,
                 at[n] != ']' ? "section: no ] at its end" : "section: longer than 255 characters");
        n = 0;
    }
    rest = at + n + (at[n] == ']');
    rest += strspn(rest, " \t\r\n");
    if (n > 0 && *rest != '\0' && *rest != ';' && *rest != '#')
        complain(reading->complaints, reading->path, reading->line,
                 "more behind [section]: a key begins a line of its own");
    memcpy(reading->section, at, n);
    reading->section[n] = '\0';
    reading->on_entry(&entry, reading->arg);
}

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

/* How much of a value is not comment; inih looks for one only in the line with the key. */
static int before_comment(const char *value)
{
    size_t n = strcspn(value, ";#");

    while (value[n] != '\0' && n > 0 && !is_blank(value[n - 1]))
        n += 1 + strcspn(value + n + 1, ";#");
    while (n > 0 && is_blank(value[n - 1])) // back to the beginning of the value
        n--;
    return (int)n;
}

/* `word =`: a key that somebody has indented. */
static bool looks_like_a_key(const char *at)
{
    size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz-");

    return n > 0 && at[n + strspn(at + n, " \t")] == '=';
}

/* As much of it as there is room for; most lines have none. */
static void keep_comment(struct reading *reading, const char *comment)
{
    size_t n = strnlen(comment, COMMENT_KEPT - 1);

    memcpy(reading->comment, comment, n);
    reading->comment[n] = '\0';
}

/* Looks at a line before inih does. */
static void classify(struct reading *reading, const char *line)
{
    const char *at = line + strspn(line, " \t\r\n\v\f");

    reading->line++;
    if (*at == '\0' || *at == ';' || *at == '#')
        return;
    reading->continues = at > line && reading->key != NULL;
    if (reading->continues && looks_like_a_key(at))
        complain(reading->complaints, reading->path, reading->line,
                 "an indented line goes on with the value above: begin a key at the left");
    keep_comment(reading, at + before_comment(at));
    if (*at == '[' && !reading->continues)
        begin_section(reading, at + 1);
    else
        reading->expecting = true;
}

/* fgets for inih, which may take a long line in several pieces. */
static char *read_piece(char *piece, int room, void *stream)
{
    struct reading *reading = stream;
    size_t n;

    if (!reading->mid_line)
        expect_nothing_more(reading);
    if (fgets(piece, room, reading->file) == NULL)
        return NULL;
    if (!reading->mid_line)
        classify(reading, piece);
    n = strlen(piece);
    reading->mid_line = n + 1 == (size_t)room && piece[n - 1] != '\n';
    // A line that ends before its end: fgets has read on past a NUL.
    if (!reading->mid_line && !feof(reading->file) && (n == 0 || piece[n - 1] != '\n'))
        complain(reading->complaints, reading->path, reading->line, "holds a NUL");
    return piece;
}

/* `value` and ` more`, or NULL. Takes `value`. */
static char *joined(char *value, const char *more)
{
    char *both = NULL;

    if (value == NULL || asprintf(&both, "%s %.*s", value, before_comment(more), more) < 0)
        both = NULL;
    free(value);
    return both;
}

static int on_key(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *reading = arg;
    (void)section; // cut short by inih; reading->section is whole
    if (reading->continues) {
        reading->value = joined(reading->value, value);
    } else {
        flush(reading);
        reading->key = strdup(key);
        reading->value = strdup(value);
        strcpy(reading->key_comment, reading->comment);
        reading->key_line = reading->line;
    }
    reading->expecting = false;
    if (reading->key == NULL || reading->value == NULL)
        complain(reading->complaints, reading->path, reading->line, "out of memory");
    return 1;
}

/* All of the open file, which stays open. */
static bool read_open(struct reading *reading)
{
    struct fault why;

    if (!textfile_skip_lead(reading->file, &why)) {
        complain(reading->complaints, reading->path, 1, "%s", why.text);
        return false;
    }
    ini_use_stack = false; // Debian's inih takes its limits from these
    ini_allow_realloc = true;
    ini_max_line = INI_LINE_LIMIT;
    ini_inline_comment_prefixes = ";#";
    ini_parse_stream(read_piece, reading, on_key, reading);
    if (ferror(reading->file))
        complain(reading->complaints, reading->path, 0, "%s", strerror(errno));
    expect_nothing_more(reading);
    flush(reading);
    return true;
}

bool ini_read_from(const struct sources *sources, enum last_good_kind kind, const char *path,
                   void (*on_entry)(const struct ini_entry *entry, void *arg), void *arg,
                   struct complaints *complaints)
{
    struct reading reading = {
        .path = path, .complaints = complaints, .on_entry = on_entry, .arg = arg
    };
    struct source source;
    struct fault why;
    bool ok;

    if (!source_open(sources, kind, path, NULL, INI_FILE_LIMIT, &source, &why)) {
        complain(complaints, path, 0, "%s", why.text);
        return false;
    }
    reading.file = source.file;
    ok = read_open(&reading);
    source_close(&source);
    return ok;
}

bool ini_read_text(const char *text, const char *name,
                   void (*on_entry)(const struct ini_entry *entry, void *arg), void *arg,
                   struct complaints *complaints)
{
    struct reading reading = {
        .path = name, .complaints = complaints, .on_entry = on_entry, .arg = arg
    };
    bool ok;

    reading.file = fmemopen((void *)(uintptr_t)text, strlen(text), "re");
    if (reading.file == NULL) {
        complain(complaints, name, 0, "%s", strerror(errno));
        return false;
    }
    ok = read_open(&reading);
    fclose(reading.file);
    return ok;
}

void ini_folder(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        snprintf(folder, size, ".");
    else
        snprintf(folder, size, "%.*s", (int)(slash == path ? 1 : slash - path), path);
}
