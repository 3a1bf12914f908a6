/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_WIDTH = 10, LINE_WIDTH = 96, SUBJECT_MAX = 2 * NAME_MAX_CHARS + 2 };

void order_sheet_fini(struct order_sheet *sheet)
{
    index_fini(&sheet->by_name);
    free(sheet->of);
    arena_fini(&sheet->arena);
    *sheet = (struct order_sheet){ 0 };
}

static bool is_it(const struct sheet_section *section, const struct sheet_section *of,
                  const char *name)
{
    return section->of == of && strcmp(of != NULL ? section->name : section->id, name) == 0;
}

/* `ID` of an order, `ID/NAME` of a zone. */
static const char *called(const struct sheet_section *section, char out[SUBJECT_MAX])
{
    snprintf(out, SUBJECT_MAX, "%s%s%s", section->id, section->of != NULL ? "/" : "",
             section->of != NULL ? section->name : "");
    return out;
}

static bool enter(struct order_sheet *sheet, struct index *index, size_t nth)
{
    char subject[SUBJECT_MAX];
    const char *name = arena_text(&sheet->arena, called(sheet->of[nth], subject));

    return name != NULL && index_put(index, name, nth);
}

/* Room for twice as many, or for the first; false when memory is out. */
static bool grow(struct order_sheet *sheet)
{
    size_t room = sheet->room > 0 ? 2 * sheet->room : 64;
    struct sheet_section **larger = reallocarray(sheet->of, room, sizeof(struct sheet_section *));
    struct index fresh = { 0 };
    bool ok = larger != NULL && index_init(&fresh, room);

    if (larger != NULL)
        sheet->of = larger;
    for (size_t i = 0; ok && i < sheet->n; i++)
        ok = enter(sheet, &fresh, i);
    if (!ok) {
        index_fini(&fresh);
        return false;
    }
    index_fini(&sheet->by_name);
    sheet->by_name = fresh;
    sheet->room = room;
    return true;
}

static void append(struct order_sheet *sheet, struct sheet_section *section)
{
    struct sheet_section *of = section->of;

    *(sheet->last != NULL ? &sheet->last->next : &sheet->first) = section;
    sheet->last = section;
    if (of != NULL) {
        *(of->last_zone != NULL ? &of->last_zone->next_zone : &of->first_zone) = section;
        of->last_zone = section;
    }
}

struct sheet_section *order_sheet_find(const struct order_sheet *sheet, const char *subject)
{
    size_t nth;

    return index_find(&sheet->by_name, subject, &nth) ? sheet->of[nth] : NULL;
}

struct sheet_section *order_sheet_section(struct order_sheet *sheet, struct sheet_section *of,
                                          const char *name)
{
    struct sheet_section made = { .id = of != NULL ? of->id : name,
                                  .name = of != NULL ? name : NULL,
                                  .of = of };
    char subject[SUBJECT_MAX];
    struct sheet_section *section;

    if (sheet->last != NULL && is_it(sheet->last, of, name)) // rows of one stand together
        return sheet->last;
    section = order_sheet_find(sheet, called(&made, subject));
    if (section != NULL || sheet->n == ORDER_SHEET_SECTIONS_MAX)
        return section;
    section = arena_take(&sheet->arena, sizeof *section);
    name = arena_text(&sheet->arena, name);
    if (section == NULL || name == NULL || (sheet->n == sheet->room && !grow(sheet)))
        return NULL;
    *section = made;
    *(of != NULL ? &section->name : &section->id) = name;
    sheet->of[sheet->n] = section;
    if (!enter(sheet, &sheet->by_name, sheet->n))
        return NULL;
    sheet->n++;
    append(sheet, section);
    return section;
}

/* What an order file would give back otherwise than it was given. */
static bool is_writable(const char *name, const char *value, struct fault *why)
{
    size_t n = strlen(value);

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)value[i];

        if (c < ' ' || c == 0x7f)
            return fault_set(why, "%s: holds a line end or another control character", name);
        if (strchr(";#", c) != NULL && (i == 0 || value[i - 1] == ' '))
            return fault_set(why, "%s: %c after a blank would begin a comment", name, c);
    }
    return (value[0] != ' ' && value[n - 1] != ' ') ||
           fault_set(why, "%s: begins or ends with a blank", name);
}

bool order_sheet_put(struct order_sheet *sheet, struct sheet_section *section, size_t key,
                     const char *value, struct fault *why)
{
    const char *name = order_keys[key].name, *before = section->values[key];

    if (value == NULL || value[0] == '\0')
        return true;
    if (before != NULL)
        return strcmp(before, value) == 0 ||
               fault_set(why, "%s: \"%.60s\" here, and \"%.60s\" before", name, value, before);
    if (!is_writable(name, value, why))
        return false;
    section->values[key] = arena_text(&sheet->arena, value);
    return section->values[key] != NULL || fault_set(why, FAULT_MEMORY);
}

char *order_sheet_fold(const char *value)
{
    char *folded = strdup(value), *at = folded;

    while (at != NULL && strnlen(at, LINE_WIDTH + 1) > LINE_WIDTH) {
        char *comma = memrchr(at, ',', LINE_WIDTH);

        if (comma == NULL || comma[1] != ' ')
            break;
        comma[1] = '\n'; // the blank, which the lines give back when they are joined
        at = comma + 2;
    }
    return folded;
}

/* Lines after the first are indented. False when memory is out. */
static bool put_value(FILE *file, const char *value)
{
    char *folded = order_sheet_fold(value);

    for (const char *at = folded; at != NULL && *at != '\0'; at++) {
        if (*at == '\n')
            fprintf(file, "\n%*s", KEY_WIDTH + 3, "");
        else
            fputc(*at, file);
    }
    fprintf(file, "\n");
    if (folded == NULL)
        return false;
    free(folded);
    return true;
}

static bool put_section(FILE *file, const struct sheet_section *section)
{
    bool ok = true;

    enum order_key_of of = section->of != NULL ? ORDER_KEY_ZONE : ORDER_KEY_ORDER;

    if (section->of != NULL)
        fprintf(file, "\n[zone %s/%s]\n", section->id, section->name);
    else
        fprintf(file, "[order %s]\n", section->id);
    for (size_t i = 0; i < ORDER_KEYS; i++) {
        if (order_keys[i].of != of || section->values[i] == NULL)
            continue;
        fprintf(file, "%-*s = ", KEY_WIDTH, order_keys[i].name);
        ok &= put_value(file, section->values[i]);
    }
    return ok;
}

char *order_sheet_print(const struct order_sheet *sheet)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    bool ok = true;

    if (file == NULL)
        return NULL;
    for (const struct sheet_section *order = sheet->first; order != NULL; order = order->next) {
        if (order->of != NULL)
            continue;
        if (order != sheet->first)
            fprintf(file, "\n");
        ok &= put_section(file, order);
        for (const struct sheet_section *zone = order->first_zone; zone != NULL;
             zone = zone->next_zone)
            ok &= put_section(file, zone);
    }
    ok &= !ferror(file);
    if (fclose(file) == 0 && ok)
        return text;
    free(text);
    return NULL;
}
