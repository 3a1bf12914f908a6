/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ledger_door.h"

#include "adapter/clock.h"
#include "adapter/json/ledger_request.h"
#include "adapter/log.h"
#include "adapter/user_map.h"
#include "app/pipeline_recall.h"
#include "app/pipeline_state.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOUR_MS = 60 * 60 * 1000,
    DOOR_PATH_MAX = SETTINGS_PATH_MAX + 16,
    USER_NAME_MAX = 128,
    PASSWD_LINE_MAX = 1024 // a longer line ends the search: then there is no name
};

/* ---- answers ---- */

static void answer_so_far(struct line_call *call, const char *refused, bool more)
{
    char *line = ledger_request_print_answer(refused, more);

    line_door_answer(call, line != NULL ? line : "{\"done\":false,\"why\":\"out of memory\"}");
    free(line);
}

static void answer(struct line_call *call, const char *refused)
{
    answer_so_far(call, refused, false);
}

static void on_kept(bool kept, void *call)
{
    answer(call, kept ? NULL : "breachd is blind: it could not be kept");
}

/* ---- requests ---- */

/* Of an exercise before its first ping the clock on the wall must do. */
static struct utc now_of(const struct service *service)
{
    struct utc now = pipeline_now(service->pipeline);

    return now.ms != 0 ? now : clock_utc();
}

static void keep_access(struct service *service, struct line_call *call,
                        const struct ledger_request *request)
{
    struct kept_entry entry = { .kind = "access",
                                .at = now_of(service),
                                .respondent = "",
                                .evidence = true,
                                .body = request->body };
    struct changes_place begin = ledger_begin(service->ledger);

    if (!ledger_put_entry(service->ledger, &entry) ||
        !ledger_wait(service->ledger, on_kept, call)) {
        ledger_drop(service->ledger, &begin);
        answer(call, "out of memory: it could not be kept");
        return;
    }
    ledger_flush(service->ledger);
}

static bool is_ours(const struct service *service, const struct ledger_request *request)
{
    struct chain first = ledger_first(service->ledger);
    char hex[CHAIN_HEX];

    return first.number == 0 ? request->chain[0] == '\0'
                             : strcmp(chain_hex(first.digest, hex), request->chain) == 0;
}

/* The look of one more user in this hour, or of one who was there; NULL: there is no place. */
static unsigned *accesses_of(struct accesses *accesses, long uid)
{
    for (size_t i = 0; i < accesses->n; i++) {
        if (accesses->of[i].uid == uid)
            return &accesses->of[i].n;
    }
    if (accesses->n == ACCESS_USERS_MAX)
        return NULL;
    accesses->of[accesses->n].uid = uid;
    accesses->of[accesses->n].n = 0;
    return &accesses->of[accesses->n++].n;
}

/* One that is about another ledger, which anybody may say, takes nobody's place. */
static bool may_access(struct accesses *accesses, long uid)
{
    struct tick now = clock_tick();
    unsigned *n;

    if (accesses->n == 0 || now.ms - accesses->since.ms >= HOUR_MS)
        *accesses = (struct accesses){ .since = now };
    n = accesses_of(accesses, uid);
    return n != NULL && (*n)++ < LEDGER_DOOR_ACCESSES_AN_HOUR;
}

/* At the open door: NULL when it may be done. */
static const char *refuse_stranger(struct service *service, const struct ledger_request *request,
                                   long uid)
{
    if (request->kind != LEDGER_REQUEST_ACCESS)
        return "only at the ledger's own door";
    if (request->chain[0] == '\0' || !is_ours(service, request))
        return LEDGER_REQUEST_OTHER_LEDGER;
    return may_access(&service->accesses, uid) ? NULL : "too many looks in this hour";
}

static void on_let_go(const char *refused, bool more, const struct row *rows, void *call)
{
    (void)rows;
    if (refused == NULL && !more)
        log_warning("ledger: let go of what is in an archive: breachctl verify tells of which");
    answer_so_far(call, refused, more);
}

/* What stands in an archive by now. */
static void let_go(struct service *service, struct line_call *call,
                   const struct ledger_request *request)
{
    struct letting_go what = { .now = now_of(service),
                               .newest = request->newest,
                               .record = request->body };
    char of[LEDGER_REQUEST_OF_MAX];

    if (!utc_parse(ledger_request_of(request->body, of), &what.before))
        answer(call, "before when?");
    else if (!ledger_let_go(service->ledger, &what, on_let_go, call))
        answer(call, "not now: breachd is blind, or lets go of something else");
}

/* Who is to be forgotten, and who asks. */
struct forget_call {
    struct service *service;
    struct line_call *call;
    char of[LEDGER_REQUEST_OF_MAX];
};

static void on_forgotten(const char *refused, bool more, const struct row *rows, void *arg)
{
    struct forget_call *asked = arg;

    if (refused == NULL && !more)
        log_warning("%s: forgotten: breachctl verify tells by whom and why", asked->of);
    if (refused == NULL)
        pipeline_forget(asked->service->pipeline, asked->of, rows);
    answer_so_far(asked->call, refused, more);
    free(asked);
}

