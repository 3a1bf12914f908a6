/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl init: what it makes is taken by breachd, and what is there already is left alone. */
#include "adapter/conf/settings.h"
#include "adapter/http/tokens.h"
#include "adapter/tls.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init_fixture.h"

/* ---- what is made ---- */

static void the_settings_say_what_differs_and_why(void **state)
{
    (void)state;
    assert_ended(run("", "first " GIVEN "--tls none --redis redis://127.0.0.1:6379/0"), 0, "");
    assert_string_equal(text_of("first/breachd.conf"),
                        "; Made by breachctl init: only what differs from the defaults, which "
                        "breachd.conf(5) tells.\n"
                        "; Paths count from this file's folder; `breachd -n -c FILE` checks it.\n\n"
                        "[site]\n; Names this breachd in every alert.\nname = trial\n"
                        "; South-west, then north-east corner: a zone outside it is refused.\n"
                        "region = 49.8,-8.7 60.9,1.8\n\n"
                        "[ledger]\n; What must survive: on a real disk.\npath = ledger.db\n\n"
                        "[http]\n; Who may come in; `breachctl token` makes more.\n"
                        "tokens = tokens\n");
    assert_int_equal(scratch_count("first"), 4);
    assert_int_equal(scratch_count("first/orders.d"), 0);
    assert_false(scratch_has("first/redis.acl"));
    assert_null(strstr(said, "aclfile"));
    assert_non_null(strstr(said, "breachd-web(8): its web.conf from\n"));
    assert_non_null(strstr(said, "/examples/web.conf\n"));
    assert_null(strstr(said, "web.password"));
}

static void every_answer_comes_into_the_settings(void **state)
{
    struct complaints complaints = { 0 };
    struct settings settings;
    (void)state;

    assert_ended(run("", "first " GIVEN "--timezone Europe/Dublin --ledger /srv/l.db --listen "
                         "'[::1]:9000, unix:http.sock' --redis unix://ours@/run/r.sock"),
                 0, "");
    settings_load("first/breachd.conf", &settings, &complaints);
    assert_complaints("what was made", &complaints, "");
    assert_string_equal(settings.site, "trial");
    assert_string_equal(settings.timezone, "Europe/Dublin");
    assert_string_equal(settings.ledger, "/srv/l.db");
    assert_int_equal(settings.n_listen, 2);
    assert_string_equal(settings.redis.user, "ours");
    assert_string_equal(settings.redis.path, "/run/r.sock");
    assert_string_equal(settings.tls_certificate, "first/tls/breachd.pem");
    assert_non_null(strstr(text_of("first/redis.acl"), "user ours on #"));
    assert_non_null(strstr(said, "its password for Redis first/secrets/web.password\n"));
    settings_wipe(&settings);
}

/* Each token opens for what its name says, and each password is the one whose digest is there. */
static void the_secrets_are_those_of_the_files(void **state)
{
    static const char *const names[] = { "tag-1", "tag-2", "operator" };
    struct complaints complaints = { 0 };
    struct tokens *tokens;
    char path[64], secret[TOKEN_MADE_CHARS + 1];
    (void)state;

    assert_ended(run("", "first " GIVEN "--devices tag-1,tag-2"), 0, "");
    tokens = tokens_load("first/tokens", &complaints);
    assert_complaints("the tokens file", &complaints, "");
    for (size_t i = 0; i < 3; i++) {
        const struct token *token;

        snprintf(path, sizeof path, "first/secrets/%s.header", names[i]);
        assert_int_equal(sscanf(text_of(path), "Authorization: Bearer %51s\n", secret), 1);
        token = tokens_find(tokens, secret);
        assert_non_null(token);
        assert_string_equal(token->name, names[i]);
        assert_int_equal(token->kind, i == 2 ? TOKEN_OPERATOR : TOKEN_DEVICES);
        assert_int_equal(token_covers(token, names[0]), i == 0);
        // Neither what was said nor what everybody's files hold shows it.
        assert_null(strstr(said, secret));
        assert_null(strstr(complained, secret));
        assert_null(strstr(text_of("first/tokens"), secret));
    }
    tokens_destroy(tokens);
    assert_int_equal(scratch_count("first/secrets"), 7);
    assert_ended(run("", "second " GIVEN), 0, "");
    tokens = tokens_load("second/tokens", &complaints);
    assert_null(tokens_find(tokens, secret)); // fresh ones, each time
    assert_int_equal(
        sscanf(text_of("second/secrets/gateway.header"), "Authorization: Bearer %51s\n", secret),
        1);
    assert_int_equal(tokens_find(tokens, secret)->kind, TOKEN_ANY);
    tokens_destroy(tokens);
}

