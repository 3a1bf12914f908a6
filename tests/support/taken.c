/* SPDX-License-Identifier: Apache-2.0 */
#include "support/taken.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void add_number(char *line, const char *name, double value)
{
    if (!isnan(value))
        sprintf(line + strlen(line), " %s %.10g", name, value);
}

static void print_ping(const struct ping *ping, size_t index, char *line, size_t room)
{
    char time[UTC_TEXT_MAX], place[64] = "nowhere";

    if (ping_has_place(ping))
        snprintf(place, sizeof place, "%.10g %.10g", ping->at.lat, ping->at.lon);
    snprintf(line, room, "%zu %s %s %s", index, ping->device,
             ping->untimed ? "untimed" : utc_print(ping->time, time), place);
    add_number(line, "accuracy", ping->accuracy);
    add_number(line, "speed", ping->speed);
    add_number(line, "course", ping->course);
    add_number(line, "battery", ping->battery);
    strcat(line, ping->tamper ? " tamper" : "");
    strcat(line, ping->battery_low ? " battery-low" : "");
    strcat(line, ping->no_fix ? " no-fix" : "");
    if (ping->alarm[0] != '\0')
        sprintf(line + strlen(line), " alarm %s", ping->alarm);
}

void taken_add(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct taken *taken = arg;
    char line[1024];

    if (why == NULL && ping != NULL)
        print_ping(ping, index, line, sizeof line);
    else
        snprintf(line, sizeof line, "%zu %s", index, why != NULL ? why : "ignored");
    if (taken->length + strlen(line) + 2 < sizeof taken->text)
        taken->length +=
            (size_t)sprintf(taken->text + taken->length, "%s%s", taken->length ? "\n" : "", line);
}

void taken_all(ping_reader *reader, const struct ping_body *body, struct taken *out)
{
    struct fault why = { .text = "" };

    *out = (struct taken){ 0 };
    if (reader(body, taken_add, out, &why))
        return;
    assert_int_equal(out->length, 0); // nothing of a body that cannot be read
    out->length = (size_t)snprintf(out->text, sizeof out->text, "%s", why.text);
}

int taken_count_wrong(ping_reader *reader, const struct taken_row *rows, size_t n)
{
    int wrong = 0;

    for (const struct taken_row *row = rows; row < rows + n; row++) {
        struct ping_body body = { .bytes = row->body, .n = strlen(row->body) };
        struct taken taken;

        taken_all(reader, &body, &taken);
        if (strcmp(taken.text, row->want) == 0)
            continue;
        print_error("%s:\n%s\n-- wanted:\n%s\n", row->says, taken.text, row->want);
        wrong++;
    }
    return wrong;
}
