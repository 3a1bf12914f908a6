/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/complaints.h"

#include "adapter/log.h"
#include "adapter/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 2048 };

/*
 * The next place, or NULL when there is none; it is counted either
 * way, so nothing wrong is applied.
 */
static struct complaint *next_place(struct complaints *complaints, bool is_error)
{
    struct complaint *place;

    complaints->errors += is_error;
    complaints->warnings += !is_error;
    if (complaints->kept == NULL)
        complaints->kept = calloc(COMPLAINTS_KEPT_MAX, sizeof *complaints->kept);
    if (complaints->kept == NULL || complaints->n == COMPLAINTS_KEPT_MAX)
        return NULL;
    place = &complaints->kept[complaints->n];
    *place = (struct complaint){ .is_error = is_error };
    return place;
}

static void keep(struct complaints *complaints, bool is_error, const char *file, int line,
                 const char *what, const char *secret)
{
    struct complaint *place = next_place(complaints, is_error);
    char where[32] = "";

    if (line > 0)
        snprintf(where, sizeof where, "%d:", line);
    if (place == NULL ||
        asprintf(&place->text, "%s:%s %s%s", file, where, is_error ? "" : "warning: ", what) < 0)
        return;
    place->secret = secret[0] != '\0' ? strdup(secret) : NULL;
    place->file = strdup(file);
    complaints->n++;
}

__attribute__((format(printf, 5, 0))) static void keep_formatted(struct complaints *complaints,
                                                                 bool is_error, const char *file,
                                                                 int line, const char *format,
                                                                 va_list args)
{
    char what[TEXT_MAX];

    vsnprintf(what, sizeof what, format, args);
    keep(complaints, is_error, file, line, what, "");
}

void complain(struct complaints *complaints, const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    keep_formatted(complaints, true, file, line, format, args);
    va_end(args);
}

void complain_clash(struct complaints *complaints, const char *file, int line, const char *format,
                    ...)
{
    size_t before = complaints->n;
    va_list args;

    va_start(args, format);
    keep_formatted(complaints, true, file, line, format, args);
    va_end(args);
    if (complaints->n > before)
        complaints->kept[before].is_clash = true;
}

void complain_of(struct complaints *complaints, const char *file, int line, const char *what,
                 const struct fault *why)
{
    char both[TEXT_MAX];

    snprintf(both, sizeof both, "%s: %s", what, why->text);
    keep(complaints, true, file, line, both, why->secret);
}

void complain_softly(struct complaints *complaints, const char *file, int line, const char *format,
                     ...)
{
    va_list args;

    va_start(args, format);
    keep_formatted(complaints, false, file, line, format, args);
    va_end(args);
}

void complain_stray(struct complaints *complaints, const char *file, const char *format, ...)
{
    size_t before = complaints->n;
    va_list args;

    va_start(args, format);
    keep_formatted(complaints, false, file, 0, format, args);
    va_end(args);
    if (complaints->n > before)
        complaints->kept[before].is_stray = true;
}

/* Where a complaint is printed: to a file, or, for NULL, to the log. */
static void show(bool is_error, const char *text, const char *rest, FILE *out)
{
    if (out != NULL)
        print_line(out, "%s%s", text, rest);
    else if (is_error)
        log_error("%s%s", text, rest);
    else
        log_warning("%s%s", text, rest);
}

void complaints_print(const struct complaints *complaints, unsigned shown, FILE *out)
{
    size_t unshown = complaints->errors + (shown & COMPLAINTS_WARNINGS ? complaints->warnings : 0);
    char more[64];

    for (size_t i = 0; i < complaints->n; i++) {
        const struct complaint *one = &complaints->kept[i];
        const char *secret = shown & COMPLAINTS_SECRETS ? one->secret : COMPLAINT_HINT;

        if (!one->is_error && !(shown & COMPLAINTS_WARNINGS))
            continue;
        show(one->is_error, one->text, one->secret != NULL ? secret : "", out);
        unshown--;
    }
    snprintf(more, sizeof more, "and %zu more", unshown);
    if (unshown > 0)
        show(true, more, "", out);
}

void complaints_log(const struct complaints *complaints)
{
    complaints_print(complaints, COMPLAINTS_WARNINGS, NULL);
}

static void fini(struct complaint *one)
{
    free(one->text);
    free(one->secret);
    free(one->file);
}

void complaints_move(struct complaints *from, unsigned shown, struct complaints *to)
{
    size_t errors = from->errors, warnings = from->warnings;

    for (size_t i = 0; i < from->n; i++) {
        struct complaint *one = &from->kept[i], *place;

        errors -= one->is_error;
        warnings -= !one->is_error;
        place =
            one->is_error || (shown & COMPLAINTS_WARNINGS) ? next_place(to, one->is_error) : NULL;
        if (place != NULL) {
            *place = *one;
            to->n++;
        } else {
            fini(one);
        }
    }
    to->errors += errors; // those that were only counted
    to->warnings += shown & COMPLAINTS_WARNINGS ? warnings : 0;
    free(from->kept);
    *from = (struct complaints){ 0 };
}

void complaints_fini(struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->n; i++)
        fini(&complaints->kept[i]);
    free(complaints->kept);
    *complaints = (struct complaints){ 0 };
}
