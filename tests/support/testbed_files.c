/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/test.h"

struct path testbed_path(const struct testbed *testbed, const char *name)
{
    struct path path;
    int length = snprintf(path.text, sizeof(path.text), "%s/%s", testbed->dir, name);

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

void testbed_write(const struct testbed *testbed, const char *name, const void *bytes, size_t size)
{
    spill(testbed_path(testbed, name).text, bytes, size);
}

__attribute__((format(printf, 3, 0))) static void print(const struct testbed *testbed,
                                                        const char *name, const char *format,
                                                        va_list arguments)
{
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);

    assert_true(length >= 0);
    testbed_write(testbed, name, text, (size_t)length);
    free(text);
}

void testbed_print(const struct testbed *testbed, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(testbed, name, format, arguments);
    va_end(arguments);
}

void testbed_replace(const struct testbed *testbed, const char *name, const char *format, ...)
{
    char fresh[64];
    va_list arguments;

    snprintf(fresh, sizeof fresh, "%s.new", name);
    va_start(arguments, format);
    print(testbed, fresh, format, arguments);
    va_end(arguments);
    assert_int_equal(rename(testbed_path(testbed, fresh).text, testbed_path(testbed, name).text),
                     0);
}

char *testbed_read(const struct testbed *testbed, const char *name)
{
    size_t size;

    return slurp(testbed_path(testbed, name).text, &size);
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

void testbed_set(const struct testbed *testbed, const char *name, const char *section,
                 const char *key, const char *value)
{
    char *old = testbed_read(testbed, name);
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
    testbed_write(testbed, name, text, length);
    free(text);
    free(old);
}

/* nftw() carries no argument of ours: where it copies from and to, while testbed_copy() runs. */
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

void testbed_copy(const struct testbed *testbed, const char *from, const char *name)
{
    copying.from = strlen(from);
    strcpy(copying.to, testbed_path(testbed, name).text);
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

void testbed_remove(const struct testbed *testbed, const char *name)
{
    struct path path = testbed_path(testbed, name);

    nftw(strcmp(name, ".") == 0 ? testbed->dir : path.text, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
