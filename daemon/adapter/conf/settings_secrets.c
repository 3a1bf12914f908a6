/* SPDX-License-Identifier: Apache-2.0 */
/* settings_secrets.c - the passwords that settings name the files of. */
#include "adapter/conf/settings_parts.h"
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

static struct settings_secret *secret_of(struct settings *settings, size_t nth)
{
    return settings_keys[nth].kind == SECRET
               ? (struct settings_secret *)((char *)settings + settings_keys[nth].offset)
               : NULL;
}

void settings_read_secrets(struct settings *settings, struct complaints *complaints)
{
    struct fault why;

    for (size_t i = 0; i < settings_keys_n; i++) {
        struct settings_secret *secret = secret_of(settings, i);

        if (secret != NULL && secret->file[0] != '\0' &&
            !read_password(secret->file, secret->text, &why))
            complain(complaints, settings->file, settings->lines[i], "%s: %s", settings_keys[i].key,
                     why.text);
    }
}

void settings_wipe(struct settings *settings)
{
    for (size_t i = 0; i < settings_keys_n; i++) {
        struct settings_secret *secret = secret_of(settings, i);

        if (secret != NULL)
            explicit_bzero(secret->text, sizeof secret->text);
    }
}
