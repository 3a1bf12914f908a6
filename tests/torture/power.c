/* SPDX-License-Identifier: Apache-2.0 */
#include "power.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/powercut.h"
#include "support/test.h"

/* One write that no sync has covered, so far. */
struct undo {
    struct powercut_note note;
    void *old;
};

struct undos {
    struct undo *of;
    size_t n, room;
};

void power_begin(const struct testbed *testbed)
{
    testbed_write(testbed, "notes", "", 0);
}

static void add(struct undos *undos, struct undo one)
{
    if (undos->n == undos->room) {
        undos->room = 2 * undos->room + 64;
        undos->of = reallocarray(undos->of, undos->room, sizeof *undos->of);
        assert_non_null(undos->of);
    }
    undos->of[undos->n++] = one;
}

static void forget_synced(struct undos *undos, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < undos->n; i++) {
        if (strcmp(undos->of[i].note.name, name) == 0)
            free(undos->of[i].old);
        else
            undos->of[kept++] = undos->of[i];
    }
    undos->n = kept;
}

static struct undos read_notes(const struct testbed *testbed)
{
    FILE *file = fopen(testbed_path(testbed, "notes").text, "re");
    struct undos undos = { 0 };
    struct undo one;

    assert_non_null(file);
    while (fread(&one.note, sizeof one.note, 1, file) == 1) {
        if (one.note.sync) {
            forget_synced(&undos, one.note.name);
            continue;
        }
        one.old = malloc(one.note.length + 1U);
        assert_non_null(one.old);
        if (fread(one.old, 1, one.note.length, file) != one.note.length) {
            free(one.old); // cut short by the kill: no write has followed it
            break;
        }
        add(&undos, one);
    }
    fclose(file);
    return undos;
}

static void forget_all(struct undos *undos)
{
    for (size_t i = 0; i < undos->n; i++)
        free(undos->of[i].old);
    free(undos->of);
}

void power_mend(const struct testbed *testbed)
{
    struct undos undos = read_notes(testbed);
    FILE *file = fopen(testbed_path(testbed, "notes").text, "we");

    assert_non_null(file);
    for (size_t i = 0; i < undos.n; i++) {
        fwrite(&undos.of[i].note, sizeof undos.of[i].note, 1, file);
        fwrite(undos.of[i].old, 1, undos.of[i].note.length, file);
    }
    assert_int_equal(fclose(file), 0);
    forget_all(&undos);
}

static void take_back(const struct testbed *testbed, const struct undo *one)
{
    int fd = open(testbed_path(testbed, one->note.name).text, O_WRONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        return; // gone since, by a close that synced what mattered
    if (fd < 0)
        fail_msg("%s: %s", one->note.name, strerror(errno));
    assert_int_equal(pwrite(fd, one->old, one->note.length, one->note.at), one->note.length);
    close(fd);
}

size_t power_fail(const struct testbed *testbed, struct dice *dice)
{
    struct undos undos = read_notes(testbed);
    bool all = dice_below(dice, 2) == 0;
    size_t taken = 0;

    for (size_t i = undos.n; i-- > 0;) {
        if (all || dice_below(dice, 2) == 0) {
            take_back(testbed, &undos.of[i]);
            taken++;
        }
    }
    forget_all(&undos);
    unlink(testbed_path(testbed, "ledger.db-shm").text); // memory, as far as SQLite is concerned
    power_begin(testbed);
    return taken;
}
