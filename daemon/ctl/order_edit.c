/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_edit.h"

#include "adapter/conf/ini.h"
#include "core/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS_MAX = 16, BLANKS = 3 };

/* Where a section stands, and in it what is to go; lines from 1, 0: none. */
struct spot {
    const struct order_edit *edit;
    int begin, next; // next: where the section after it begins
    int cuts[CUTS_MAX], n_cuts, behind_line;
};

/* Those that are there, in the order of the text. */
struct finding {
    const struct order_edit *edits;
    struct index by_section; // which edit
    bool *seen;
    struct spot *spots;
    size_t n;
    struct spot *open; // of the section that is read; NULL: none of them
};

/* "zone  A/home" is "zone A/home". */
static const char *plain(const char *written, char out[INI_SECTION_LIMIT])
{
    size_t n = strcspn(written, " ");

    snprintf(out, INI_SECTION_LIMIT, "%.*s %s", (int)n, written,
             written + n + strspn(written + n, " "));
    return out;
}

static bool is_among(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (strcmp(*keys, key) == 0)
            return true;
    }
    return false;
}

static void begin_section(struct finding *finding, const struct ini_entry *entry)
{
    char section[INI_SECTION_LIMIT];
    struct spot *last = finding->n > 0 ? &finding->spots[finding->n - 1] : NULL;
    size_t nth;

    if (last != NULL && last->next == 0)
        last->next = entry->line;
    finding->open = NULL;
    if (!index_find(&finding->by_section, plain(entry->section, section), &nth))
        return;
    if (finding->seen[nth])
        return; // once more: the check of the whole refuses that
    finding->seen[nth] = true;
    finding->open = &finding->spots[finding->n++];
    *finding->open = (struct spot){ .edit = &finding->edits[nth], .begin = entry->line };
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct finding *finding = arg;
    struct spot *spot = finding->open;

    if (entry->key == NULL) {
        begin_section(finding, entry);
    } else if (spot == NULL) {
        return;
    } else if (is_among(entry->key, spot->edit->gone)) {
        if (spot->n_cuts < CUTS_MAX)
            spot->cuts[spot->n_cuts++] = entry->line;
    } else if (strcmp(entry->key, spot->edit->behind) == 0) {
        spot->behind_line = entry->line;
    }
}

static void finding_fini(struct finding *finding)
{
    index_fini(&finding->by_section);
    free(finding->seen);
    free(finding->spots);
}

/* False when memory is out; the caller calls finding_fini. */
static bool find(const char *text, const char *name, const struct order_edit *edits, size_t n,
                 struct finding *out)
{
    struct complaints unheard = { 0 }; // the whole is checked by whoever puts it in place

    *out = (struct finding){ .edits = edits,
                             .seen = calloc(n + 1, sizeof *out->seen),
                             .spots = calloc(n + 1, sizeof *out->spots) };
    if (out->seen == NULL || out->spots == NULL || !index_init(&out->by_section, n))
        return false;
    for (size_t i = 0; i < n; i++)
        index_put(&out->by_section, edits[i].section, i);
    ini_read_text(text, name, on_entry, out, &unheard);
    complaints_fini(&unheard);
    return true;
}

/* A place in a text, which only goes on. */
struct cursor {
    const char *at;
    int line; // that begins there, from 1
};

/* Where line `nth` begins; the end when there are fewer. */
static const char *go_to(struct cursor *cursor, int nth)
{
    for (; cursor->line < nth && *cursor->at != '\0'; cursor->line++) {
        cursor->at += strcspn(cursor->at, "\n");
        cursor->at += *cursor->at == '\n';
    }
    return cursor->at;
}

/* Indented, and neither blank nor a comment. */
static bool goes_on(const char *line)
{
    size_t n = strspn(line, " \t");

    return n > 0 && strchr("\r\n;#", line[n]) == NULL;
}

/* Past the line and those that go on with it. */
static const char *past_value(const char *line)
{
    do {
        line += strcspn(line, "\n");
        line += *line == '\n';
    } while (goes_on(line));
    return line;
}

/* ---- the text anew ---- */