static bool begin_to_forget(struct service *service, struct line_call *call,
                            const struct forgetting *what)
{
    struct forget_call *asked = calloc(1, sizeof *asked);

    if (asked == NULL)
        return false;
    *asked = (struct forget_call){ .service = service, .call = call };
    snprintf(asked->of, sizeof asked->of, "%s", what->respondent);
    if (ledger_forget(service->ledger, what, on_forgotten, asked))
        return true;
    free(asked);
    return false;
}

/* Who is watched cannot be forgotten. */
static void forget(struct service *service, struct line_call *call,
                   const struct ledger_request *request)
{
    char of[LEDGER_REQUEST_OF_MAX];
    struct forgetting what = { ledger_request_of(request->body, of), request->body,
                               now_of(service) };
    size_t nth;

    if (rulebook_find_respondent(service->config->rules, of, &nth))
        answer(call, "bound by an order that is in the rules: take it out and reload first");
    else if (!begin_to_forget(service, call, &what))
        answer(call, "not now: breachd is blind, or forgets somebody else");
}

static void run(struct service *service, struct line_call *call,
                const struct ledger_request *request)
{
    const char *closed = pipeline_shut(service->pipeline);

    if (!is_ours(service, request))
        answer(call, LEDGER_REQUEST_OTHER_LEDGER);
    else if (closed != NULL)
        answer(call, closed);
    else if (request->kind == LEDGER_REQUEST_ACCESS)
        keep_access(service, call, request);
    else if (request->kind == LEDGER_REQUEST_FORGET)
        forget(service, call, request);
    else if (request->kind == LEDGER_REQUEST_LET_GO)
        let_go(service, call, request);
    else
        answer(call, service->rehearse ? "an exercise tells no links" : NULL);
    if (request->kind == LEDGER_REQUEST_CHAIN)
        service->anchor.asked = true;
}

/*
 * The name of a user of this machine, "" for none: of its own file alone, as whoever else is asked
 * for names may take seconds, and pings would wait.
 */
static const char *name_of(long uid, char out[USER_NAME_MAX])
{
    FILE *file = fopen("/etc/passwd", "re");
    struct passwd entry = { 0 }, *found = NULL;
    char line[PASSWD_LINE_MAX];

    out[0] = '\0';
    // A line of the file each turn.
    while (file != NULL && fgetpwent_r(file, &entry, line, sizeof line, &found) == 0) {
        if ((long)entry.pw_uid != uid)
            continue;
        snprintf(out, USER_NAME_MAX, "%s", entry.pw_name);
        break;
    }
    if (file != NULL)
        fclose(file);
    return out;
}

/* Who asks is written as the kernel has it, whatever he says. */
static bool witness(struct ledger_request *request, long uid, struct fault *why)
{
    char user[USER_NAME_MAX];

    if (request->kind == LEDGER_REQUEST_CHAIN) // which has no record
        return true;
    if (uid < 0)
        return fault_set(why, "who asks is not known");
    user[0] = '\0';
    if (user_map_names(uid)) // else it may be anybody, and not that nobody
        name_of(uid, user);
    return ledger_request_witness(request, uid, user[0] != '\0' ? user : NULL, why);
}

static void take(struct service *service, struct line_call *call, const char *line, bool open)
{
    struct ledger_request *request = malloc(sizeof *request);
    const char *refused = NULL;
    struct fault why;

    if (request == NULL) {
        answer(call, "out of memory");
        return;
    }
    if (!ledger_request_read(line, request, &why) || !witness(request, line_door_uid(call), &why))
        refused = why.text;
    else if (open)
        refused = refuse_stranger(service, request, line_door_uid(call));
    if (refused != NULL)
        answer(call, refused);
    else
        run(service, call, request);
    free(request);
}

static void on_own(struct line_call *call, const char *line, void *arg)
{
    take(arg, call, line, false);
}

static void on_open(struct line_call *call, const char *line, void *arg)
{
    take(arg, call, line, true);
}

/* ---- the doors ---- */

static void open_one(struct service *service, const char *path, unsigned mode,
                     line_handler *handler, struct line_door **out)
{
    struct fault why;

    if (!line_door_open(service->base, path, mode, handler, service, out, &why))
        log_warning("ledger: %s: breachctl cannot ask there for looks to be kept", why.text);
}

void ledger_door_open(struct service *service)
{
    const char *folder = getenv("RUNTIME_DIRECTORY"), *ledger = service->config->settings.ledger;
    char path[DOOR_PATH_MAX], *itself = realpath(ledger, NULL);

    snprintf(path, sizeof path, "%s-door", itself != NULL ? itself : ledger);
    free(itself);
    open_one(service, path, 0600, on_own, &service->ledger_door);
    if (folder == NULL || strlen(folder) >= SETTINGS_PATH_MAX)
        return;
    snprintf(path, sizeof path, "%.*s/door", (int)strcspn(folder, ":"), folder);
    open_one(service, path, 0666, on_open, &service->access_door);
}

void ledger_door_close(struct service *service)
{
    line_door_close(service->ledger_door);
    line_door_close(service->access_door);
}
