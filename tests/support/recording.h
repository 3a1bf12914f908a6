/* SPDX-License-Identifier: Apache-2.0 */
/* recording.h - rows of the real tracks of ../shared/data, as FOLDER/tracks.csv.gz has them. */
#ifndef SUPPORT_RECORDING_H
#define SUPPORT_RECORDING_H

#include <stdbool.h>

/* track,time,epoch,lat,lon,acc_m,hdop,speed_mps,flag. NaN: the field is empty. */
struct recorded {
    char track[128];
    char time[32]; /* RFC 3339 in UTC, with milliseconds, as the file has it */
    double epoch;  /* seconds since 1970 */
    double lat, lon;
    double accuracy; /* metres */
    double speed;    /* m/s, of the receiver's own */
};

/*
 * Calls `on_row` for each row in the file's order; rows without a position are
 * left out. False when there is no such file.
 */
bool recording_rows(const char *folder, void (*on_row)(const struct recorded *row, void *arg),
                    void *arg);

#endif
