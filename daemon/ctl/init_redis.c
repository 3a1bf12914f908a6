/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/init_redis.h"

#include "core/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those of breachd(8), REDIS, breachctl(1), THE CONTROL ROOM, and breachd-web(8), REDIS. */
const struct init_redis_user init_redis_users[INIT_REDIS_USERS] = {
    { NULL, "resetkeys ~{breachd}:* resetchannels &{breachd}:* -@all +ping +select +script|load "
            "+eval +evalsha +hmget +hset +hsetnx +hdel +hlen +hgetall +xadd +xlen +xrange "
            "+xrevrange +xread +xtrim +xinfo|stream +exists +del +rename +publish +set +info "
            "+get +hscan +hexists" },
    { "room", "resetkeys %R~{breachd}:alerts %R~{breachd}:open %R~{breachd}:todo "
              "%R~{breachd}:heartbeat %R~{breachd}:acks:refused resetchannels -@all +ping "
              "+select +xread +xrevrange +hscan +hexists +hmget +get (%W~{breachd}:acks +xadd)" },
    { "wall", "resetkeys %R~{breachd}:alerts %R~{breachd}:open %R~{breachd}:todo "
              "%R~{breachd}:heartbeat %R~{breachd}:acks:refused resetchannels -@all +ping "
              "+select +xread +xrevrange +hscan +hexists +hmget +get" },
    { "web", "resetkeys %R~{breachd}:alerts %R~{breachd}:open %R~{breachd}:todo "
             "%R~{breachd}:heartbeat %R~{breachd}:acks:refused resetchannels -@all +ping "
             "+select +xread +xrange +xrevrange +hscan +get "
             "(%W~{breachd}:acks %W~{breachd}:audit %W~{breachd}:reports +xadd)" },
    { "default", "~* &* +@all" },
};

bool init_redis_user_valid(const char *name, struct fault *why)
{
    if (!name_valid(name))
        return fault_set(why, "user: %.100s: not 1..%d letters, digits, - _ .", name,
                         NAME_MAX_CHARS);
    for (size_t i = 0; i < INIT_REDIS_USERS; i++) {
        if (init_redis_users[i].name != NULL && strcmp(init_redis_users[i].name, name) == 0)
            return fault_set(why, "user: %s: is another user's name, call breachd's breachd", name);
    }
    return true;
}

char *init_redis_print(const char *user, const char *const hashes[INIT_REDIS_USERS])
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);

    for (size_t i = 0; file != NULL && i < INIT_REDIS_USERS; i++) {
        const char *name = init_redis_users[i].name;

        fprintf(file, "user %s on #%s %s\n", name != NULL ? name : user, hashes[i],
                init_redis_users[i].rights);
    }
    if (file != NULL && fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}
