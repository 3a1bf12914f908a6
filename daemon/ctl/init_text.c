/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_text.h"

#include "adapter/redis_target.h"
#include "ctl/init_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char head[] =
    "; Made by breachctl init: only what differs from the defaults, which breachd.conf(5) tells.\n"
    "; Paths count from this file's folder; `breachd -n -c FILE` checks it.\n\n"
    "[site]\n";

bool init_text_has_user(const struct init_answers *answers, char out[ASK_MAX])
{
    struct redis_target target;
    struct fault ignored;

    out[0] = '\0';
    if (redis_target_parse(answers->of[INIT_REDIS], "/", &target, &ignored))
        strcpy(out, target.user);
    return out[0] != '\0';
}

static void line(FILE *file, const char *comment, const char *key, const char *value)
{
    fprintf(file, "; %s\n%s = %s\n", comment, key, value);
}

/* Under its section, whose head stands there once it has a line. */
static void differs(FILE *file, const struct init_answers *answers, size_t nth, const char *section,
                    const char *comment)
{
    const struct init_key *of = &init_keys[nth];

    if (of->usual != NULL && strcmp(answers->of[nth], of->usual) == 0)
        return;
    if (section != NULL)
        fprintf(file, "\n[%s]\n", section);
    line(file, comment, of->key, answers->of[nth]);
}

static void print_tls(FILE *file, const struct init_answers *answers, struct utc until)
{
    char comment[128], day[UTC_TEXT_MAX];

    if (init_is_self_signed(answers)) {
        snprintf(comment, sizeof comment,
                 "Self-signed, good until %.10s: senders must be given it.", utc_print(until, day));
        line(file, comment, "tls-certificate", INIT_CERTIFICATE);
        line(file, "Its key: nobody else reads it.", "tls-key", INIT_CERTIFICATE_KEY);
    } else if (init_key_concerns(answers, INIT_TLS_KEY)) {
        line(file, "With its chain, PEM.", "tls-certificate", answers->of[INIT_TLS]);
        line(file, "Its key.", "tls-key", answers->of[INIT_TLS_KEY]);
    }
}

static void print_redis(FILE *file, const struct init_answers *answers)
{
    char user[ASK_MAX];
    bool has = init_text_has_user(answers, user);

    differs(file, answers, INIT_REDIS, "redis",
            has ? "What its user may do stands in " INIT_ACL "." : "A Redis without users.");
    if (has)
        line(file, "The first line is that user's password.", "password-file", INIT_PASSWORD);
}

char *init_text(const struct init_answers *answers, struct utc until)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);

    if (file == NULL)
        return NULL;
    fputs(head, file);
    differs(file, answers, INIT_SITE, NULL, "Names this breachd in every alert.");
    differs(file, answers, INIT_REGION, NULL,
            "South-west, then north-east corner: a zone outside it is refused.");
    differs(file, answers, INIT_TIMEZONE, NULL, "Local time, for schedules of zones.");
    differs(file, answers, INIT_LEDGER, "ledger", "What must survive: on a real disk.");
    fputs("\n[http]\n", file);
    differs(file, answers, INIT_LISTEN, NULL, "Where senders come in.");
    print_tls(file, answers, until);
    line(file, "Who may come in; `breachctl token` makes more.", "tokens", INIT_TOKENS);
    print_redis(file, answers);
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}
