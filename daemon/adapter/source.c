/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/source.h"

#include "adapter/absolute.h"
#include "adapter/textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *source_name(const char *path, const char *orders, char out[SOURCE_NAME_MAX])
{
    size_t n;

    absolute_path(path, out, SOURCE_NAME_MAX);
    n = strlen(out);
    if (orders == NULL || n + 1 >= SOURCE_NAME_MAX)
        return out;
    out[n] = '\t';
    absolute_path(orders, out + n + 1, SOURCE_NAME_MAX - n - 1);
    return out;
}

const char *source_called(const char *name, const char *folder, char out[SOURCE_NAME_MAX])
{
    size_t n = strlen(source_name(folder, NULL, out));
    bool lies_in = folder[0] != '\0' && strncmp(name, out, n) == 0 && name[n] == '/';

    snprintf(out, SOURCE_NAME_MAX, "%s%s", lies_in ? folder : "", lies_in ? name + n : name);
    return out;
}

bool source_is_held(const struct sources *sources, const char *orders)
{
    char name[SOURCE_NAME_MAX];

    if (sources->n_held == 0)
        return false;
    source_name(orders, NULL, name);
    for (size_t i = 0; i < sources->n_held; i++) {
        if (strcmp(sources->held[i], name) == 0)
            return true;
    }
    return false;
}

/* The whole file, of a size that textfile_open has looked at; what it grows by meanwhile is not. */
static char *read_all(FILE *file, size_t *out_n, struct fault *why)
{
    struct stat what;
    char *bytes;

    if (fstat(fileno(file), &what) != 0 || (bytes = malloc((size_t)what.st_size + 1)) == NULL) {
        fault_set(why, "%s", strerror(errno));
        return NULL;
    }
    *out_n = fread(bytes, 1, (size_t)what.st_size, file);
    if (!ferror(file))
        return bytes;
    fault_set(why, "%s", strerror(errno));
    free(bytes);
    return NULL;
}

/* A stream over bytes that stay; a stream over none cannot be had of all libcs. */
static FILE *stream_over(const char *bytes, size_t n)
{
    union {
        const char *ours;
        char *theirs; // which is only read
    } same = { bytes };

    return n > 0 ? fmemopen(same.theirs, n, "r") : fopen("/dev/null", "re");
}

static bool open_last(const struct sources *sources, enum last_good_kind kind, const char *name,
                      struct source *out, struct fault *why)
{
    const struct last_good_text *text = last_good_find(sources->last, kind, name);

    if (text == NULL)
        return fault_set(why, "%s", strerror(ENOENT));
    if (sources->copy != NULL)
        last_good_copy_add(sources->copy, kind, name, text->bytes, text->n);
    *out = (struct source){ .file = stream_over(text->bytes, text->n) };
    return out->file != NULL || fault_set(why, "%s", strerror(errno));
}

/* What is judged is what is copied, whatever happens to the file meanwhile. */
static bool open_copied(const struct sources *sources, enum last_good_kind kind, const char *name,
                        struct source *out, struct fault *why)
{
    FILE *file = out->file;
    size_t n;

    out->owned = read_all(file, &n, why);
    fclose(file);
    out->file = NULL;
    if (out->owned == NULL)
        return false;
    last_good_copy_add(sources->copy, kind, name, out->owned, n);
    out->file = stream_over(out->owned, n);
    if (out->file != NULL)
        return true;
    fault_set(why, "%s", strerror(errno));
    free(out->owned);
    return false;
}

bool source_open(const struct sources *sources, enum last_good_kind kind, const char *path,
                 const char *orders, long long max, struct source *out, struct fault *why)
{
    const char *file_of_orders = kind == LAST_GOOD_ORDERS ? path : orders;
    char name[SOURCE_NAME_MAX];
    bool held =
        sources != NULL && file_of_orders != NULL && source_is_held(sources, file_of_orders);

    source_name(path, orders, name);
    if (sources != NULL && sources->last != NULL && (sources->by_last || held))
        return open_last(sources, kind, name, out, why);
    *out = (struct source){ .file = textfile_open(path, max, why) };
    if (out->file == NULL)
        return false;
    return sources == NULL || sources->copy == NULL || open_copied(sources, kind, name, out, why);
}

void source_close(struct source *source)
{
    fclose(source->file);
    free(source->owned);
    *source = (struct source){ 0 };
}

bool source_is_unchanged(const struct last_good_text *text, long long max)
{
    char path[SOURCE_NAME_MAX], *bytes;
    struct fault unused;
    FILE *file;
    size_t n = 0;
    bool same;

    snprintf(path, sizeof path, "%.*s", (int)strcspn(text->name, "\t"), text->name);
    file = textfile_open(path, max, &unused);
    if (file == NULL)
        return false;
    bytes = read_all(file, &n, &unused);
    same = bytes != NULL && n == text->n && memcmp(bytes, text->bytes, n) == 0;
    free(bytes);
    fclose(file);
    return same;
}
