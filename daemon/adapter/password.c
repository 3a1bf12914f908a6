/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/password.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024 };

static bool take_line(FILE *file, char line[PASSWORD_MAX], struct fault *why)
{
    size_t n = 0;
    int byte;

    // Ends: n rises to PASSWORD_CHARS_MAX at the most.
    while ((byte = getc(file)) != EOF && byte != '\n' && byte != '\r') {
        if (byte == '\0')
            return fault_set(why, "its first line holds a NUL");
        if (n == PASSWORD_CHARS_MAX)
            return fault_set(why, "its first line is longer than %d characters",
                             PASSWORD_CHARS_MAX);
        line[n++] = (char)byte;
    }
    line[n] = '\0';
    if (ferror(file))
        return fault_set(why, "%s", strerror(errno));
    return n > 0 || fault_set(why, "its first line is empty");
}

bool password_read(const char *path, char out[PASSWORD_MAX], struct fault *why)
{
    char line[PASSWORD_MAX];
    struct fault cause;
    FILE *file = textfile_open(path, FILE_MAX, &cause);
    bool ok = file != NULL;

    if (file != NULL) {
        setvbuf(file, NULL, _IONBF, 0); // else the password stays behind in a buffer that was freed
        ok = textfile_skip_lead(file, &cause) && take_line(file, line, &cause);
        fclose(file);
    }
    if (ok)
        strcpy(out, line);
    explicit_bzero(line, sizeof line);
    return ok || fault_set(why, "%.300s: %s", path, cause.text);
}
