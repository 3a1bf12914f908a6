/* SPDX-License-Identifier: Apache-2.0 */
/* settings_secrets.c - the passwords that settings name the files of. */
#include "adapter/conf/settings.h"
#include "adapter/textfile.h"

#include <stdio.h>
#include <string.h>

enum { PASSWORD_FILE_MAX = 64 * 1024 };

/* The first line of the file; a secret, so only the reason of a failure is told. */
static bool read_password(const char *path, char out[SETTINGS_SECRET_MAX], struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, PASSWORD_FILE_MAX, &cause);
    bool ok, whole;

    out[0] = '\0';
    if (file == NULL)
        return fault_set(why, "%.300s: %s", path, cause.text);
    if (!textfile_skip_lead(file, &cause)) {
        fclose(file);
        return fault_set(why, "%.300s: %s", path, cause.text);
    }
    ok = fgets(out, SETTINGS_SECRET_MAX, file) != NULL;
    whole = !ok || strchr(out, '\n') != NULL || fgetc(file) == EOF;
    fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    if (!whole)
        return fault_set(why, "%s: its first line is longer than %d characters", path,
                         SETTINGS_SECRET_MAX - 2);
    return (ok && out[0] != '\0') || fault_set(why, "%s: its first line is empty", path);
}

static void read_secret(const struct settings *settings, const char *path, int line,
                        char out[SETTINGS_SECRET_MAX], struct complaints *complaints)
{
    struct fault why;

    if (path[0] != '\0' && !read_password(path, out, &why))
        complain(complaints, settings->file, line, "password-file: %s", why.text);
}

void settings_read_secrets(struct settings *settings, struct complaints *complaints)
{
    const struct settings_lines *lines = &settings->lines;

    read_secret(settings, settings->mqtt_password_file, lines->mqtt_password,
                settings->mqtt_password, complaints);
    read_secret(settings, settings->password_file, lines->redis_password, settings->password,
                complaints);
}
