/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/ledger_writer.h"

#include "adapter/ledger/changes.h"
#include "adapter/ledger/ledger_reader.h"
#include "adapter/ledger/store.h"
#include "adapter/ledger/store_taking.h"

#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- as the ledger's owner ---- */

struct self {
    uid_t user;
    gid_t group;
};

/* The folder's of a file that is still to be made. */
static bool owner_of(const char *path, struct stat *out)
{
    char *copy;
    bool ok;

    if (stat(path, out) == 0)
        return true;
    copy = strdup(path);
    ok = copy != NULL && stat(dirname(copy), out) == 0;
    free(copy);
    return ok;
}

/* Only root can, and only root needs to. */
static bool become_owner(const char *path, struct self *out, struct fault *why)
{
    struct stat owner;

    *out = (struct self){ geteuid(), getegid() };
    if (out->user != 0 || !owner_of(path, &owner) || owner.st_uid == 0)
        return true;
    if (setegid(owner.st_gid) == 0 && seteuid(owner.st_uid) == 0)
        return true;
    fault_set(why, "%.300s: its owner cannot write it: %s", path, strerror(errno));
    if (setegid(out->group) != 0) // the way back is always open to who came from root
        abort();
    return false;
}

static void become_self(const struct self *self)
{
    // The way back is always open to who came from root.
    if (seteuid(self->user) != 0 || setegid(self->group) != 0)
        abort();
}

/* ---- one link ---- */

static bool put(struct store *store, const void *what, struct fault *why)
{
    const struct kept_entry *entry = what;
    struct changes changes;
    bool ok;

    changes_init(&changes);
    ok = changes_add_entry(&changes, entry) || fault_set(why, "out of memory");
    ok = ok && store_commit(store, changes.rows, store_published(store), why);
    arena_fini(&changes.arena);
    return ok;
}

struct forgetting_so_far {
    const struct forgetting *what;
    bool *more;
};

static bool forget(struct store *store, const void *what, struct fault *why)
{
    const struct forgetting_so_far *so_far = what;
    struct arena arena = { 0 };
    bool ok = store_forget(store, so_far->what, &(struct forgotten){ .arena = &arena },
                           so_far->more, why);

    arena_fini(&arena);
    for (int i = 0; ok && *so_far->more && i < FORGET_PATIENCE_MS / FORGET_PAUSE_MS; i++) {
        poll(NULL, 0, FORGET_PAUSE_MS); // who reads may end soon
        *so_far->more = !store_wipe(store);
    }
    return ok;
}

static bool let_go(struct store *store, const void *what, struct fault *why)
{
    bool more = true, ok = true;

    while (ok && more) // so many rows each turn, until none is left
        ok = store_let_go(store, what, &more, why);
    return ok;
}

typedef bool writing(struct store *store, const void *what, struct fault *why);

/* A migration is breachd's, which then goes on with what it has made. */
static bool is_of_today(const char *path, struct fault *why)
{
    struct ledger_reader *reader = NULL;
    bool ok = access(path, F_OK) != 0 || ledger_reader_open(path, &reader, why);

    ledger_reader_close(reader);
    return ok;
}

static bool write_as_owner(const char *path, writing *how, const void *what, struct fault *why)
{
    char reserve[4096];
    struct store *store = NULL;
    bool had_reserve, ok;
    struct utc alive;

    snprintf(reserve, sizeof reserve, "%s-reserve", path);
    had_reserve = access(reserve, F_OK) == 0;
    if (!store_open(path, &store, why))
        return false;
    ok = how(store, what, why);
    // The lock's time is when breachd last watched: not now, and of a new ledger never.
    alive = store_alive(store);
    if (alive.ms == UTC_ALWAYS.ms)
        alive.ms = 0;
    store_touch(store, alive);
    if (!had_reserve)
        store_release_reserve(store); // of a copy nobody needs it
    store_truncate_wal(store);        // a copy may be handed on without its log
    store_close(store);
    return ok;
}

static bool write_it(const char *path, writing *how, const void *what, struct fault *why)
{
    struct self self;
    bool ok;

    if (!is_of_today(path, why) || !become_owner(path, &self, why))
        return false;
    ok = write_as_owner(path, how, what, why);
    become_self(&self);
    return ok;
}

bool ledger_writer_put(const char *path, const struct kept_entry *entry, struct fault *why)
{
    return write_it(path, put, entry, why);
}

bool ledger_writer_let_go(const char *path, const struct letting_go *what, struct fault *why)
{
    return write_it(path, let_go, what, why);
}

bool ledger_writer_forget(const char *path, const struct forgetting *what, bool *out_more,
                          struct fault *why)
{
    return write_it(path, forget, &(struct forgetting_so_far){ what, out_more }, why);
}
