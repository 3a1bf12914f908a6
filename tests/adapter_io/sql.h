/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h - somebody else at a SQLite file. What cannot be done fails the test on the spot. */
#ifndef ADAPTER_IO_SQL_H
#define ADAPTER_IO_SQL_H

#include <sqlite3.h>
#include <stdint.h>

sqlite3 *sql_open(const char *path); /* makes it; the caller closes it */
void sql_run(const char *path, const char *sql);
int64_t sql_number(const char *path, const char *sql); /* first column of the first row */

#endif
