/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/log.h"

#include "adapter/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

enum { LINE_MAX_CHARS = 2048, SHOWN_MAX = 2 * LINE_MAX_CHARS, AGAIN_MS = 60 * 1000 };

static bool silent;
static const char *program = "breachd";

void log_nothing(void)
{
    silent = true;
}

void log_as(const char *name)
{
    program = name;
}

/*
 * One write a line, so that lines of two threads do not mix. Texts from outside stand in it: they
 * are shown as text_escape does it, line ends too, so nobody writes a second line.
 */
__attribute__((format(printf, 2, 0))) static void write_line(int priority, const char *format,
                                                             va_list args)
{
    char text[LINE_MAX_CHARS], shown[SHOWN_MAX], prefix[32];

    if (silent)
        return;
    vsnprintf(text, sizeof text, format, args);
    text_escape(text, strlen(text), shown, sizeof shown);
    if (getenv("JOURNAL_STREAM") != NULL)
        snprintf(prefix, sizeof prefix, "<%d>", priority);
    else
        snprintf(prefix, sizeof prefix, "%s: ", program);
    fprintf(stderr, "%s%s\n", prefix, shown);
}

bool log_is_due(struct tick *logged, struct tick now)
{
    if (logged->ms != 0 && now.ms - logged->ms < AGAIN_MS)
        return false;
    *logged = now;
    return true;
}

void log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(LOG_ERR, format, args);
    va_end(args);
}

void log_warning(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(LOG_WARNING, format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(LOG_INFO, format, args);
    va_end(args);
}
