/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several alerts a command, as many commands under way as the window allows; the script decides
 * what stands in the stream.
 */
#include "adapter/redis/publisher_parts.h"
#include "adapter/redis/publisher_script.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_ARGS = 12 }; // EVALSHA, digest, 5, five keys, site, epoch, before, keep

/* One EVALSHA as it grows. */
struct command {
    const char *argv[HEAD_ARGS + PUBLISHER_ALERTS_MAX * SCRIPT_ALERT_ARGS];
    size_t argc, n;
    char before[PUBLISHER_NUMBER_MAX];
    char sequences[PUBLISHER_ALERTS_MAX][PUBLISHER_NUMBER_MAX];
    char *events[PUBLISHER_ALERTS_MAX], *needs[PUBLISHER_ALERTS_MAX];
    uint64_t last;
};

_Static_assert(HEAD_ARGS + PUBLISHER_ALERTS_MAX * SCRIPT_ALERT_ARGS <= REDIS_ARGS_MAX,
               "an alert fits into a command");

static bool begins_with(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void take_refusal(struct publisher *publisher, const char *why)
{
    bool forgot = begins_with(why, "GAP ") || begins_with(why, "NOSCRIPT");

    if (!forgot)
        redis_reset(publisher->redis, why);
    else if (publisher->stage == STAGE_SENDING)
        publisher_resume_after(publisher, why);
    // Else it was asked already, after the command that this answers: that one did nothing either.
}

/* The next word of `*at`, as far as it fits; false when there is none that does. */
static bool next_word(const char **at, char *out, size_t size)
{
    size_t n = strcspn(*at, " ");

    if (n == 0 || n >= size)
        return false;
    memcpy(out, *at, n);
    out[n] = '\0';
    *at += n + ((*at)[n] == ' ');
    return true;
}

/* Where they stand: "ADDED ENTRY INCIDENT SINCE INCIDENT SINCE …", of no more than were sent. */
static void take_entries(struct publisher *publisher, const char *words)
{
    char incident[EVENT_ID_MAX], since[ENTRY_ID_MAX];

    if (!next_word(&words, publisher->added, sizeof publisher->added) ||
        !next_word(&words, publisher->entry, sizeof publisher->entry))
        return;
    for (int i = 0; i < PUBLISHER_ALERTS_MAX && next_word(&words, incident, sizeof incident) &&
                    next_word(&words, since, sizeof since);
         i++) {
        if (strcmp(incident, "-") != 0)
            publisher->callbacks.on_published(incident, since, publisher->callbacks.arg);
    }
}

/* "NUMBER", and what take_entries reads; false when it begins with no number. */
static bool read_number(const struct redis_reply *reply, uint64_t *out, const char **out_rest)
{
    char *end;

    if (reply->kind != REDIS_TEXT || reply->text[0] < '0' || reply->text[0] > '9')
        return false;
    *out = strtoull(reply->text, &end, 10);
    *out_rest = end + (*end == ' ');
    return *end == '\0' || *end == ' ';
}

static void on_sent(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    const char *rest = "";
    uint64_t number = 0;
    bool read;

    if (reply->kind == REDIS_ERROR) {
        take_refusal(publisher, reply->text);
        return;
    }
    read = read_number(reply, &number, &rest);
    if (!read || number < publisher->confirmed || number > publisher->sent) {
        redis_reset(publisher->redis,
                    !read ? "no number from the function" : "a number never sent");
        return;
    }
    if (publisher->stage != STAGE_SENDING)
        return; // it was asked where it is since: that counts this one too
    publisher->confirmed_since_resume = true;
    // A look without alerts proves little while there are some to send.
    if (number > publisher->confirmed || publisher_caught_up(publisher))
        redis_healthy(publisher->redis);
    if (number == publisher->confirmed)
        return;
    take_entries(publisher, rest);
    publisher->confirmed = number;
    if (number > publisher->marked)
        publisher->marked = number;
    publisher->callbacks.confirmed(number, publisher->callbacks.arg);
    publisher_pump(publisher);
}

static void command_begin(struct command *command, struct publisher *publisher)
{
    const char *head[HEAD_ARGS] = { "EVALSHA",           publisher->sha,      "5",
                                    publisher->stream,   publisher->open.key, publisher->last,
                                    publisher->todo.key, publisher->acks,     publisher->site,
                                    publisher->epoch,    command->before,     publisher->keep };

    memcpy(command->argv, head, sizeof head);
    command->argc = HEAD_ARGS;
    command->n = 0;
    command->last = publisher->sent;
    publisher_text(command->before, (int64_t)publisher->sent);
}

/* Who has its incident has changed, and not what is known of it. */
static bool is_held(const struct kept_alert *alert)
{
    enum alert_type type;

    return alert->todo == EFFECT_NONE && alert_type_of(alert->type, &type) &&
           alert_spec(type)->todo == TODO_HELD;
}

/* As script_send takes it; what the hashes know already has none. */
static const char *effect_name(const struct publisher *publisher, const struct kept_alert *alert,
                               enum alert_effect effect)
{
    if (alert->sequence <= publisher->opened || effect == EFFECT_NONE)
        return "0";
    return effect == EFFECT_OPEN ? "1" : "2";
}

static const char *todo_effect_name(const struct publisher *publisher,
                                    const struct kept_alert *alert)
{
    return is_held(alert) && alert->sequence > publisher->opened
               ? "3"
               : effect_name(publisher, alert, alert->todo);
}

/* False when memory is out. */
static bool command_add(struct command *command, const struct publisher *publisher,
                        const struct kept_alert *alert, struct utc now)
{
    char *event = event_number(alert->event, alert->sequence, now);
    bool needed = alert->todo == EFFECT_OPEN || is_held(alert);
    char *need = needed ? publisher_need(publisher, alert, NULL) : NULL;
    char *sequence = command->sequences[command->n];
    const char *args[SCRIPT_ALERT_ARGS] = { sequence,
                                            effect_name(publisher, alert, alert->effect),
                                            alert->id,
                                            alert->type,
                                            alert->area,
                                            alert->severity,
                                            alert->incident,
                                            event,
                                            todo_effect_name(publisher, alert),
                                            need ? need : "" };

    if (event == NULL || (needed && need == NULL)) {
        free(event);
        free(need);
        return false;
    }
    publisher_text(sequence, (int64_t)alert->sequence);
    memcpy(command->argv + command->argc, args, sizeof args);
    command->argc += SCRIPT_ALERT_ARGS;
    command->needs[command->n] = need;
    command->events[command->n++] = event;
    command->last = alert->sequence;
    return true;
}

static bool command_send(struct command *command, struct publisher *publisher)
{
    bool ok = redis_send(publisher->redis, command->argc, command->argv, NULL, on_sent, publisher);

    for (size_t i = 0; i < command->n; i++) {
        free(command->events[i]);
        free(command->needs[i]);
    }
    if (ok)
        publisher->sent = command->last;
    return ok;
}

static bool ready(const struct publisher *publisher)
{
    return publisher->stage == STAGE_SENDING && redis_is_up(publisher->redis);
}

static unsigned room(const struct publisher *publisher)
{
    uint64_t in_flight = publisher->sent - publisher->confirmed;

    return in_flight < PUBLISHER_WINDOW ? (unsigned)(PUBLISHER_WINDOW - in_flight) : 0;
}

/* Where the ledger is read on. */
static uint64_t position(const struct publisher *publisher)
{
    return publisher->sent > publisher->skipped ? publisher->sent : publisher->skipped;
}

/* Sends the first of `rows` that there is room for; those that are left. */
static const struct row *send_some(struct publisher *publisher, const struct row *rows,
                                   struct utc now)
{
    unsigned most = room(publisher) < PUBLISHER_ALERTS_MAX ? room(publisher) : PUBLISHER_ALERTS_MAX;
    struct command command;

    command_begin(&command, publisher);
    for (; rows != NULL && command.n < most; rows = rows->next) {
        if (rows->alert.sequence > position(publisher) &&
            !command_add(&command, publisher, &rows->alert, now))
            break;
    }
    return command.n > 0 && command_send(&command, publisher) ? rows : NULL;
}

/*
 * `rows` are all that the ledger has after `after`, up to the last of them. Its numbers may have
 * holes, where it was renumbered.
 */
static void send_rows(struct publisher *publisher, uint64_t after, const struct row *rows)
{
    struct utc now = publisher_now(publisher);

    if (after > position(publisher))
        return; // something comes before these
    // At most PUBLISHER_WINDOW alerts.
    while (rows != NULL && ready(publisher) && room(publisher) > 0)
        rows = send_some(publisher, rows, now);
}

void publisher_offer(struct publisher *publisher, const struct row *alerts)
{
    if (alerts != NULL && ready(publisher))
        send_rows(publisher, alerts->alert.sequence - 1, alerts);
    publisher_pump(publisher);
}

void publisher_send_fetched(struct publisher *publisher, bool ok, const struct row *alerts)
{
    uint64_t after = publisher->asked.after;

    // What cannot be read just now is asked for again now and then, and not at once for ever.
    if (!ok)
        return;
    // What is not there any more is not waited for.
    if (alerts == NULL && after <= position(publisher))
        publisher->skipped = publisher->callbacks.newest(publisher->callbacks.arg);
    send_rows(publisher, after, alerts);
    publisher_pump(publisher);
}

void publisher_pump(struct publisher *publisher)
{
    // Half a window at a time, so that a fetch is worth its turn of the ledger.
    if (ready(publisher) && publisher->asked.limit == 0 &&
        room(publisher) >= PUBLISHER_WINDOW / 2 &&
        position(publisher) < publisher->callbacks.newest(publisher->callbacks.arg))
        publisher_ask(publisher, FETCH_ALERTS, position(publisher), room(publisher));
    if (ready(publisher) && publisher_caught_up(publisher) &&
        (publisher->n_noted > 0 || publisher->noted_more))
        publisher_note(publisher);
}

void publisher_check(struct publisher *publisher)
{
    struct command command;

    if (!ready(publisher))
        return;
    command_begin(&command, publisher);
    command_send(&command, publisher);
}
