/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_files.h"

#include "adapter/certificate_make.h"
#include "adapter/clock.h"
#include "adapter/http/tokens.h"
#include "ctl/init_redis.h"
#include "ctl/init_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = NAME_MAX_CHARS + 32, LINE_ROOM = 128, HASH_ROOM = 2 * TOKEN_HASH_BYTES + 1 };

void init_files_names(const struct init_answers *answers, const char *out[INIT_NAMES_MAX])
{
    char user[ASK_MAX];
    size_t n = 0;

    out[n++] = INIT_SECRETS;
    out[n++] = INIT_TOKENS;
    if (init_is_self_signed(answers))
        out[n++] = INIT_TLS_FOLDER;
    if (init_text_has_user(answers, user)) {
        out[n++] = INIT_ACL;
        out[n++] = INIT_PASSWORD;
    }
    out[n++] = INIT_CONF;
    out[n] = NULL;
}

/* A fresh secret in a file of its own, behind `lead`; its SHA-256 in hexadecimal. */
static bool put_secret(const struct init_stage *stage, const char *name, enum init_reader reader,
                       const char *lead, char out_hex[HASH_ROOM], struct fault *why)
{
    char secret[TOKEN_MADE_CHARS + 1], text[LINE_ROOM];
    bool ok = token_make(secret, out_hex) || fault_set(why, "no randomness to be had");

    if (ok) {
        snprintf(text, sizeof text, "%s%s\n", lead, secret);
        ok = init_stage_file(stage, name, text, reader, why);
    }
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(text, sizeof text);
    return ok;
}

/* ---- tokens ---- */

/* Its line, and a header for curl: `curl -H @FILE` shows no token to who lists processes. */
static bool put_token(const struct init_stage *stage, FILE *file, const char *name,
                      const char *scope, struct fault *why)
{
    char path[NAME_ROOM], hex[HASH_ROOM];

    snprintf(path, sizeof path, INIT_SECRETS "/%.64s.header", name);
    return put_secret(stage, path, INIT_OPERATOR, "Authorization: Bearer ", hex, why) &&
           (fprintf(file, "%s %s %s\n", name, hex, scope) > 0 || fault_set(why, FAULT_MEMORY));
}

static bool put_devices(const struct init_stage *stage, FILE *file, const char *devices,
                        struct fault *why)
{
    char device[NAME_MAX_CHARS + 1];
    bool ok = true;

    while (ok && devices[0] != '\0') {
        size_t n = strcspn(devices, ",");

        snprintf(device, sizeof device, "%.*s", (int)n, devices);
        ok = put_token(stage, file, device, device, why);
        devices += n + (devices[n] == ',');
    }
    return ok;
}

static bool put_tokens(const struct init_stage *stage, const struct init_answers *answers,
                       struct fault *why)
{
    const char *devices = answers->of[INIT_DEVICES];
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    bool ok = file != NULL || fault_set(why, FAULT_MEMORY);

    if (ok && devices[0] == '\0')
        ok = put_token(stage, file, INIT_ANY_TOKEN, "*", why);
    ok = ok && put_devices(stage, file, devices, why) &&
         put_token(stage, file, INIT_OPERATOR_TOKEN, "operator", why);
    if (file != NULL && fclose(file) != 0 && ok)
        ok = fault_set(why, FAULT_MEMORY);
    ok = ok && init_stage_file(stage, INIT_TOKENS, text, INIT_READ, why);
    free(text);
    return ok;
}

/* ---- Redis ---- */

static bool put_redis(const struct init_stage *stage, const struct init_answers *answers,
                      struct fault *why)
{
    char user[ASK_MAX], path[NAME_ROOM], hex[INIT_REDIS_USERS][HASH_ROOM], *text;
    const char *hashes[INIT_REDIS_USERS];
    bool ok = true;

    if (!init_text_has_user(answers, user))
        return true;
    for (size_t i = 0; ok && i < INIT_REDIS_USERS; i++) {
        const char *name = init_redis_users[i].name;

        snprintf(path, sizeof path, INIT_SECRETS "/%s.password", name != NULL ? name : "");
        ok = put_secret(stage, name != NULL ? path : INIT_PASSWORD,
                        name != NULL ? INIT_OPERATOR : INIT_SECRET, "", hex[i], why);
        hashes[i] = hex[i];
    }
    if (!ok)
        return false;
    text = init_redis_print(user, hashes);
    ok = text != NULL ? init_stage_file(stage, INIT_ACL, text, INIT_OPERATOR, why)
                      : fault_set(why, FAULT_MEMORY);
    free(text);
    return ok;
}

/* ---- the whole ---- */

static bool put_certificate(const struct init_stage *stage, const struct init_answers *answers,
                            struct utc *out_until, struct fault *why)
{
    struct certificate_made made = { 0 };
    bool ok;

    if (!init_is_self_signed(answers))
        return true;
    ok = certificate_make(answers->of[INIT_HOST], clock_utc(), &made, why) &&
         init_stage_folder(stage, INIT_TLS_FOLDER, INIT_READ, why) &&
         init_stage_file(stage, INIT_CERTIFICATE, made.certificate, INIT_READ, why) &&
         init_stage_file(stage, INIT_CERTIFICATE_KEY, made.key, INIT_SECRET, why);
    *out_until = made.end;
    certificate_made_fini(&made);
    return ok;
}

static bool put_conf(const struct init_stage *stage, const struct init_answers *answers,
                     struct utc until, struct fault *why)
{
    char *text = init_text(answers, until);
    bool ok = text != NULL ? init_stage_file(stage, INIT_CONF, text, INIT_READ, why)
                           : fault_set(why, FAULT_MEMORY);

    free(text);
    return ok;
}

bool init_files_make(const struct init_stage *stage, const struct init_answers *answers,
                     struct utc *out_until, struct fault *why)
{
    *out_until = UTC_NEVER;
    return init_stage_folder(stage, INIT_ORDERS, INIT_READ, why) &&
           init_stage_folder(stage, INIT_SECRETS, INIT_OPERATOR, why) &&
           put_certificate(stage, answers, out_until, why) && put_tokens(stage, answers, why) &&
           put_redis(stage, answers, why) && put_conf(stage, answers, *out_until, why);
}
