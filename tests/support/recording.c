/* SPDX-License-Identifier: Apache-2.0 */
#include "support/recording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    return end == text ? NAN : value;
}

static bool parse(char *line, struct recorded *out_row)
{
    char *fields[9], *rest = line;

    for (int i = 0; i < 9; i++) {
        fields[i] = strsep(&rest, ",\n");
        if (fields[i] == NULL)
            return false;
    }
    snprintf(out_row->track, sizeof(out_row->track), "%s", fields[0]);
    snprintf(out_row->time, sizeof(out_row->time), "%s", fields[1]);
    out_row->epoch = number(fields[2]);
    out_row->lat = number(fields[3]);
    out_row->lon = number(fields[4]);
    out_row->accuracy = number(fields[5]);
    out_row->speed = number(fields[7]);
    return !isnan(out_row->lat) && !isnan(out_row->lon);
}

bool recording_rows(const char *folder, void (*on_row)(const struct recorded *row, void *arg),
                    void *arg)
{
    char path[512], line[512];
    struct recorded row;
    gzFile file;

    snprintf(path, sizeof(path), "%s/tracks.csv.gz", folder);
    file = gzopen(path, "r");
    if (file == NULL)
        return false;
    while (gzgets(file, line, sizeof(line)) != NULL) {
        if (parse(line, &row))
            on_row(&row, arg);
    }
    gzclose(file);
    return true;
}
