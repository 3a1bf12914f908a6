/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_next.h"

#include "adapter/conf/units.h"
#include "adapter/print.h"
#include "adapter/redis_target.h"
#include "ctl/init_check.h"
#include "ctl/init_files.h"
#include "ctl/init_text.h"

#include <stdio.h>
#include <string.h>

enum { CURL_MAX = 2 * ASK_MAX };

static void tell_order(const struct init_answers *answers)
{
    print_line(stdout, "An order, by questions:");
    if (init_is_service(answers))
        print_line(stdout, "    breachctl order new");
    else
        print_line(stdout, "    breachctl order new -c %s/" INIT_CONF, answers->folder);
}

/* ---- Redis ---- */

static bool is_here(const struct redis_target *target)
{
    return target->path[0] != '\0' || strcmp(target->host, "localhost") == 0 ||
           strncmp(target->host, "127.", 4) == 0 || strcmp(target->host, "::1") == 0;
}

static void tell_own(const char *folder, const struct redis_target *target)
{
    if (target->path[0] != '\0')
        print_line(stdout,
                   "    redis-server --dir %s --aclfile " INIT_ACL
                   " --port 0 --unixsocket %s --appendonly yes",
                   folder, target->path);
    else
        print_line(stdout,
                   "    redis-server --dir %s --aclfile " INIT_ACL " --port %d --appendonly yes",
                   folder, target->port);
}

static void tell_redis(const struct init_answers *answers, const struct redis_target *target)
{
    const char *folder = answers->folder;

    if (target->user[0] == '\0') {
        print_line(stdout, "Redis has no users by these files; whoever reaches %s reads alerts.",
                   target->text);
        return;
    }
    if (!is_here(target)) {
        print_line(stdout,
                   "Redis at %s needs the users of %s/" INIT_ACL
                   ", as its aclfile or by ACL SETUSER.",
                   target->text, folder);
        return;
    }
    print_line(stdout, "Redis, with the users in %s/" INIT_ACL ":", folder);
    if (!init_is_service(answers))
        tell_own(folder, target);
    print_line(stdout, "%sthe system's, with `aclfile /etc/redis/users.acl` in redis.conf:",
               init_is_service(answers) ? "" : "or ");
    print_line(stdout, "    install -o redis -g redis -m 600 %s/" INIT_ACL " /etc/redis/users.acl",
               folder);
    print_line(stdout, "    systemctl restart redis-server");
}

/* ---- breachd, and a ping ---- */

/* By its path: sbin is not in everybody's PATH. */
static void tell_start(const struct init_answers *answers)
{
    char program[PATH_MAX];
    struct fault unheard;

    print_line(stdout, "breachd:");
    if (init_is_service(answers))
        print_line(stdout, "    systemctl enable --now breachd");
    else
        print_line(stdout, "    %s -c %s/" INIT_CONF,
                   init_check_program(program, &unheard) ? program : "breachd", answers->folder);
}

/* The middle of the region, for a place that is no order's. */
static struct lonlat middle_of(const char *region)
{
    struct lonlat sw = { 0 }, ne = { 0 };
    char corner[ASK_MAX];
    struct fault ignored;
    size_t n = strcspn(region, " ");

    snprintf(corner, sizeof corner, "%.*s", (int)n, region);
    if (!latlon_parse(corner, &sw, &ignored) ||
        !latlon_parse(region + n + strspn(region + n, " "), &ne, &ignored))
        return (struct lonlat){ 0 };
    return (struct lonlat){ (sw.lon + ne.lon) / 2, (sw.lat + ne.lat) / 2 };
}

/* `--unix-socket PATH http://localhost`, or `https://localhost:8750`: the first door, for curl. */
static void print_door(const struct init_answers *answers, char out[CURL_MAX])
{
    const char *door = answers->of[INIT_LISTEN];
    int n = (int)strcspn(door, ","), host = n;
    bool plain = strcmp(answers->of[INIT_TLS], "none") == 0;

    while (n > 0 && door[n - 1] == ' ')
        n--;
    for (host = n; host > 0 && door[host - 1] != ':';)
        host--;
    if (strncmp(door, "unix:", 5) == 0)
        snprintf(out, CURL_MAX, "--unix-socket %s%s%.*s http://localhost",
                 door[5] == '/' ? "" : answers->folder, door[5] == '/' ? "" : "/", n - 5, door + 5);
    else if (strncmp(door, "127.", 4) == 0 || strncmp(door, "0.0.0.0", 7) == 0 ||
             strncmp(door, "[::", 3) == 0)
        snprintf(out, CURL_MAX, "http%s://localhost:%.*s", plain ? "" : "s", n - host, door + host);
    else
        snprintf(out, CURL_MAX, "http%s://%.*s", plain ? "" : "s", n, door);
}

