/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/line.h"

#include "adapter/print.h"
#include "adapter/text.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

enum { PATH_PART_MAX = 32 };

static const char *const colours[] = { "\033[2m", "\033[33m", "\033[1;33m", "\033[1;31m" };
_Static_assert(sizeof colours / sizeof *colours == SEVERITIES, "a colour for each severity");

const char *line_text(const json_t *event, const char *path)
{
    size_t length = strcspn(path, ".");
    char part[PATH_PART_MAX];
    const char *text;

    snprintf(part, sizeof part, "%.*s", (int)length, path);
    event = json_object_get(event, part);
    if (path[length] == '.')
        return line_text(event, path + length + 1);
    text = json_string_value(event);
    return text ? text : "";
}

const char *line_type(const json_t *event)
{
    static const char prefix[] = "breachd.";
    const char *type = line_text(event, "type");

    return strncmp(type, prefix, sizeof prefix - 1) == 0 ? type + sizeof prefix - 1 : type;
}

bool line_type_of(const json_t *event, enum alert_type *out_type)
{
    return alert_type_of(line_type(event), out_type);
}

bool line_is(const json_t *event, enum alert_type type)
{
    return strcmp(line_type(event), alert_type_name(type)) == 0;
}

int line_severity(const char *name)
{
    enum severity severity;

    return severity_of(name, &severity) ? (int)severity : -1;
}

void line_put(FILE *out, const char *text)
{
    print_bytes(out, text, strlen(text));
}

void line_put_xml(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "<>&\"'");

        print_bytes(out, text, plain);
        text += plain;
        if (*text != '\0')
            print_part(out, "&#%d;", *text++);
    }
}

/* jansson hands over whole characters; of compact JSON only what stands in texts is escaped. */
static int put_json(const char *bytes, size_t n, void *out)
{
    return print_bytes(out, bytes, n) ? 0 : -1;
}

bool line_json_part(FILE *out, const json_t *json)
{
    return json_dump_callback(json, put_json, out, JSON_COMPACT | JSON_REAL_PRECISION(10)) == 0;
}

bool line_json(FILE *out, const json_t *json)
{
    return line_json_part(out, json) && fputc('\n', out) != EOF;
}

/* In a column of that width, cut where it is longer; an escape is never cut in two. */
static void put_column(FILE *out, const char *text, int width)
{
    char column[32];

    text_escape(text, strlen(text), column, (size_t)width + 1);
    print_part(out, "%-*s", width, column);
}

const char *line_time(const char *text, struct utc now, char out[LINE_TIME_MAX])
{
    struct tm local, today;
    struct utc at;
    time_t seconds, current = (time_t)(now.ms / 1000);

    if (!utc_parse(text, &at)) {
        snprintf(out, LINE_TIME_MAX, "%s", text);
        return out;
    }
    seconds = (time_t)(at.ms / 1000);
    localtime_r(&seconds, &local);
    localtime_r(&current, &today);
    strftime(out, LINE_TIME_MAX,
             local.tm_year == today.tm_year && local.tm_yday == today.tm_yday ? "%H:%M:%S"
                                                                              : "%F %H:%M:%S",
             &local);
    return out;
}

void line_put_time(FILE *out, const char *text, struct utc now)
{
    char printed[LINE_TIME_MAX];

    line_put(out, line_time(text, now, printed));
}

static void put_age(FILE *out, const char *received, struct utc now)
{
    char text[DURATION_TEXT_MAX];
    struct utc at;

    if (utc_parse(received, &at) && now.ms > at.ms)
        print_part(out, "  (%s ago)", duration_print(now.ms - at.ms, text));
}

void line_print(FILE *out, const json_t *event, const char *holder, bool colour, struct utc now)
{
    const char *area = line_text(event, "data.area");
    const char *severity = line_text(event, "data.severity");
    const char *incident = line_text(event, "data.incident");
    bool exercise = json_is_true(json_object_get(json_object_get(event, "data"), "exercise"));
    int grade = line_severity(severity);

    if (colour && grade >= 0)
        fputs(colours[grade], out);
    line_put_time(out, line_text(event, "time"), now);
    fputs("  ", out);
    put_column(out, severity, 8);
    fputs("  ", out);
    put_column(out, line_type(event), 13);
    fputs("  ", out);
    if (exercise)
        fputs("EXERCISE  ", out);
    line_put(out, incident[0] != '\0' ? incident : line_text(event, "subject"));
    if (area[0] != '\0') {
        fputs(" in ", out);
        line_put(out, area);
    }
    if (holder[0] != '\0') {
        fputs(" [", out);
        line_put(out, holder);
        fputc(']', out);
    }
    fputs(": ", out);
    line_put(out, line_text(event, "data.reason"));
    if (!exercise) // its clock is that of the pings
        put_age(out, line_text(event, "data.received"), now);
    fputs(colour && grade >= 0 ? "\033[0m\n" : "\n", out);
}

void line_shout(FILE *out, bool colour, struct utc now, const char *format, ...)
{
    char time[UTC_TEXT_MAX], text[PRINT_MAX];
    va_list args;

    line_put_time(out, utc_print(now, time), now);
    fputs("  ", out);
    fputs(colour ? "\a\033[1;37;41m" : "", out);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    line_put(out, text);
    fputs(colour ? "\033[0m\n" : "\n", out);
}

const char *line_lost(const json_t *changed, char text[REVISION_LOST_MAX])
{
    struct revision_counts counts = {
        .zones_ended = (size_t)json_integer_value(json_object_get(changed, "zones_ended")),
        .unserved = (size_t)json_integer_value(json_object_get(changed, "unserved"))
    };

    return revision_lost(&counts, text);
}

const char *line_settings(const json_t *changed, char text[REVISION_SETTINGS_MAX])
{
    struct revision_counts counts = {
        .kinds = (size_t)json_integer_value(json_object_get(changed, "devices")),
        .settings = (size_t)json_integer_value(json_object_get(changed, "settings"))
    };

    return revision_settings(&counts, text);
}
