/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

enum { LINE_MAX_CHARS = 2048 };

static bool silent;

void log_nothing(void)
{
    silent = true;
}

/*
 * One write a line, so that lines of two threads do not mix; a line break from outside becomes a
 * blank.
 */
__attribute__((format(printf, 2, 0))) static void write_line(int priority, const char *format,
                                                             va_list args)
{
    char text[LINE_MAX_CHARS], prefix[16] = "breachd: ";

    if (silent)
        return;
    vsnprintf(text, sizeof text, format, args);
    for (char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ')
            *at = ' ';
    }
    if (getenv("JOURNAL_STREAM") != NULL)
        snprintf(prefix, sizeof prefix, "<%d>", priority);
    fprintf(stderr, "%s%s\n", prefix, text);
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
