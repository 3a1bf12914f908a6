/* SPDX-License-Identifier: Apache-2.0 */
/* web_settings_check.c - keys of web.conf that do not fit together. */
#include "web/web_settings_parts.h"

#include <string.h>

bool web_settings_is_secure(const struct web_settings *settings)
{
    return settings->tls_certificate[0] != '\0' || strncmp(settings->origin, "https://", 8) == 0;
}

static void check_pair(const struct web_settings *settings, const char *one, bool has_one,
                       const char *other, bool has_other, struct complaints *complaints)
{
    if (has_one && !has_other)
        complain(complaints, settings->file, web_settings_line(settings, "web", one),
                 "%s: needs %s beside it", one, other);
}

/* Passwords and cookies go by TLS, or nowhere but within this machine. */
static void check_listen(const struct web_settings *settings, struct complaints *complaints)
{
    if (settings->tls_certificate[0] != '\0')
        return;
    for (size_t i = 0; i < settings->n_listen; i++) {
        if (!settings->listen[i].local)
            complain(complaints, settings->file, web_settings_line(settings, "web", "listen"),
                     "listen: %s: others than this machine reach it, so it needs tls-certificate "
                     "and tls-key",
                     settings->listen[i].text);
    }
}

void web_settings_check(const struct web_settings *settings, struct complaints *complaints)
{
    bool certificate = settings->tls_certificate[0] != '\0', key = settings->tls_key[0] != '\0';
    bool proxy = settings->proxy[0] != '\0', header = settings->proxy_header[0] != '\0';

    check_pair(settings, "tls-certificate", certificate, "tls-key", key, complaints);
    check_pair(settings, "tls-key", key, "tls-certificate", certificate, complaints);
    check_pair(settings, "proxy", proxy, "proxy-header", header, complaints);
    check_pair(settings, "proxy-header", header, "proxy", proxy, complaints);
    check_listen(settings, complaints);
    if (settings->absolute_ms < settings->idle_ms)
        complain(complaints, settings->file, web_settings_line(settings, "web", "absolute"),
                 "absolute: is shorter than idle");
    if (settings->token_file[0] == '\0')
        complain_softly(complaints, settings->file, 0,
                        "[door] token-file: not given, so nobody sees a map");
}
