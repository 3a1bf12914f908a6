/* SPDX-License-Identifier: Apache-2.0 */
#include "init_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

char said[INIT_ROOM], complained[INIT_ROOM];

static char file_text[INIT_ROOM];

static const char *read_into(const char *path, char *out)
{
    FILE *file = fopen(path, "re");
    size_t n;

    if (file == NULL)
        return NULL;
    n = fread(out, 1, INIT_ROOM - 1, file);
    out[n] = '\0';
    fclose(file);
    return out;
}

const char *text_of(const char *path)
{
    if (read_into(path, file_text) == NULL)
        fail_msg("%s: is not there", path);
    return file_text;
}

int run(const char *lines, const char *format, ...)
{
    char arguments[2048], line[4096];
    va_list args;
    int status;

    va_start(args, format);
    vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    scratch_write("answers", lines);
    snprintf(line, sizeof line, "%s init %s >stdout 2>stderr <answers", BREACHCTL, arguments);
    status = system(line); // NOLINT: the shell's quotes are wanted
    assert_non_null(read_into("stdout", said));
    assert_non_null(read_into("stderr", complained));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void assert_ended(int code, int want, const char *complaint)
{
    if (code != want || strstr(complained, complaint) == NULL)
        fail_msg("ended with %d, wanted %d and: %s\n-- stdout:\n%s-- stderr:\n%s", code, want,
                 complaint, said, complained);
}

unsigned mode_of(const char *path)
{
    struct stat what;

    assert_int_equal(lstat(path, &what), 0);
    return what.st_mode & 0777;
}
