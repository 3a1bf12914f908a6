/* SPDX-License-Identifier: Apache-2.0 */
/* init_redis.h - users of Redis, each with what it needs and no more, as lines of an aclfile. */
#ifndef CTL_INIT_REDIS_H
#define CTL_INIT_REDIS_H

#include "core/fault.h"

#include <stddef.h>

/*
 * breachd, who takes incidents, who only watches, breachd-web, and Redis's own `default`, who may
 * do all.
 */
enum { INIT_REDIS_USERS = 5 };

struct init_redis_user {
    const char *name;   /* NULL: that of the URL */
    const char *rights; /* of ACL SETUSER */
};

extern const struct init_redis_user init_redis_users[INIT_REDIS_USERS];

/* Whether breachd's user may be called so: no blank, and nobody else is. */
bool init_redis_user_valid(const char *name, struct fault *why);

/*
 * The aclfile: breachd's user by this name, and in place of passwords their SHA-256 in hexadecimal,
 * in the order of init_redis_users. The caller frees; NULL when memory is out.
 */
char *init_redis_print(const char *user, const char *const hashes[INIT_REDIS_USERS]);

#endif