static void nobody_else_reads_them(void **state)
{
    static const char *const files[] = { "breachd.conf",
                                         "tokens",
                                         "redis.acl",
                                         "redis.password",
                                         "tls/breachd.key",
                                         "tls/breachd.pem",
                                         "secrets/gateway.header",
                                         "secrets/operator.header",
                                         "secrets/room.password",
                                         "secrets/wall.password",
                                         "secrets/web.password",
                                         "secrets/default.password" };
    static const char *const folders[] = { ".", "orders.d", "tls", "secrets" };
    char path[64];
    (void)state;

    assert_ended(run("", "first " GIVEN), 0, "");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "first/%s", files[i]);
        assert_int_equal(mode_of(path), 0600);
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "first/%s", folders[i]);
        assert_int_equal(mode_of(path), 0700);
    }
}

/* root gives them to the service's user; here one that every Debian has. */
static void root_gives_them_to_the_service(void **state)
{
    const struct passwd *daemon = getpwnam("daemon");
    struct stat what;
    uid_t uid;
    gid_t gid;
    (void)state;

    assert_non_null(daemon);
    uid = daemon->pw_uid;
    gid = daemon->pw_gid;
    if (geteuid() != 0) {
        assert_ended(run("", "first " GIVEN "--as daemon"), 1, "Operation not permitted");
        assert_false(scratch_has("first"));
        return;
    }
    assert_int_equal(chmod(".", 0755), 0);
    assert_ended(run("", "first " GIVEN "--as daemon"), 0, "");
    assert_int_equal(stat("first/breachd.conf", &what), 0);
    assert_true(what.st_uid == 0 && what.st_gid == gid && (what.st_mode & 0777) == 0640);
    assert_int_equal(stat("first", &what), 0);
    assert_true(what.st_uid == 0 && what.st_gid == gid && (what.st_mode & 0777) == 0750);
    assert_int_equal(stat("first/tls/breachd.key", &what), 0);
    assert_true(what.st_uid == uid && (what.st_mode & 0777) == 0600);
    assert_int_equal(stat("first/redis.password", &what), 0);
    assert_true(what.st_uid == uid && (what.st_mode & 0777) == 0600);
    assert_int_equal(stat("first/secrets", &what), 0);
    assert_true(what.st_uid == 0 && what.st_gid == 0 && (what.st_mode & 0777) == 0700);
    assert_ended(run("", "second " GIVEN "--as nobody-of-that-name"), 1, "no such user");
    assert_false(scratch_has("second"));
    // What the user could not reach is found before anything is in its place.
    assert_int_equal(chmod(".", 0700), 0);
    assert_ended(run("", "third " GIVEN "--as daemon"), 1, "breachd -n refuses it");
    assert_false(scratch_has("third"));
}

