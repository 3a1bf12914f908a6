/* SPDX-License-Identifier: Apache-2.0 */
#include "numbered.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

#include "core/numbering.h"
#include "support/test.h"

static const char sql[] = "SELECT coalesce(known ->> '$.numbers', 0) FROM incident"
                          " WHERE subject = 'birth'";

bool numbered_may_be(uint32_t numbered_after, struct utc began, struct utc now, bool deaf)
{
    if (numbered_after == 0)
        return !deaf;
    return numbered_after >= numbering_start(true, began, 0, 0) &&
           numbered_after <= numbering_start(true, now, 0, 0);
}

uint32_t numbered_read(const char *ledger, struct utc began, bool deaf, struct tally *tally)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *ask = NULL;
    uint32_t after;

    assert_int_equal(sqlite3_open_v2(ledger, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &ask, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
    after = (uint32_t)sqlite3_column_int64(ask, 0);
    sqlite3_finalize(ask);
    sqlite3_close(db);
    if (!numbered_may_be(after, began, (struct utc){ (int64_t)time(NULL) * 1000 }, deaf))
        tally_note(tally, DIFFERENCE_SITE, "the site", "numbered from %u on%s", after + 1,
                   deaf ? ", Redis being deaf at its first start" : "");
    else if (after > 0)
        printf("numbered from %u on: Redis was not heard at the first start\n", after + 1);
    return after;
}
