/* SPDX-License-Identifier: Apache-2.0 */
/* version_1.h - a ledger as breachd 0.1 made it (store.c of commit ad5caeb), and a life in it. */
#ifndef ADAPTER_IO_VERSION_1_H
#define ADAPTER_IO_VERSION_1_H

static const char version_1[] =
    "CREATE TABLE device(id TEXT PRIMARY KEY, time INT, lon REAL, lat REAL, accuracy REAL,"
    " near INT, tampered INT, battery_low INT, clock_told INT, alerts INT,"
    " recent BLOB, recent_next INT) WITHOUT ROWID;"
    "CREATE TABLE incident(subject TEXT PRIMARY KEY, phase INT, authorised INT, number INT,"
    " numbers INT, alerts INT, pings INT, opened INT, told INT, ended INT, entered INT,"
    " before_from INT, before_until INT, late_from INT, late_until INT) WITHOUT ROWID;"
    "CREATE TABLE alert(sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,"
    " area TEXT NOT NULL, severity TEXT NOT NULL, incident TEXT NOT NULL, effect INT NOT NULL,"
    " event TEXT NOT NULL);"
    "CREATE TABLE mark(name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO mark VALUES ('sequence', 0), ('published', 0),"
    " ('probes', 0);"
    "PRAGMA application_id = 1651663720; PRAGMA user_version = 1;";

static const char version_1_life[] =
    "PRAGMA journal_mode = WAL;"
    "INSERT INTO device VALUES ('tag-1', 1592943245001, 0.45782, 51.56844, 8.25, 1, 1, 0, 1, 7,"
    " x'00', 3);"
    "INSERT INTO device VALUES ('tag-2', 1592943245002, -0.1, 51.5, NULL, 0, 0, 1, 0, 0, NULL, 0);"
    "INSERT INTO device VALUES ('tag-3', NULL, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0, NULL, 0);"
    "INSERT INTO incident VALUES ('A/home', 3, 1, 4000000001, 4000000002, 12, 9, 1592943240000,"
    " 1592943245000, 9223372036854775807, 1592943240001, 11, 12, 13, 14);"
    "INSERT INTO incident VALUES ('A/work', 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0);"
    "INSERT INTO alert VALUES (41, 'essex/A/home/1/1', 'breach', 'Basildon', 'critical',"
    " 'A/home/1', 1, '{\"id\":\"essex/A/home/1/1\"}');"
    "INSERT INTO alert VALUES (42, 'essex/A/home/1/2', 'update', '', 'critical', 'A/home/1', 1,"
    " '{\"id\":\"essex/A/home/1/2\"}');"
    "UPDATE mark SET value = 42 WHERE name = 'sequence';"
    "UPDATE mark SET value = 41 WHERE name = 'published';";

#endif
