/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/room.h"

#include "support/rows.h"

#define MIB (1024.0 * 1024)

static const struct row {
    const char *says;
    double left, size, spare; // MiB
    enum room want;
} rows[] = {
    { "a large disk with a little more than is kept", 65, 100000, 64, ROOM_AMPLE },
    { "with just so much", 64, 100000, 64, ROOM_AMPLE },
    { "with less", 63, 100000, 64, ROOM_TIGHT },
    { "with a quarter of it", 16, 100000, 64, ROOM_TIGHT },
    { "with less than that", 15, 100000, 64, ROOM_DIRE },
    { "with nothing", 0, 100000, 64, ROOM_DIRE },
    { "of a small disk an eighth is kept", 6, 48, 64, ROOM_AMPLE },
    { "less than that is tight", 5.9, 48, 64, ROOM_TIGHT },
    { "less than a quarter of it is dire", 1.4, 48, 64, ROOM_DIRE },
    { "who keeps nothing is told by the full disk alone", 0, 100000, 0, ROOM_AMPLE },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    assert_int_equal(room_of((uint64_t)(row->left * MIB), (uint64_t)(row->size * MIB),
                             (uint64_t)(row->spare * MIB)),
                     row->want);
}

int main(void)
{
    return rows_hold("room", rows, row_holds);
}
