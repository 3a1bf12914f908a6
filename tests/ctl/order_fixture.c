/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/order_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/scratch.h"
#include "support/test.h"

enum { TEXT_ROOM = 256 * 1024, LINE_ROOM = 4096 };

static char file_text[TEXT_ROOM], said[TEXT_ROOM], complained[TEXT_ROOM];

static const char *read_into(const char *path, char *out)
{
    FILE *file = fopen(path, "re");
    size_t n;

    if (file == NULL)
        return NULL;
    n = fread(out, 1, TEXT_ROOM - 1, file);
    out[n] = '\0';
    fclose(file);
    return out;
}

void order_settings(const char *region, const char *timezone)
{
    char text[LINE_ROOM];

    snprintf(text, sizeof text,
             "[site]\nname = essex\nregion = %s\ntimezone = %s\n[ledger]\npath = ledger.db\n",
             region, timezone);
    scratch_write("breachd.conf", text);
}

int order_setup(void **state)
{
    if (scratch_setup(state) != 0)
        return -1;
    order_settings("51.40,-0.05 52.12,1.35", "Europe/London");
    return mkdir("orders.d", 0750);
}

int order_teardown(void **state)
{
    return scratch_teardown(state);
}

static int run_line(const char *line)
{
    int status = system(line); // NOLINT: the shell's quotes are wanted

    assert_non_null(read_into("stdout", said));
    assert_non_null(read_into("stderr", complained));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

int order_run(const char *format, ...)
{
    char arguments[LINE_ROOM], line[2 * LINE_ROOM];
    va_list args;

    va_start(args, format);
    vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    snprintf(line, sizeof line, "%s %s -c breachd.conf >stdout 2>stderr </dev/null", BREACHCTL,
             arguments);
    return run_line(line);
}

int order_answer(const char *lines, const char *arguments)
{
    char line[LINE_ROOM];

    scratch_write("answers", lines);
    snprintf(line, sizeof line, "%s %s -c breachd.conf >stdout 2>stderr <answers", BREACHCTL,
             arguments);
    return run_line(line);
}

const char *order_said(void)
{
    return said;
}

const char *order_complained(void)
{
    return complained;
}

const char *order_file(const char *path)
{
    return read_into(path, file_text);
}

void assert_ended(int code, int want, const char *complaint)
{
    if (code != want || strstr(complained, complaint) == NULL)
        fail_msg("ended with %d, wanted %d and: %s\n-- stdout:\n%s-- stderr:\n%s", code, want,
                 complaint, said, complained);
}

void assert_file(const char *path, const char *want)
{
    const char *text = order_file(path);

    if (text == NULL || strcmp(text, want) != 0)
        fail_msg("%s\n-- wanted:\n%s-- is:\n%s", path, want, text != NULL ? text : "(none)");
}

/* The zones of orders.d as GeoJSON, less what tells that it is another text, or another time. */
char *order_export(const char *folder)
{
    char *at, *text;

    remove("zones.geojson");
    assert_ended(order_run("zones --geojson --reason test --orders %s -o zones.geojson", folder), 0,
                 "");
    text = strdup(order_file("zones.geojson"));
    assert_non_null(text);
    while ((at = strstr(text, "\"text\":\"")) != NULL)
        memcpy(at, "\"was\" :\"------------", 20);
    return text;
}
