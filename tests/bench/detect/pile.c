/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/pile.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take(const struct recorded *row, void *arg)
{
    struct pile *pile = arg;

    if (isnan(row->epoch))
        return;
    if (pile->n == pile->room) {
        pile->room = pile->room == 0 ? 4096 : 2 * pile->room;
        pile->rows = reallocarray(pile->rows, pile->room, sizeof *pile->rows);
        if (pile->rows == NULL)
            err(1, "recordings");
    }
    pile->rows[pile->n++] = *row;
}

struct pile pile_read(const char *shared_data, const char *source)
{
    struct pile pile = { 0 };
    char folder[512];

    snprintf(folder, sizeof folder, "%s/tracks-%s", shared_data, source);
    recording_rows(folder, take, &pile);
    return pile;
}

void pile_fini(struct pile *pile)
{
    free(pile->rows);
    *pile = (struct pile){ 0 };
}

const struct recorded *pile_next(struct pile *pile, size_t *out_n)
{
    const struct recorded *first = pile->rows + pile->next;
    size_t n = 0;

    while (pile->next + n < pile->n && strcmp(first[n].track, first->track) == 0)
        n++;
    pile->next += n;
    *out_n = n;
    return n > 0 ? first : NULL;
}