static void a_certificate_of_ones_own_is_named_and_not_copied(void **state)
{
    char pem[1100], whole[1024];
    (void)state;

    assert_ended(run("", "first " GIVEN), 0, "");
    assert_int_equal(mkdir("own", 0700), 0);
    scratch_write("own/a.pem", text_of("first/tls/breachd.pem"));
    scratch_write("own/a.key", text_of("first/tls/breachd.key"));
    assert_int_equal(chmod("own/a.key", 0600), 0);
    assert_ended(run("", "second " GIVEN "--tls-certificate own/a.pem --tls-key own/a.key"), 0, "");
    assert_false(scratch_has("second/tls"));
    assert_non_null(getcwd(whole, sizeof whole));
    snprintf(pem, sizeof pem, "tls-certificate = %s/own/a.pem\n", whole);
    assert_non_null(strstr(text_of("second/breachd.conf"), pem));
    scratch_write("own/b.key", "no key\n");
    assert_ended(run("", "third " GIVEN "--tls-certificate own/a.pem --tls-key own/b.key"), 1,
                 "third/breachd.conf:");
    assert_non_null(strstr(complained, "own/b.key: holds no private key in PEM"));
    assert_false(scratch_has("third"));
}

/* ---- what is refused ---- */

static const struct refused_row {
    const char *arguments, *complaint;
    int code;
} refused[] = {
    { "--yes", "--site: must be given", 2 },
    { "--yes --site trial", "--region: must be given", 2 },
    { "--site trial --region '49.8,-8.7 60.9,1.8' --tls-certificate breachd.conf",
      "--tls-certificate: ", 2 },
    { GIVEN "--site 'a b'", "--site: \"a b\" is not 1..64 letters", 2 },
    { GIVEN "--region '60.9,1.8 49.8,-8.7'", "--region: ", 2 },
    { GIVEN "--timezone Mars/Phobos", "--timezone: ", 2 },
    { GIVEN "--listen here", "--listen: ", 2 },
    { GIVEN "--redis redis://a:b@h", "--redis: a password belongs into password-file", 2 },
    { GIVEN "--redis redis://wall@h", "--redis: user: wall: is another user's name", 2 },
    { GIVEN "--redis 'redis://a b@h'", "--redis: user: a b: not 1..64 letters", 2 },
    { GIVEN "--devices 'a, b'", "--devices: a, b: not ids of devices", 2 },
    { GIVEN "--devices a,b,a", "--devices: a: stands there twice", 2 },
    { GIVEN "--devices operator,a", "--devices: operator: is the name of the operator's token", 2 },
    { GIVEN "--host 'a b'", "--host: \"a b\" is neither a host name nor an address", 2 },
    { GIVEN "--host a --tls none", "--host: means nothing with --tls none", 2 },
    { GIVEN "--tls-key a.key", "--tls-key: means nothing with --tls self-signed", 2 },
    { GIVEN "--tls lost.pem --tls-key a.key", "--tls-certificate: lost.pem: No such file", 2 },
    { GIVEN "--tls answers", "--tls-key: must be given", 2 },
    { GIVEN "--ledger 'a;b'", "--ledger: ; would begin a comment", 2 },
    { GIVEN "--site 'a\n[http]'", "--site: holds a line end", 2 },
    { GIVEN "--ask", "usage: breachctl init", 2 },
    { GIVEN "more than-one", "usage: breachctl init", 2 },
    { GIVEN "--colour red", "usage: breachctl init", 2 },
    { "lost/first " GIVEN, "lost/first: cannot be made: No such file", 1 },
    { "answers " GIVEN, "answers: Not a directory", 1 },
    { GIVEN "--listen 192.0.2.1:8750 --tls none --redis redis://h", "", 0 },
};

static void what_cannot_be_is_refused_by_the_name_of_its_flag(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *folder = refused[i].arguments[0] == '-' ? "first " : "";

        print_message("%s\n", refused[i].arguments);
        assert_ended(run("", "%s%s", folder, refused[i].arguments), refused[i].code,
                     refused[i].complaint);
        assert_int_equal(scratch_count("."),
                         refused[i].code == 0 ? 4 : 3); // answers, stdout, stderr
    }
}

/* ---- what is there ---- */

