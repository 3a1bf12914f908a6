/* SPDX-License-Identifier: Apache-2.0 */
/* web_load.c - what a start reads; -n reads the same. */
#include "adapter/civil_load.h"
#include "adapter/print.h"
#include "web/web.h"
#include "web/web_settings_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void load_tls(struct web *web, struct complaints *complaints)
{
    const struct web_settings *settings = &web->settings;
    struct fault why;

    web->http_tls = tls_create();
    web->redis_tls = tls_create();
    web->door_tls = tls_create();
    if (web->http_tls == NULL || web->redis_tls == NULL || web->door_tls == NULL) {
        complain(complaints, settings->file, 0, FAULT_MEMORY);
        return;
    }
    if (settings->tls_certificate[0] != '\0' && settings->tls_key[0] != '\0' &&
        !tls_load_server(web->http_tls, settings->tls_certificate, settings->tls_key, "", &why))
        complain(complaints, settings->file, 0, "tls-certificate: %s", why.text);
    if (settings->redis.secure &&
        !tls_load_client(web->redis_tls, settings->redis_ca, "", "", &why))
        complain(complaints, settings->file, 0, "[redis] tls-ca: %s", why.text);
    if (settings->door.secure && !tls_load_client(web->door_tls, settings->door_ca, "", "", &why))
        complain(complaints, settings->file, 0, "[door] tls-ca: %s", why.text);
}

/* Whatever is wrong with the tiles, the page has its grid. */
static void check_tiles(const struct web *web, struct complaints *complaints)
{
    const char *why, *file = web->settings.file;
    const struct tiles_facts *facts = page_tiles(web->page, &why);
    int line = web_settings_line(&web->settings, "web", "tiles");

    if (why[0] != '\0')
        complain_softly(complaints, file, line, "tiles: %s: %s: the map is a grid",
                        web->settings.tiles, why);
    else if (facts != NULL && !facts->credited)
        complain_softly(complaints, file, line,
                        "tiles: %s: its metadata have no attribution: say beside the screens whose "
                        "work the map is",
                        web->settings.tiles);
}

/* A page that lacks its first file is no page; that there is none at all yet is only told. */
static void load_page(struct web *web, struct complaints *complaints)
{
    const struct web_settings *settings = &web->settings;
    struct fault why;

    if (!page_load(settings->page, settings->tiles, &web->page, &why))
        complain(complaints, settings->file, 0, "page: %s", why.text);
    else if (page_find(web->page, "/") == NULL)
        complain_softly(complaints, settings->file, 0, "page: %s has no index.html",
                        settings->page);
    else if (page_find(web->page, "/ol.js") == NULL)
        complain_softly(complaints, settings->file, 0,
                        "page: %s has no ol.js: no map is drawn: breachd-web(8), INSTALLING",
                        settings->page);
    if (web->page != NULL)
        check_tiles(web, complaints);
}

static void check_timezone(const struct web *web, struct complaints *complaints)
{
    struct civil civil;
    struct fault why;

    if (!civil_load(web->settings.timezone, &civil, &why))
        complain(complaints, web->settings.file, 0, "timezone: %s", why.text);
}

bool web_load(struct web *web, struct complaints *complaints)
{
    load_tls(web, complaints);
    load_page(web, complaints);
    check_timezone(web, complaints);
    if (stat(web->settings.users, &web->users_seen) != 0)
        memset(&web->users_seen, 0, sizeof web->users_seen);
    web->users = users_load(web->settings.users, complaints);
    web->secure = web_settings_is_secure(&web->settings);
    return complaints->errors == 0;
}

void web_unload(struct web *web)
{
    tls_destroy(web->http_tls);
    tls_destroy(web->redis_tls);
    tls_destroy(web->door_tls);
    page_destroy(web->page);
    users_destroy(web->users);
    web_settings_wipe(&web->settings);
}

static void summarise_tiles(const struct web *web)
{
    const char *why;
    const struct tiles_facts *facts = page_tiles(web->page, &why);

    if (facts != NULL)
        print_line(stdout, "tiles: %s, zoom %d to %d, of %s", facts->kind, facts->min_zoom,
                   facts->max_zoom, web->settings.tiles);
    else
        print_line(stdout, "tiles: none, the map is a grid");
}

static void summarise(const struct web *web)
{
    const struct web_settings *settings = &web->settings;

    for (size_t i = 0; i < settings->n_listen; i++)
        print_line(stdout, "listens at %s%s", settings->listen[i].text,
                   settings->tls_certificate[0] != '\0' ? ", by TLS" : "");
    print_line(stdout, "page: %zu files of %s", page_count(web->page), settings->page);
    summarise_tiles(web);
    print_line(stdout, "users: %zu, of %s", users_count(web->users), settings->users);
    print_line(stdout, "redis: %s, prefix %s", settings->redis.text, settings->prefix);
    print_line(stdout, "door: %s%s", settings->door.text,
               settings->token[0] != '\0' ? "" : ", without a token: no maps");
}

static void tell_user(const char *user, bool good)
{
    if (user != NULL && good)
        print_line(stdout, "checked as the user %s", user);
    else if (user != NULL)
        print_line(stderr, "breachd-web: so it is for the user %s; who is root can read more",
                   user);
}

int web_check(const char *path, const char *user)
{
    struct web *web = calloc(1, sizeof *web);
    struct complaints complaints = { 0 };
    bool good;

    if (web == NULL)
        return EXIT_FAILURE;
    web_settings_load(path, &web->settings, &complaints);
    good = complaints.errors == 0 && web_load(web, &complaints);
    complaints_print(&complaints, COMPLAINTS_WARNINGS | COMPLAINTS_SECRETS, stderr);
    if (good)
        summarise(web);
    tell_user(user, good);
    complaints_fini(&complaints);
    web_unload(web);
    free(web);
    return good && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
