/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <stdarg.h>
#include <stdlib.h>

static const char *const names[DIFFERENCES] = {
    [DIFFERENCE_LOST] = "lost",        [DIFFERENCE_TWICE] = "twice",
    [DIFFERENCE_FOREIGN] = "foreign",  [DIFFERENCE_ORDER] = "out of order",
    [DIFFERENCE_TEXT] = "other text",  [DIFFERENCE_SITE] = "of the site",
    [DIFFERENCE_OPEN] = "of the hash", [DIFFERENCE_HOLE] = "hole",
    [DIFFERENCE_STATUS] = "of status",
};

void tally_note(struct tally *tally, enum difference kind, const char *who, const char *format, ...)
{
    size_t nth = tally->of[kind].n++, size;
    va_list arguments;
    FILE *out;

    if (nth >= TALLY_LINES_MAX)
        return;
    out = open_memstream(&tally->of[kind].lines[nth], &size);
    if (out == NULL)
        abort(); // a difference that is not told would be none
    fprintf(out, "DIFFERS seed %lu, %s: %s: ", tally->seed, names[kind], who);
    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
    fclose(out);
}

size_t tally_total(const struct tally *tally)
{
    size_t total = 0;

    for (size_t i = 0; i < DIFFERENCES; i++)
        total += tally->of[i].n;
    return total;
}

void tally_print(const struct tally *tally, FILE *out)
{
    const char *comma = "";

    for (size_t i = 0; i < DIFFERENCES; i++) {
        for (size_t n = 0; n < tally->of[i].n && n < TALLY_LINES_MAX; n++)
            fprintf(out, "%s\n", tally->of[i].lines[n]);
    }
    for (size_t i = 0; i < DIFFERENCES; i++) {
        if (tally->of[i].n == 0)
            continue;
        fprintf(out, "%s%zu %s", comma, tally->of[i].n, names[i]);
        comma = ", ";
    }
    if (*comma != '\0')
        fputc('\n', out);
}

void tally_fini(struct tally *tally)
{
    for (size_t i = 0; i < DIFFERENCES; i++) {
        for (size_t n = 0; n < tally->of[i].n && n < TALLY_LINES_MAX; n++)
            free(tally->of[i].lines[n]);
    }
    *tally = (struct tally){ .seed = tally->seed };
}
