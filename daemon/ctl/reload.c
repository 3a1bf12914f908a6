/* SPDX-License-Identifier: Apache-2.0 */
/* reload.c - asks the breachd that has a ledger to reload, and waits for what comes of it. */
#include "adapter/control.h"
#include "adapter/print.h"
#include "core/order.h"
#include "core/plural.h"
#include "ctl/command.h"
#include "ctl/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Where the running breachd has its ledger, by what breachd.conf says of it, however wrong the rest
 * may be: that is what breachd is to judge. False when that file cannot be read, or names no site,
 * as any other file.
 */
static bool find_ledger(const struct ctl_options *options, char out[SETTINGS_PATH_MAX],
                        struct fault *why)
{
    struct complaints complaints = { 0 };
    struct settings settings = { 0 };
    bool ok = true;

    if (options->ledger == NULL) {
        settings_load(ctl_settings_path(options), &settings, &complaints);
        // A slip in its name would ask another breachd than is meant: that of the usual ledger.
        if (options->settings != NULL && complaints.n > 0 &&
            (settings.ledger[0] == '\0' || settings.site[0] == '\0'))
            ok = fault_set(why, "%s", complaints.kept[0].text);
        settings_wipe(&settings);
        complaints_fini(&complaints);
    }
    snprintf(out, SETTINGS_PATH_MAX, "%s",
             options->ledger != NULL      ? options->ledger
             : settings.ledger[0] != '\0' ? settings.ledger
                                          : SETTINGS_LEDGER);
    return ok;
}

static bool say(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR)
            return false;
        text += sent > 0 ? sent : 0;
        n -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* Up to the line's end, or where the connection ends; false when that is before any line. */
static bool hear(int fd, char out[CONTROL_ANSWER_MAX], struct fault *why)
{
    size_t n = 0;

    while (n < CONTROL_ANSWER_MAX - 1) {
        ssize_t got = recv(fd, out + n, CONTROL_ANSWER_MAX - 1 - n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fault_set(why, "%s", strerror(errno));
        n += (size_t)got;
        if (got == 0 || memchr(out, '\n', n) != NULL)
            break;
    }
    out[n] = '\0';
    return strchr(out, '\n') != NULL ||
           fault_set(why, "it ended before it had answered: whether anything was reloaded is open");
}

static bool ask(const char *path, const char *question, char out[CONTROL_ANSWER_MAX],
                struct fault *why)
{
    struct sockaddr_un at;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 || fault_set(why, "%s", strerror(errno));

    ok = ok && control_address(path, &at, why);
    if (ok && connect(fd, (const struct sockaddr *)&at, sizeof at) != 0)
        ok = fault_set(why, "%.300s: %s: does breachd run, with this ledger?", path,
                       strerror(errno));
    if (ok && !say(fd, question, strlen(question)))
        ok = fault_set(why, "%.300s: %s", path, strerror(errno));
    ok = ok && hear(fd, out, why);
    if (fd >= 0)
        close(fd);
    return ok;
}

static void print_done(const json_t *answer)
{
    const json_t *changed = json_object_get(answer, "changed");
    long long orders = json_integer_value(json_object_get(answer, "orders"));
    char lost[REVISION_LOST_MAX];

    print_line(
        stdout,
        "reloaded: %lld order%s; %lld added, %lld ended, %lld changed, "
        "%lld zones moved%s%s",
        orders, plural((size_t)orders), json_integer_value(json_object_get(changed, "added")),
        json_integer_value(json_object_get(changed, "ended")),
        json_integer_value(json_object_get(changed, "texts")),
        json_integer_value(json_object_get(changed, "zones_moved")), line_lost(changed, lost),
        json_integer_value(json_object_get(changed, "devices")) > 0 ? "; kinds of devices changed"
                                                                    : "");
}

static int print_refused(const json_t *answer, const char *settings)
{
    const json_t *refused = json_object_get(answer, "refused");
    long long n = json_integer_value(json_object_get(refused, "complaints"));

    ctl_refuse("refused, %lld complaint%s: %s; first: %s", n, plural((size_t)n),
               line_text(refused, "stays"), line_text(refused, "first"));
    if (n > 1)
        print_line(stderr, "`breachd -n%s%s` tells all of them", settings ? " -c " : "",
                   settings ? settings : "");
    return CTL_FAILED;
}

/* As a refusal shows it; NULL: none is given. */
static bool is_digest(const char *text)
{
    if (text == NULL ||
        (strlen(text) == DIGEST_CHARS && strspn(text, "0123456789abcdef") == DIGEST_CHARS))
        return true;
    ctl_wrong("--really: %.60s: not the %d hex digits that a refusal shows", text, DIGEST_CHARS);
    return false;
}

int ctl_reload(int argc, char **argv)
{
    char ledger[SETTINGS_PATH_MAX], path[CONTROL_PATH_MAX], text[CONTROL_ANSWER_MAX];
    char question[CONTROL_LINE_MAX];
    struct ctl_options options;
    struct fault why;
    json_t *answer;
    int rest, code;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_no_more(argc, argv, rest) ||
        !is_digest(options.really))
        return ctl_misused("reload");
    snprintf(question, sizeof question, "reload%s%s\n", options.really ? " " : "",
             options.really ? options.really : "");
    if (!find_ledger(&options, ledger, &why))
        return ctl_wrong("reload: -c: %s", why.text);
    if (!ask(control_path(ledger, path), question, text, &why))
        return ctl_refuse("reload: %s", why.text);
    answer = json_loads(text, 0, NULL);
    if (options.json && answer != NULL)
        line_json(stdout, answer);
    if (strcmp(line_text(answer, "result"), "done") == 0) {
        if (!options.json)
            print_done(answer);
        code = CTL_DONE;
    } else if (strcmp(line_text(answer, "result"), "refused") == 0 ||
               strcmp(line_text(answer, "result"), "partly") == 0) {
        if (!options.json && strcmp(line_text(answer, "result"), "partly") == 0)
            print_done(answer);
        code = print_refused(answer, options.settings);
    } else {
        code = ctl_refuse("reload: %s", answer != NULL ? line_text(answer, "error") : text);
    }
    json_decref(answer);
    return code;
}
