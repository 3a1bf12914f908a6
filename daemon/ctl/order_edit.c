/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_edit.h"

#include "adapter/conf/ini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS_MAX = 16, BLANKS = 3 };

/* Where a section stands, and in it what is to go; lines from 1, 0: none. */
struct spot {
    const char *section;
    const char *const *gone;
    const char *behind;
    bool inside;
    int begin, next; // next: where the section after it begins
    int cuts[CUTS_MAX], n_cuts, behind_line;
};

/* "zone  A/home" is "zone A/home". */
static bool is_section(const char *written, const char *wanted)
{
    size_t n = strcspn(wanted, " ");

    return strncmp(written, wanted, n) == 0 && written[n] == ' ' &&
           strcmp(written + n + strspn(written + n, " "), wanted + n + 1) == 0;
}

static bool is_among(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (strcmp(*keys, key) == 0)
            return true;
    }
    return false;
}

static void on_entry(const struct ini_entry *entry, void *arg)
{
    struct spot *spot = arg;

    if (entry->key == NULL) {
        if (spot->inside && spot->next == 0)
            spot->next = entry->line;
        spot->inside = spot->begin == 0 && is_section(entry->section, spot->section);
        if (spot->inside)
            spot->begin = entry->line;
    } else if (spot->inside && is_among(entry->key, spot->gone)) {
        if (spot->n_cuts < CUTS_MAX)
            spot->cuts[spot->n_cuts++] = entry->line;
    } else if (spot->inside && strcmp(entry->key, spot->behind) == 0) {
        spot->behind_line = entry->line;
    }
}

static struct spot find(const char *text, const char *name, const char *section,
                        const char *const *gone, const char *behind)
{
    struct spot spot = { .section = section, .gone = gone, .behind = behind };
    struct complaints unheard = { 0 }; // the whole is checked by whoever puts it in place

    ini_read_text(text, name, on_entry, &spot, &unheard);
    complaints_fini(&unheard);
    return spot;
}

/* Where line `nth` begins, counted from 1; the end when there are fewer. */
static const char *line_at(const char *text, int nth)
{
    while (--nth > 0 && *text != '\0') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
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

static void put_all(FILE *file, const char *text, const struct spot *spot,
                    const struct order_edit_line *lines, size_t n_lines)
{
    int model = spot->n_cuts > 0 ? spot->cuts[0] : spot->behind_line;
    const char *at = text, *line_end, *place;
    int width = layout(line_at(text, model), &line_end);

    place = spot->n_cuts > 0 ? line_at(text, model) : past_value(line_at(text, model));
    fprintf(file, "%.*s", (int)(place - text), text);
    if (place > text && place[-1] != '\n') // the file's last line has no end
        fputs(line_end, file);
    put_lines(file, lines, n_lines, width, line_end);
    at = place;
    for (int i = 0; i < spot->n_cuts; i++) {
        const char *cut = line_at(text, spot->cuts[i]);

        fprintf(file, "%.*s", (int)(cut - at), at);
        at = past_value(cut);
    }
    fputs(at, file);
}

bool order_edit_has(const char *text, const char *name, const char *section)
{
    static const char *const none[] = { NULL };

    return find(text, name, section, none, "").begin > 0;
}

char *order_edit(const char *text, const char *name, const char *section, const char *const *gone,
                 const char *behind, const struct order_edit_line *lines, size_t n_lines)
{
    struct spot spot = find(text, name, section, gone, behind);
    char *made = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&made, &n);
    bool ok;

    if (file == NULL)
        return NULL;
    put_all(file, text, &spot, lines, n_lines);
    ok = !ferror(file);
    if (fclose(file) == 0 && ok)
        return made;
    free(made);
    return NULL;
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

char *order_edit_section(const char *text, const char *name, const char *section)
{
    static const char *const none[] = { NULL };
    struct spot spot = find(text, name, section, none, "");
    const char *begin = line_at(text, spot.begin);
    const char *end = spot.next > 0 ? line_at(text, spot.next) : text + strlen(text);

    // Remarks at its end are mostly of what comes next.
    for (const char *before; end > begin && is_remark(begin, end, &before); end = before)
        ;
    return spot.begin > 0 ? strndup(begin, (size_t)(end - begin)) : NULL;
}
