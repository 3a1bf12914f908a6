/* SPDX-License-Identifier: Apache-2.0 */
/* order_files.h - which files of orders are read, in which order. For orderfile.c. */
#ifndef ADAPTER_CONF_ORDER_FILES_H
#define ADAPTER_CONF_ORDER_FILES_H

#include "adapter/conf/orderfile.h"
#include "core/arena.h"

struct order_file {
    const char *path;
    const char *text; /* of a draft; NULL: what stands there */
};

struct order_files {
    struct order_file *of; /* in the order of their paths, each once */
    size_t n, room;
};

/*
 * Of the options' folder, or what was last good of it, with their drafts; without what is held and
 * never was good. Complains of a folder that cannot be read, and when memory is out. Paths are of
 * the arena, and texts the options' own.
 */
void order_files_list(const struct orderfile_options *options, struct arena *arena,
                      struct complaints *complaints, struct order_files *out);
void order_files_fini(struct order_files *files);

#endif
