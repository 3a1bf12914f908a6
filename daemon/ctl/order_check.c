/* SPDX-License-Identifier: Apache-2.0 */
/* order_check.c - a file as if it stood in the folder of orders, before somebody puts it there. */
#include "adapter/conf/ini.h"
#include "adapter/print.h"
#include "adapter/textfile.h"
#include "core/plural.h"
#include "core/rulebook.h"
#include "ctl/order_place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of the file; the caller frees. */
static char *read_file(const char *path, struct fault *why)
{
    struct fault cause;
    FILE *file = textfile_open(path, INI_FILE_LIMIT, &cause);
    char *text = NULL;
    size_t room = 0;

    if (file == NULL) {
        fault_set(why, "%.300s: %s", path, cause.text);
        return NULL;
    }
    errno = 0;
    if (getdelim(&text, &room, '\0', file) < 0) {
        free(text);
        text = errno == 0 ? strdup("") : NULL;
    }
    if (text == NULL || getc(file) != EOF) {
        fault_set(why, "%.300s: %s", path, text != NULL ? "holds a NUL" : strerror(errno));
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

int order_check(const struct order_call *call, const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
    struct order_place place = { .fd = -1 };
    struct rulebook *rules = NULL;
    struct rulebook_counts counts;
    struct fault why;
    char *text = read_file(file, &why);
    bool ok = text != NULL && order_place_open(call, &place, &why);

    if (ok) {
        rules = order_place_check(&place, &(struct orderfile_draft){ name, text }, 1, true);
        ok = rules != NULL ||
             fault_set(&why, "%.300s: refused, as it would be in %.150s", file, place.folder);
    }
    order_place_close(&place);
    free(text);
    if (!ok)
        return ctl_refuse("%s", why.text);
    counts = rulebook_counts(rules);
    rulebook_destroy(rules);
    print_line(stdout, "%s: good; with it there are %zu order%s, %zu zone%s", file, counts.orders,
               plural(counts.orders), counts.exclusions, plural(counts.exclusions));
    return CTL_DONE;
}
