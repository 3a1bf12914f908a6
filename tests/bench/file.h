/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - a file that a bench makes; what cannot be written ends it. */
#ifndef BENCH_FILE_H
#define BENCH_FILE_H

#include <err.h>
#include <stdio.h>

static inline FILE *file_open(const char *path)
{
    FILE *file = fopen(path, "we");

    if (file == NULL)
        err(1, "%s", path);
    return file;
}

static inline void file_close(FILE *file, const char *path)
{
    if (ferror(file) || fclose(file) != 0)
        err(1, "%s", path);
}

#endif
