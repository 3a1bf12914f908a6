/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_keys.h"

#include "adapter/certificate_make.h"
#include "adapter/conf/settings.h"
#include "core/index.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct init_key init_keys[INIT_KEYS] = {
    { "site", "site", "name", NULL,
      "this site's name, which stands in every alert (letters, digits, - _ .)", true },
    { "region", "site", "region", NULL,
      "the region that zones lie in: south-west, then north-east corner, each latitude,longitude",
      true },
    { "timezone", "site", "timezone", "Europe/London", "its time zone", false },
    { "ledger", "ledger", "path", SETTINGS_LEDGER, "the file of the ledger, on a real disk",
      false },
    { "listen", "http", "listen", "127.0.0.1:8750",
      "where senders come in: host:port, [v6]:port or unix:PATH, parted by commas", false },
    { "tls", NULL, NULL, NULL, "TLS: self-signed, none, or the file of a certificate", false },
    { "tls-key", NULL, NULL, NULL, "the file of the certificate's key", true },
    { "host", NULL, NULL, NULL, "the names and addresses that senders call it by", false },
    { "devices", NULL, NULL, NULL,
      "devices that get a token each, parted by commas; without: one token for any", false },
    { "redis", "redis", "url", "redis://127.0.0.1:6379/0",
      "Redis: redis://[user@]host:port/db, unix:PATH or unix://user@/PATH", false },
};

/* All of Great Britain and Northern Ireland: swapped coordinates lie outside. */
static const char usual_region[] = "49.8,-8.7 60.9,1.8";

bool init_is_self_signed(const struct init_answers *answers)
{
    return strcmp(answers->of[INIT_TLS], "self-signed") == 0;
}

bool init_is_service(const struct init_answers *answers)
{
    return strcmp(answers->folder, INIT_FOLDER) == 0;
}

bool init_key_concerns(const struct init_answers *answers, size_t nth)
{
    if (nth == INIT_HOST)
        return init_is_self_signed(answers);
    return nth != INIT_TLS_KEY ||
           (!init_is_self_signed(answers) && strcmp(answers->of[INIT_TLS], "none") != 0);
}

/* ---- defaults ---- */

/* The machine's name up to its first dot, where that can be a site's. */
static void name_site(char out[ASK_MAX])
{
    char host[256] = "";

    if (gethostname(host, sizeof host - 1) != 0)
        return;
    host[strcspn(host, ".")] = '\0';
    if (name_valid(host))
        strcpy(out, host);
}

/* All doors are unix sockets, which have no TLS. */
static bool is_local(const char *listen)
{
    for (;;) {
        listen += strspn(listen, " \t,");
        if (strncmp(listen, "unix:", 5) != 0)
            return *listen == '\0';
        listen += strcspn(listen, ",");
    }
}

static void add_host(char out[ASK_MAX], const char *name)
{
    char more[ASK_MAX];
    struct fault unfit;

    snprintf(more, sizeof more, "%.3000s%s%.255s", out, out[0] != '\0' ? "," : "", name);
    if (certificate_names_valid(more, &unfit))
        strcpy(out, more);
}

/* The host of a door that is no unix socket: `192.0.2.1` of `192.0.2.1:8750`. */
static void add_door(char out[ASK_MAX], const char *door, size_t n)
{
    static const char *const known[] = { "localhost", "127.0.0.1", "0.0.0.0", "::", "::1", "*" };
    char host[256];
    size_t lead = strspn(door, " \t["), colon = n;

    while (colon > lead && door[colon - 1] != ':')
        colon--;
    if (strncmp(door + lead, "unix:", 5) == 0 || colon <= lead)
        return;
    colon--;
    colon -= colon > lead && door[colon - 1] == ']';
    snprintf(host, sizeof host, "%.*s", (int)(colon - lead), door + lead);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(host, known[i]) == 0)
            return;
    }
    add_host(out, host);
}

/* This machine by name, and by each address that a door is opened on. */
static void name_hosts(const char *listen, char out[ASK_MAX])
{
    char host[256] = "";

    if (gethostname(host, sizeof host - 1) == 0 && strcmp(host, "localhost") != 0)
        add_host(out, host);
    add_host(out, "localhost");
    add_host(out, "127.0.0.1");
    while (*listen != '\0') {
        size_t n = strcspn(listen, ",");

        add_door(out, listen, n);
        listen += n + (listen[n] == ',');
    }
}

void init_key_default(const struct init_answers *answers, size_t nth, bool asked, char out[ASK_MAX])
{
    out[0] = '\0';
    if (nth == INIT_SITE && asked)
        name_site(out);
    else if (nth == INIT_REGION && asked)
        strcpy(out, usual_region);
    else if (nth == INIT_LEDGER)
        strcpy(out, init_is_service(answers) ? SETTINGS_LEDGER : "ledger.db");
    else if (nth == INIT_TLS)
        strcpy(out, is_local(answers->of[INIT_LISTEN]) ? "none" : "self-signed");
    else if (nth == INIT_HOST)
        name_hosts(answers->of[INIT_LISTEN], out);
    else if (nth == INIT_REDIS)
        strcpy(out, "redis://breachd@127.0.0.1:6379/0");
    else if (init_keys[nth].usual != NULL)
        strcpy(out, init_keys[nth].usual);
}
