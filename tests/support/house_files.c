/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/test.h"

struct path house_path(const struct house *house, const char *name)
{
    struct path path;
    int length = snprintf(path.text, sizeof(path.text), "%s/%s", house->dir, name);

    assert_in_range(length, 1, sizeof(path.text) - 1);
    return path;
}

static void spill(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "we");

    if (file == NULL)
        fail_msg("%s: %s", path, strerror(errno));
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static char *slurp(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "re");
    char *bytes = NULL;
    size_t size = 0, room = 0;

    if (file == NULL)
        return NULL;
    do {
        room = room == 0 ? 4096 : room * 2;
        bytes = realloc(bytes, room);
        assert_non_null(bytes);
        size += fread(bytes + size, 1, room - 1 - size, file);
    } while (size == room - 1);
    bytes[size] = '\0';
    fclose(file);
    *out_size = size;
    return bytes;
}

void house_write(const struct house *house, const char *name, const void *bytes, size_t size)
{
    spill(house_path(house, name).text, bytes, size);
}

__attribute__((format(printf, 3, 0))) static void print(const struct house *house, const char *name,
                                                        const char *format, va_list arguments)
{
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);

    assert_true(length >= 0);
    house_write(house, name, text, (size_t)length);
    free(text);
}

void house_print(const struct house *house, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(house, name, format, arguments);
    va_end(arguments);
}

void house_replace(const struct house *house, const char *name, const char *format, ...)
{
    char fresh[64];
    va_list arguments;

    snprintf(fresh, sizeof fresh, "%s.new", name);
    va_start(arguments, format);
    print(house, fresh, format, arguments);
    va_end(arguments);
    assert_int_equal(rename(house_path(house, fresh).text, house_path(house, name).text), 0);
}

char *house_read(const struct house *house, const char *name)
{
    size_t size;

    return slurp(house_path(house, name).text, &size);
}

static bool line_sets(const char *line, const char *key)
{
    size_t length = strlen(key);

    line += strspn(line, " \t");
    if (strncmp(line, key, length) != 0)
        return false;
    line += length;
    return line[strspn(line, " \t")] == '=';
}

void house_set(const struct house *house, const char *name, const char *section, const char *key,
               const char *value)
{
    char *old = house_read(house, name);
    char *text = NULL;
    size_t length;
    char *rest = old;
    FILE *out = open_memstream(&text, &length);
    bool found = false, there = false;

    assert_non_null(old);
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (*line == '[')
            there = strncmp(line + 1, section, strcspn(line + 1, "]")) == 0;
        if (!there || !line_sets(line, key))
            fprintf(out, "%s%s", line, rest == NULL ? "" : "\n");
        if (there && *line == '[') {
            fprintf(out, "%s = %s\n", key, value);
            found = true;
        }
    }
    assert_true(found);
    fclose(out);
    house_write(house, name, text, length);
    free(text);
    free(old);
}

/* nftw() carries no argument of ours: where it copies from and to, while house_copy() runs. */
static struct {
    size_t from;
    char to[256];
} copying;

static int copy_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    char to[512];
    size_t size = 0;
    char *bytes;

    (void)about;
    (void)where;
    snprintf(to, sizeof(to), "%s%s", copying.to, path + copying.from);
    if (kind == FTW_D)
        return mkdir(to, 0755) == 0 || errno == EEXIST ? 0 : -1;
    bytes = slurp(path, &size);
    if (bytes == NULL)
        return -1;
    spill(to, bytes, size);
    free(bytes);
    return 0;
}

void house_copy(const struct house *house, const char *from, const char *name)
{
    copying.from = strlen(from);
    strcpy(copying.to, house_path(house, name).text);
    if (nftw(from, copy_one, 8, FTW_PHYS) != 0)
        fail_msg("%s: not copied: %s", from, strerror(errno));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void house_remove(const struct house *house, const char *name)
{
    struct path path = house_path(house, name);

    nftw(strcmp(name, ".") == 0 ? house->dir : path.text, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