static void what_is_there_stays_and_is_named(void **state)
{
    static const char *const there[] = { "breachd.conf", "tokens", "redis.acl", "redis.password" };
    char path[64], want[128];
    (void)state;

    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        snprintf(path, sizeof path, "first/%s", there[i]);
        snprintf(want, sizeof want, "%s: is there already, and stays as it is", path);
        scratch_write(path, "mine\n");
        assert_ended(run("", "first " GIVEN), 1, want);
        assert_string_equal(text_of(path), "mine\n");
        assert_int_equal(scratch_count("first"), 1);
        assert_int_equal(unlink(path), 0);
    }
    // A link that leads nowhere is a name that is taken, too.
    assert_int_equal(symlink("lost", "first/tls"), 0);
    assert_ended(run("", "first " GIVEN), 1, "first/tls: is there already");
    assert_int_equal(scratch_count("first"), 1);
}

/* As after `cmake --install`: nobody has touched it, so nobody has to move it away. */
static void what_was_only_shipped_makes_room(void **state)
{
    char *shipped;
    (void)state;

    scratch_write("first/orders.d/README", "orders\n");
    assert_int_equal(system("cp " SOURCE_FOLDER "/config/breachd.conf first/breachd.conf"), 0);
    shipped = strdup(text_of("first/breachd.conf"));
    assert_non_null(shipped);
    assert_ended(run("", "first " GIVEN), 0, "");
    assert_non_null(
        strstr(said, "first/breachd.conf, as it was shipped, is breachd.conf.shipped now.\n"));
    assert_string_equal(text_of("first/breachd.conf.shipped"), shipped);
    assert_non_null(strstr(text_of("first/breachd.conf"), "name = trial\n"));
    free(shipped);
    // One line of it was changed: it is somebody's.
    assert_int_equal(system("mkdir second && (cat " SOURCE_FOLDER "/config/breachd.conf; echo) "
                            ">second/breachd.conf"),
                     0);
    assert_ended(run("", "second " GIVEN), 1, "second/breachd.conf: is there already");
    assert_int_equal(scratch_count("second"), 1);
    // Nothing of somebody else's is written over for it.
    assert_int_equal(system("mkdir third && cp " SOURCE_FOLDER "/config/breachd.conf third"), 0);
    scratch_write("third/breachd.conf.shipped", "mine\n");
    assert_ended(run("", "third " GIVEN), 1, "third/breachd.conf.shipped: File exists");
    assert_string_equal(text_of("third/breachd.conf.shipped"), "mine\n");
    assert_int_equal(scratch_count("third"), 2);
}

static void orders_that_are_there_are_checked_and_stay(void **state)
{
    (void)state;
    scratch_write("first/orders.d/A.conf", "[order A]\nkind = other\nrespondent = R-1\n"
                                           "devices = tag-1\nfrom = 2026-01-01 12:00\n");
    assert_ended(run("", "first/ " GIVEN), 0, "first/orders.d/A.conf");
    assert_int_equal(scratch_count("first"), 7);
    assert_int_equal(scratch_count("first/orders.d"), 1);
    assert_true(scratch_has("first/breachd.conf"));
    scratch_write("second/orders.d/A.conf", "[order A]\nkind = other\n");
    assert_ended(run("", "second " GIVEN), 1, "second/orders.d/A.conf:1: ");
    assert_non_null(strstr(complained, "breachd -n refuses it: nothing was made"));
    assert_int_equal(scratch_count("second"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(the_settings_say_what_differs_and_why),
        scratch_test(every_answer_comes_into_the_settings),
        scratch_test(the_secrets_are_those_of_the_files),
        scratch_test(nobody_else_reads_them),
        scratch_test(root_gives_them_to_the_service),
        scratch_test(a_certificate_of_ones_own_is_named_and_not_copied),
        scratch_test(what_cannot_be_is_refused_by_the_name_of_its_flag),
        scratch_test(what_is_there_stays_and_is_named),
        scratch_test(what_was_only_shipped_makes_room),
        scratch_test(orders_that_are_there_are_checked_and_stay),
    };

    return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
