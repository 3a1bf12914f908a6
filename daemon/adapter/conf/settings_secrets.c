/* SPDX-License-Identifier: Apache-2.0 */
/* settings_secrets.c - the passwords that settings name the files of. */
#include "adapter/conf/settings_parts.h"

#include <string.h>

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
            !password_read(secret->file, secret->text, &why))
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
