/* SPDX-License-Identifier: Apache-2.0 */
/* web.conf: what is taken, and exactly what is said of what is not. */
#include "web/web_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/scratch.h"

#define TOKEN "[door]\ntoken-file = token\n"

static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "nothing but a token", TOKEN, "" },
    { "no token", "", "web.conf: warning: [door] token-file: not given, so nobody sees a map\n" },
    { "every key",
      "[web]\nlisten = 127.0.0.1:1, unix:s\ntls-certificate = c\ntls-key = k\npage = p\n"
      "tiles = t\nusers = u\nidle = 20m\nabsolute = 8h\nproxy = 10.0.0.1\nproxy-header = X-User\n"
      "origin = https://breachd.example\ntimezone = Europe/Paris\nsound = off\nmax-events = 20000\n"
      "max-per-address = 1\n[redis]\nurl = rediss://room@h:1/2\npassword-file = token\nprefix = x\n"
      "tls-ca = ca\n" TOKEN "url = https://h:1\ntls-ca = ca\n",
      "" },
    { "others reach it without TLS", "[web]\nlisten = 0.0.0.0:80, [::1]:81, 10.0.0.1:82\n" TOKEN,
      "web.conf:2: listen: 0.0.0.0:80: others than this machine reach it, so it needs "
      "tls-certificate and tls-key\n"
      "web.conf:2: listen: 10.0.0.1:82: others than this machine reach it, so it needs "
      "tls-certificate and tls-key\n" },
    { "a certificate without its key", "[web]\ntls-certificate = c\n" TOKEN,
      "web.conf:2: tls-certificate: needs tls-key beside it\n" },
    { "a key without its certificate", "[web]\ntls-key = c\n" TOKEN,
      "web.conf:2: tls-key: needs tls-certificate beside it\n" },
    { "a proxy without a header", "[web]\nproxy = unix\n" TOKEN,
      "web.conf:2: proxy: needs proxy-header beside it\n" },
    { "a header without a proxy", "[web]\nproxy-header = X-A\n" TOKEN,
      "web.conf:2: proxy-header: needs proxy beside it\n" },
    { "a proxy that is no address", "[web]\nproxy = proxy.example\nproxy-header = X-A\n" TOKEN,
      "web.conf:2: proxy: \"proxy.example\" is no IP address, nor unix\n"
      "web.conf:3: proxy-header: needs proxy beside it\n" },
    { "a header that is none", "[web]\nproxy = unix\nproxy-header = X A\n" TOKEN,
      "web.conf:3: proxy-header: \"X A\" is no name of a header: letters, digits, -\n"
      "web.conf:2: proxy: needs proxy-header beside it\n" },
    { "an origin with a slash behind it", "[web]\norigin = https://a/\n" TOKEN,
      "web.conf:2: origin: \"https://a/\" is not like https://breachd.example\n" },
    { "no session lives on that is over", "[web]\nidle = 2h\nabsolute = 1h\n" TOKEN,
      "web.conf:3: absolute: is shorter than idle\n" },
    { "numbers out of range", "[web]\nidle = 0s\nmax-events = 20001\n" TOKEN,
      "web.conf:2: idle: 0s is outside 1s..1d\n"
      "web.conf:3: max-events: 20001 is outside 1..20000\n" },
    { "a word that is none", "[web]\nsound = loud\n" TOKEN,
      "web.conf:2: sound: \"loud\" is neither off nor on\n" },
    { "nowhere to listen", "[web]\nlisten =\n" TOKEN,
      "web.conf:2: listen: nowhere to listen: no door would be open\n" },
    { "no door", TOKEN "url = ftp://h\n",
      "web.conf:3: url: \"ftp://h\" begins with none of unix: http:// https://\n" },
    { "a door with a path", TOKEN "url = http://h:1/x\n",
      "web.conf:3: url: \"h:1/x\" has no host of 1..255 characters, or more behind it\n" },
    { "a password in the address", "[redis]\nurl = redis://u:p@h\n" TOKEN, NULL },
    { "an unknown section and key", "[webb]\n[web]\ncolour = 1\n" TOKEN,
      "web.conf:1: [webb]: no such section: web, redis, door\n"
      "web.conf:3: colour: no such key in [web]\n" },
    { "a key twice, a key before all", "users = u\n[web]\nusers = u\nusers = v\n" TOKEN,
      "web.conf:1: users: stands before any [section]\n"
      "web.conf:4: users: given in line 3 already\n" },
    { "a token that is not there", "[door]\ntoken-file = nothing\n",
      "web.conf:2: token-file: ./nothing: No such file or directory\n" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    struct web_settings *settings = malloc(sizeof *settings);

    scratch_write("web.conf", row->text);
    scratch_write("token", "bd_token\n");
    web_settings_load("web.conf", settings, &complaints);
    if (row->want != NULL)
        assert_complaints(row->says, &complaints, row->want);
    else
        assert_int_equal(complaints.errors, 1);
    complaints_fini(&complaints);
    free(settings);
}

static void what_is_not_given_is_as_the_manual_says(void **state)
{
    struct complaints complaints = { 0 };
    struct web_settings *settings = malloc(sizeof *settings);
    (void)state;

    scratch_write("web.conf", TOKEN);
    scratch_write("token", "bd_token\n");
    web_settings_load("web.conf", settings, &complaints);
    assert_complaints("nothing given", &complaints, "");
    assert_string_equal(settings->listen[0].text, "127.0.0.1:8760");
    assert_string_equal(settings->page, "/usr/share/breachd/web");
    assert_string_equal(settings->users, "./web/users");
    assert_int_equal(settings->idle_ms, 15 * 60 * 1000);
    assert_int_equal(settings->absolute_ms, 12 * 3600 * 1000);
    assert_true(settings->sound);
    assert_int_equal(settings->max_events, 1000);
    assert_string_equal(settings->prefix, "breachd");
    assert_string_equal(settings->door.path, "/run/breachd/http.sock");
    assert_string_equal(settings->token, "bd_token");
    assert_false(web_settings_is_secure(settings));
    strcpy(settings->origin, "https://breachd.example"); // TLS is a proxy's
    assert_true(web_settings_is_secure(settings));
    web_settings_wipe(settings);
    assert_string_equal(settings->token, "");
    free(settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(what_is_not_given_is_as_the_manual_says),
    };

    return rows_hold_in("web_settings", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("web_settings", tests, NULL, NULL);
}
