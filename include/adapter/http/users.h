/* SPDX-License-Identifier: Apache-2.0 */
/*
 * users.h - the people of the control room's page: the users file, of which passwords cannot be
 * read. Lines `NAME ROLE PASSWORD`; a line may be empty, or begin with `#` or `;`. PASSWORD is what
 * scrypt.h prints, or `-`: who can only come by a proxy that says who they are.
 */
#ifndef ADAPTER_HTTP_USERS_H
#define ADAPTER_HTTP_USERS_H

#include "adapter/complaints.h"
#include "adapter/http/scrypt.h"
#include "core/index.h"

enum { USERS_MAX = 1000, USERS_LINE_MAX = 256 /* bytes of a line with its end */ };

/* Each may do what those before it may. */
enum user_role { USER_VIEW, USER_ROOM, USER_MAP, USER_ROLES };

const char *user_role_name(enum user_role role); /* "view", "room", "map" */
bool user_role_of(const char *word, enum user_role *out);

struct user {
    char name[NAME_MAX_CHARS + 1];
    enum user_role role;
    bool has_password;
    struct scrypt password;
};

struct users;

/* NULL when anything is complained of: nothing that could be a password is repeated. */
struct users *users_load(const char *path, struct complaints *complaints);
void users_destroy(struct users *users); /* NULL is fine */

size_t users_count(const struct users *users);
const struct user *users_at(const struct users *users, size_t nth); /* in the file's order */
const struct user *users_find(const struct users *users, const char *name); /* NULL: nobody */

#endif
