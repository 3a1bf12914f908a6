/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 2048 };

static void keep(struct complaints *complaints, const char *file, int line, const char *kind,
                 const char *format, va_list args)
{
    char what[TEXT_MAX], where[32] = "", *text;

    if (complaints->n == COMPLAINTS_KEPT_MAX)
        return;
    if (complaints->texts == NULL)
        complaints->texts = calloc(COMPLAINTS_KEPT_MAX, sizeof *complaints->texts);
    vsnprintf(what, sizeof what, format, args);
    if (line > 0)
        snprintf(where, sizeof where, "%d:", line);
    // Without memory it is still counted, so nothing wrong is applied.
    if (complaints->texts != NULL && asprintf(&text, "%s:%s %s%s", file, where, kind, what) > 0)
        complaints->texts[complaints->n++] = text;
}

void complain(struct complaints *complaints, const char *file, int line, const char *format, ...)
{
    va_list args;

    complaints->errors++;
    va_start(args, format);
    keep(complaints, file, line, "", format, args);
    va_end(args);
}

void complain_softly(struct complaints *complaints, const char *file, int line, const char *format,
                     ...)
{
    va_list args;

    complaints->warnings++;
    va_start(args, format);
    keep(complaints, file, line, "warning: ", format, args);
    va_end(args);
}

void complaints_fini(struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++)
        free(complaints->texts[i]);
    free(complaints->texts);
    *complaints = (struct complaints){ 0 };
}