static void tell_ping(const struct init_answers *answers)
{
    const char *devices = answers->of[INIT_DEVICES];
    int n = (int)strcspn(devices, ",");
    struct lonlat at = middle_of(answers->of[INIT_REGION]);
    char door[CURL_MAX], ca[CURL_MAX] = "";

    print_door(answers, door);
    if (init_is_self_signed(answers) && strstr(door, "https:") != NULL)
        snprintf(ca, sizeof ca, "--cacert %s/" INIT_CERTIFICATE " ", answers->folder);
    print_line(stdout, "A ping, from where an order lets it be told:");
    print_line(stdout, "    curl %s-H @%s/" INIT_SECRETS "/%.*s.header \\", ca, answers->folder,
               n > 0 ? n : (int)strlen(INIT_ANY_TOKEN), n > 0 ? devices : INIT_ANY_TOKEN);
    print_line(stdout,
               "        -d '{\"device\":\"%.*s\",\"time\":'$(date +%%s)',\"lat\":%.4f,\"lon\":%.4f,"
               "\"accuracy\":8}' \\",
               n > 0 ? n : 5, n > 0 ? devices : "tag-1", at.lat, at.lon);
    print_line(stdout, "        %s/v1/pings", door);
}

/* ---- the control room ---- */

/* The URL as another user's. */
static void print_url(const struct redis_target *target, const char *user, char out[ASK_MAX])
{
    const char *at = strchr(target->text, '@'), *head = strstr(target->text, "//");

    if (at == NULL || head == NULL)
        snprintf(out, ASK_MAX, "%s", target->text);
    else
        snprintf(out, ASK_MAX, "%.*s%s%s", (int)(head + 2 - target->text), target->text, user, at);
}

static void tell_room(const struct init_answers *answers, const struct redis_target *target)
{
    char url[ASK_MAX];

    print_url(target, "room", url);
    print_line(stdout, "The control room:");
    print_line(stdout, "    export BREACHCTL_REDIS=%s", url);
    if (target->user[0] != '\0')
        print_line(stdout, "    export BREACHCTL_PASSWORD_FILE=%s/" INIT_SECRETS "/room.password",
                   answers->folder);
    print_line(stdout, "    breachctl status; breachctl watch");
    if (target->user[0] == '\0')
        return;
    print_line(stdout, "redis-cli, which is let in with a password alone:");
    print_line(stdout, "    export REDISCLI_AUTH=$(cat %s/" INIT_SECRETS "/default.password)",
               answers->folder);
}

static void tell_page(const struct init_answers *answers, const struct redis_target *target)
{
    print_line(stdout,
               "A page for browsers is a service of its own, breachd-web(8): its web.conf from");
    print_line(stdout, "    " BREACHD_EXAMPLES "/web.conf");
    if (target->user[0] != '\0')
        print_line(stdout, "and as its password for Redis %s/" INIT_SECRETS "/web.password",
                   answers->folder);
}

void init_next(const struct init_answers *answers, struct utc until)
{
    struct redis_target target = { 0 };
    char day[UTC_TEXT_MAX];
    struct fault ignored;

    redis_target_parse(answers->of[INIT_REDIS], "/", &target, &ignored); // which was looked at
    print_line(stdout, "%s is made, and breachd -n takes it.", answers->folder);
    if (init_is_self_signed(answers))
        print_line(stdout,
                   "Who sends must trust %s/" INIT_CERTIFICATE ", which is good until %.10s.",
                   answers->folder, utc_print(until, day));
    print_line(stdout,
               "Secrets are in %s/" INIT_SECRETS
               ", shown nowhere: hand each to whom its name says, then delete it.",
               answers->folder);
    tell_order(answers);
    tell_redis(answers, &target);
    tell_start(answers);
    tell_ping(answers);
    tell_room(answers, &target);
    tell_page(answers, &target);
}
