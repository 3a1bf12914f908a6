/* SPDX-License-Identifier: Apache-2.0 */
/* Any users file: refused with complaints of it, or whole. */
#include "adapter/http/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static void try_user(const struct users *users, const struct user *user)
{
    char text[SCRYPT_TEXT_MAX];
    struct scrypt again;
    struct fault why;

    promise(name_valid(user->name) && users_find(users, user->name) == user);
    if (!user->has_password)
        return;
    promise(scrypt_read(scrypt_print(&user->password, text), &again, &why));
    promise(memcmp(&again, &user->password, sizeof again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct complaints complaints = { 0 };
    struct users *users;
    char path[128];

    fuzz_write("users", bytes, n);
    snprintf(path, sizeof path, "%s/users", fuzz_folder());
    users = users_load(path, &complaints);
    promise((users == NULL) == (complaints.errors > 0));
    for (size_t i = 0; i < complaints.n; i++)
        promise(strncmp(complaints.kept[i].text, path, strlen(path)) == 0);
    for (size_t i = 0; users != NULL && i < users_count(users); i++)
        try_user(users, users_at(users, i));
    users_destroy(users);
    complaints_fini(&complaints);
    return 0;
}
