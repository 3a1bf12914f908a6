/* SPDX-License-Identifier: Apache-2.0 */
/* room.c - asked after each commit: one call of the kernel's. */
#include "adapter/ledger/room.h"

#include "adapter/ledger/store_parts.h"

#include <sys/statvfs.h>

enum { SIZED_LINKS = 500 }; // some 300 KiB

enum room room_of(uint64_t left, uint64_t size, uint64_t spare)
{
    uint64_t kept = spare < size / 8 ? spare : size / 8;

    return left >= kept ? ROOM_AMPLE : left >= kept / 4 ? ROOM_TIGHT : ROOM_DIRE;
}

const char *room_name(enum room room)
{
    static const char *const names[] = { "ample", "tight", "dire" };
    _Static_assert(sizeof names / sizeof *names == ROOMS, "a name for each room");

    return names[room];
}

/* Pages of the file that hold nothing any more: what is written next goes there. */
static uint64_t free_pages(const struct store *store)
{
    int64_t pages, size;

    return store_ask(store->db, "PRAGMA freelist_count", &pages) &&
                   store_ask(store->db, "PRAGMA page_size", &size)
               ? (uint64_t)(pages * size)
               : 0;
}

/* Four questions to SQLite: not worth it after each commit. */
struct ledger_size store_size(struct store *store)
{
    int64_t pages = 0, size = 0;

    if (store->size.file > 0 && store->head.number < store->sized + SIZED_LINKS)
        return store->size;
    store_ask(store->db, "PRAGMA page_count", &pages);
    store_ask(store->db, "PRAGMA page_size", &size);
    store->sized = store->head.number;
    store->size = (struct ledger_size){ (uint64_t)((pages + store->log_pages) * size),
                                        (uint64_t)(pages * size) - free_pages(store) };
    return store->size;
}

enum room store_room(const struct store *store, uint64_t spare)
{
    struct statvfs disk;
    uint64_t left, size;
    enum room room;

    if (fstatvfs(store->lock, &disk) != 0)
        return ROOM_AMPLE; // nobody knows: a full disk says so itself
    left = (uint64_t)disk.f_bavail * disk.f_frsize;
    size = (uint64_t)disk.f_blocks * disk.f_frsize;
    room = room_of(left, size, spare);
    return room == ROOM_AMPLE ? room : room_of(left + free_pages(store), size, spare);
}
