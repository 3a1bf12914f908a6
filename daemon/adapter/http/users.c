/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/users.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1024 * 1024 };

struct users {
    size_t n;
    struct index names;
    struct user rows[USERS_MAX];
};

static const char *const roles[] = { "view", "room", "map" };
_Static_assert(sizeof roles / sizeof *roles == USER_ROLES, "a word for each role");

const char *user_role_name(enum user_role role)
{
    return roles[role];
}

bool user_role_of(const char *word, enum user_role *out)
{
    for (int i = 0; i < USER_ROLES; i++) {
        if (strcmp(roles[i], word) == 0) {
            *out = (enum user_role)i;
            return true;
        }
    }
    return false;
}

/* ---- the file ---- */

/* The next word; "" when there is none. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");

    *rest = word + strcspn(word, " \t");
    if (**rest != '\0')
        *(*rest)++ = '\0';
    return word;
}

static bool read_line(char *line, struct user *out, struct fault *why)
{
    const char *name = next_word(&line), *role = next_word(&line), *password = next_word(&line);
    struct fault cause;

    if (!name_valid(name))
        return fault_set(why, "name: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out->name, name); // name_valid has measured it
    // What stands there in its place may be the password: it is not repeated.
    if (!user_role_of(role, &out->role))
        return fault_set(why, "%s: role: is none of view, room, map", name);
    if (*next_word(&line) != '\0')
        return fault_set(why, "%s: more behind the password", name);
    out->has_password = strcmp(password, "-") != 0;
    return !out->has_password || scrypt_read(password, &out->password, &cause) ||
           fault_set(why, "%s: %s", name, cause.text);
}

static bool take_line(struct users *users, char *line, size_t n, struct fault *why)
{
    struct user *row = &users->rows[users->n];
    size_t other;

    if (strlen(line) != n)
        return fault_set(why, "holds a NUL");
    line[strcspn(line, "\r\n")] = '\0';
    if (strchr("#;", line[strspn(line, " \t")]) != NULL) // or nothing at all
        return true;
    if (users->n == USERS_MAX)
        return fault_set(why, "more than %d users", USERS_MAX);
    if (!read_line(line, row, why))
        return false;
    if (index_find(&users->names, row->name, &other))
        return fault_set(why, "%s: stands there twice", row->name);
    if (!index_put(&users->names, row->name, users->n))
        return fault_set(why, FAULT_MEMORY);
    users->n++;
    return true;
}

static void read_file(FILE *file, const char *path, struct users *users,
                      struct complaints *complaints)
{
    char line[USERS_LINE_MAX + 1];
    struct fault why;

    // A line of the file each turn, USERS_MAX of which may be.
    for (int row = 1; !ferror(file); row++) {
        size_t n = 0;
        int byte;

        while ((byte = fgetc(file)) != EOF && n < USERS_LINE_MAX && byte != '\n')
            line[n++] = (char)byte;
        if (n == 0 && byte == EOF)
            break;
        line[n] = '\0';
        if (byte != EOF && byte != '\n') {
            complain(complaints, path, row, "longer than %d characters", USERS_LINE_MAX - 1);
            break;
        }
        if (!take_line(users, line, n, &why))
            complain(complaints, path, row, "%s", why.text);
    }
    if (ferror(file))
        complain(complaints, path, 0, "%s", strerror(errno));
    explicit_bzero(line, sizeof line);
}

struct users *users_load(const char *path, struct complaints *complaints)
{
    size_t before = complaints->errors;
    struct users *users = calloc(1, sizeof *users);
    bool ready = users != NULL && index_init(&users->names, USERS_MAX);
    struct fault why = { .text = FAULT_MEMORY };
    FILE *file = ready ? textfile_open(path, FILE_LIMIT, &why) : NULL;

    if (file == NULL) {
        complain(complaints, path, 0, "users: %s", why.text);
        users_destroy(users);
        return NULL;
    }
    if (textfile_skip_lead(file, &why))
        read_file(file, path, users, complaints);
    else
        complain(complaints, path, 1, "%s", why.text);
    fclose(file);
    if (complaints->errors == before)
        return users;
    users_destroy(users);
    return NULL;
}

void users_destroy(struct users *users)
{
    if (users == NULL)
        return;
    index_fini(&users->names);
    explicit_bzero(users->rows, sizeof users->rows);
    free(users);
}

size_t users_count(const struct users *users)
{
    return users->n;
}

const struct user *users_at(const struct users *users, size_t nth)
{
    return &users->rows[nth];
}

const struct user *users_find(const struct users *users, const char *name)
{
    size_t nth;

    return name_valid(name) && index_find(&users->names, name, &nth) ? &users->rows[nth] : NULL;
}