static void put_lines(FILE *file, const struct order_edit_line *lines, size_t n, int width,
                      const char *line_end)
{
    for (size_t i = 0; i < n; i++) {
        const char *value = lines[i].value;

        fprintf(file, "%-*s= ", width, lines[i].key);
        for (size_t length; (length = strcspn(value, "\n")), value[length] == '\n';
             value += length + 1)
            fprintf(file, "%.*s%s%*s", (int)length, value, line_end, width + BLANKS - 1, "");
        fprintf(file, "%s%s", value, line_end);
    }
}

/* How a line is laid out: the key's column is so wide, and the line ends so. */
static int layout(const char *line, const char **out_end)
{
    size_t n = strcspn(line, "\n");

    *out_end = n > 0 && line[n - 1] == '\r' ? "\r\n" : "\n";
    return (int)strcspn(line, "=:") - (int)strspn(line, " \t");
}

/* The section, from what was written before on; what is written then ends at *at. */
static void put_one(FILE *file, const char *text, const struct spot *spot, struct cursor *cursor,
                    const char **at)
{
    int model = spot->n_cuts > 0 ? spot->cuts[0] : spot->behind_line;
    const char *line = go_to(cursor, model), *line_end, *place;
    int width = layout(line, &line_end);

    place = spot->n_cuts > 0 ? line : past_value(line);
    fprintf(file, "%.*s", (int)(place - *at), *at);
    if (place > text && place[-1] != '\n') // the file's last line has no end
        fputs(line_end, file);
    put_lines(file, spot->edit->lines, spot->edit->n_lines, width, line_end);
    *at = place;
    for (int i = 0; i < spot->n_cuts; i++) {
        const char *cut = go_to(cursor, spot->cuts[i]);

        fprintf(file, "%.*s", (int)(cut - *at), *at);
        *at = past_value(cut);
    }
}

bool order_edit_has(const char *text, const char *name, const char *section)
{
    static const char *const none[] = { NULL };
    const struct order_edit wanted = { .section = section, .gone = none, .behind = "" };
    struct finding finding;
    bool has = find(text, name, &wanted, 1, &finding) && finding.n > 0;

    finding_fini(&finding);
    return has;
}

static char *edit(const char *text, const struct finding *finding)
{
    struct cursor cursor = { text, 1 };
    const char *at = text;
    char *made = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&made, &n);
    bool ok;

    if (file == NULL)
        return NULL;
    for (size_t i = 0; i < finding->n; i++)
        put_one(file, text, &finding->spots[i], &cursor, &at);
    fputs(at, file);
    ok = !ferror(file);
    if (fclose(file) == 0 && ok)
        return made;
    free(made);
    return NULL;
}

char *order_edit(const char *text, const char *name, const struct order_edit *edits, size_t n)
{
    struct finding finding;
    char *made = find(text, name, edits, n, &finding) ? edit(text, &finding) : NULL;

    finding_fini(&finding);
    return made;
}

/* Whether the line that ends at `end` is blank or a comment, and where it begins. */
static bool is_remark(const char *text, const char *end, const char **out_begin)
{
    const char *line = end - 1, *at;

    while (line > text && line[-1] != '\n')
        line--;
    at = line + strspn(line, " \t\r");
    *out_begin = line;
    return *at == '\n' || *at == ';' || *at == '#';
}

/* The lines of the section; NULL when memory is out. */
static char *cut_out(const struct spot *spot, struct cursor *cursor)
{
    const char *begin = go_to(cursor, spot->begin);
    struct cursor behind = *cursor;
    const char *end = spot->next > 0 ? go_to(&behind, spot->next) : begin + strlen(begin);

    // Remarks at its end are mostly of what comes next.
    for (const char *before; end > begin && is_remark(begin, end, &before); end = before)
        ;
    return strndup(begin, (size_t)(end - begin));
}

bool order_edit_show(const char *text, const char *name, const struct order_edit *edits, size_t n,
                     void (*show)(const char *section))
{
    struct cursor cursor = { text, 1 };
    struct finding finding;
    bool ok = find(text, name, edits, n, &finding);

    for (size_t i = 0; ok && i < finding.n; i++) {
        char *section = cut_out(&finding.spots[i], &cursor);

        ok = section != NULL;
        if (ok)
            show(section);
        free(section);
    }
    finding_fini(&finding);
    return ok;
}
