/* SPDX-License-Identifier: Apache-2.0 */
/* init_files.h - the files of `breachctl init`, each with fresh secrets. */
#ifndef CTL_INIT_FILES_H
#define CTL_INIT_FILES_H

#include "core/instant.h"
#include "ctl/init_keys.h"
#include "ctl/init_stage.h"

#define INIT_CONF            "breachd.conf"
#define INIT_ORDERS          "orders.d"
#define INIT_TLS_FOLDER      "tls"
#define INIT_CERTIFICATE     INIT_TLS_FOLDER "/breachd.pem"
#define INIT_CERTIFICATE_KEY INIT_TLS_FOLDER "/breachd.key"
#define INIT_TOKENS          "tokens"
#define INIT_ACL             "redis.acl"
#define INIT_PASSWORD        "redis.password"
#define INIT_SECRETS         "secrets"

/* What of the target will be made, breachd.conf last; NULL ends it. */
void init_files_names(const struct init_answers *answers, const char *out[INIT_NAMES_MAX]);

/* Writes them all into the stage; *out_until is the end of the certificate, if one is made. */
bool init_files_make(const struct init_stage *stage, const struct init_answers *answers,
                     struct utc *out_until, struct fault *why);

#endif
