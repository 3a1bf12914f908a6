/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini.h - a file of sections and `key = value` lines, each with its
 * line number; inih does the reading.
 */
#ifndef ADAPTER_CONF_INI_H
#define ADAPTER_CONF_INI_H

#include "adapter/complaints.h"
#include "adapter/source.h"

enum {
    INI_FILE_LIMIT = 256 * 1024 * 1024, /* 100,000 orders in one file are some 50 MiB */
    INI_LINE_LIMIT = 8 * 1024 * 1024,
    INI_SECTION_LIMIT = 256
};

/* A section begins (key NULL), or a key in it. Borrowed for the call. */
struct ini_entry {
    const char *section;
    const char *key, *value;
    const char *comment; /* behind the value in its first line, "" for none */
    int line;
};

/*
 * Hands every section and key of the file at `path` to `on_entry`, in order; `sources` may be NULL:
 * of the file as it is. A value goes on in the
 * next line when that is indented. `;` or `#`, first in a line or after a blank, begins a comment.
 * Lines that are none of these are complained of, and the rest is read all the same. False when the
 * file cannot be opened, is none, or is no UTF-8: complained of too.
 */
bool ini_read_from(const struct sources *sources, enum last_good_kind kind, const char *path,
                   void (*on_entry)(const struct ini_entry *entry, void *arg), void *arg,
                   struct complaints *complaints);

/* The same of a text that is not on disk, or not yet; complaints say `name`. */
bool ini_read_text(const char *text, const char *name,
                   void (*on_entry)(const struct ini_entry *entry, void *arg), void *arg,
                   struct complaints *complaints);

/* The folder of the file at `path`, "." when it names none, cut to `size`. */
void ini_folder(const char *path, char *folder, size_t size);

#endif
