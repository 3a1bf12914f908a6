/* SPDX-License-Identifier: Apache-2.0 */
#include "support/scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

static char folder[] = "/tmp/breachd-adapter-XXXXXX";

int scratch_setup(void **state)
{
    (void)state;
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what;
    (void)kind;
    (void)where;
    return remove(path);
}

int scratch_teardown(void **state)
{
    (void)state;
    if (chdir("/") != 0)
        return -1;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void scratch_write_bytes(const char *name, const void *bytes, size_t n)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s", name);
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

void scratch_write(const char *name, const char *text)
{
    scratch_write_bytes(name, text, strlen(text));
}

static const char *secret_of(const struct complaints *complaints, size_t nth)
{
    return complaints->kept[nth].secret ? complaints->kept[nth].secret : "";
}

bool scratch_has(const char *path)
{
    struct stat what;

    return lstat(path, &what) == 0;
}

size_t scratch_count(const char *its_folder)
{
    DIR *names = opendir(its_folder);
    size_t n = 0;

    assert_non_null(names);
    while (readdir(names) != NULL)
        n++;
    closedir(names);
    return n - 2;
}

void assert_complaints(const char *says, struct complaints *complaints, const char *want)
{
    size_t room = 1, length = 0;
    bool same;
    char *got;

    for (size_t i = 0; i < complaints->n; i++)
        room += strlen(complaints->kept[i].text) + strlen(secret_of(complaints, i)) + 1;
    got = calloc(1, room);
    assert_non_null(got);
    for (size_t i = 0; i < complaints->n; i++)
        length += (size_t)sprintf(got + length, "%s%s\n", complaints->kept[i].text,
                                  secret_of(complaints, i));
    same = strcmp(got, want) == 0;
    if (!same)
        print_error("%s\n-- wanted:\n%s-- got:\n%s", says, want, got);
    free(got);
    complaints_fini(complaints);
    assert_true(same);
}
