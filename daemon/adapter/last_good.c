/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/last_good_parts.h"
#include "adapter/textfile.h"
#include "core/index.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct texts {
    struct last_good_text *of;
    size_t n;
    struct index by_name;
};

struct last_good {
    char *bytes; // the file, in which names end with a zero where a line end was
    size_t size;
    struct texts texts[LAST_GOOD_KINDS];
    struct index shape_of; // a file of orders: the first shape that it names
    size_t *next_shape;    // of that file, by number; 0, which is none's: there is none
    struct last_good_order *orders;
    size_t n_orders;
    struct index order_of;
    struct digest text; // of all texts, and
    struct digest all;
    bool begun, ended;
    struct utc at;
    char digest[DIGEST_HEX];
};

const char *const last_good_names[LAST_GOOD_KINDS] = { "settings", "orders", "shape" };

const char *last_good_path(const char *ledger, char out[LAST_GOOD_PATH_MAX])
{
    snprintf(out, LAST_GOOD_PATH_MAX, "%s-rules", ledger);
    return out;
}

void last_good_free(struct last_good *last)
{
    unsigned char unused[DIGEST_BYTES];

    if (last == NULL)
        return;
    if (last->begun) {
        digest_end(&last->text, unused);
        digest_end(&last->all, unused);
    }
    for (int i = 0; i < LAST_GOOD_KINDS; i++) {
        index_fini(&last->texts[i].by_name);
        free(last->texts[i].of);
    }
    index_fini(&last->shape_of);
    free(last->next_shape);
    index_fini(&last->order_of);
    free(last->orders);
    free(last->bytes);
    free(last);
}

/* Whether there is room for one more in an array that doubles; of one of none the first. */
static bool has_room(void **array, size_t n, size_t size)
{
    void *larger;

    if (n != 0 && (n & (n - 1)) != 0)
        return true;
    larger = reallocarray(*array, n != 0 ? 2 * n : 1, size);
    if (larger == NULL)
        return false;
    *array = larger;
    return true;
}

/* ---- lines ---- */

/* What is left to read. */
struct rest {
    char *at, *end;
};

/* The next line, whose end becomes a zero; NULL when there is no end within reason. */
static char *next_line(struct rest *rest)
{
    size_t left = (size_t)(rest->end - rest->at),
           most = left < LAST_GOOD_LINE_MAX ? left : LAST_GOOD_LINE_MAX;
    char *line = rest->at, *end = memchr(line, '\n', most);

    if (end == NULL || memchr(line, '\0', (size_t)(end - line)) != NULL)
        return NULL;
    *end = '\0';
    rest->at = end + 1;
    return line;
}

/* The next word of a line, which it ends with a zero. */
static char *next_word(char **line)
{
    char *word = strsep(line, " ");

    return word != NULL && word[0] != '\0' ? word : NULL;
}

static bool read_number(const char *text, int64_t *out)
{
    char *end;

    errno = 0;
    *out = text != NULL ? strtoll(text, &end, 10) : 0;
    return text != NULL && errno == 0 && end != text && *end == '\0';
}

static bool take_text(struct last_good *last, enum last_good_kind kind, char *line,
                      struct rest *rest)
{
    struct texts *texts = &last->texts[kind];
    struct last_good_text text = { 0 };
    const char *digest = next_word(&line), *size = next_word(&line);
    unsigned char is[DIGEST_BYTES];
    int64_t n;

    if (digest == NULL || line == NULL || line[0] == '\0' || !read_number(size, &n) || n < 0 ||
        n >= rest->end - rest->at || rest->at[n] != '\n')
        return false;
    text.name = line;
    text.bytes = rest->at;
    text.n = (size_t)n;
    if (!digest_of(text.bytes, text.n, is) ||
        strcmp(digest_print(is, sizeof is, text.digest), digest) != 0 ||
        !has_room((void **)&texts->of, texts->n, sizeof *texts->of))
        return false;
    texts->of[texts->n++] = text;
    last_good_digest_text(&last->text, kind, text.name, text.digest);
    rest->at += n + 1;
    return true;
}

static bool take_order(struct last_good *last, char *line)
{
    struct last_good_order order = { .id = next_word(&line) };

    if (order.id == NULL || !name_valid(order.id) || !read_number(line, &order.until.ms) ||
        !has_room((void **)&last->orders, last->n_orders, sizeof *last->orders))
        return false;
    last->orders[last->n_orders++] = order;
    last_good_digest_order(&last->all, order.id, order.until);
    return true;
}

static bool take_end(struct last_good *last, char *line)
{
    unsigned char text[DIGEST_BYTES], all[DIGEST_BYTES];
    const char *at = next_word(&line), *digest = next_word(&line);
    char hex[DIGEST_HEX];
    bool ok = digest_end(&last->text, text);

    digest_print(text, sizeof text, last->digest);
    ok = read_number(at, &last->at.ms) && ok;
    last_good_digest_end(&last->all, last->at, last->digest);
    ok = digest_end(&last->all, all) && ok;
    last->begun = false;
    last->ended = true;
    return ok && digest != NULL && line != NULL && strcmp(digest, last->digest) == 0 &&
           strcmp(line, digest_print(all, sizeof all, hex)) == 0;
}

static bool take_line(struct last_good *last, char *line, struct rest *rest)
{
    const char *word = next_word(&line);

    if (word == NULL || line == NULL)
        return false;
    for (int i = 0; i < LAST_GOOD_KINDS; i++) {
        if (strcmp(word, last_good_names[i]) == 0)
            return take_text(last, (enum last_good_kind)i, line, rest);
    }
    if (strcmp(word, "order") == 0)
        return take_order(last, line);
    return strcmp(word, "end") == 0 && take_end(last, line);
}

/* ---- the file ---- */

static bool index_texts(struct texts *texts)
{
    bool ok = index_init(&texts->by_name, texts->n);

    for (size_t i = 0; ok && i < texts->n; i++)
        ok = index_put(&texts->by_name, texts->of[i].name, i); // no name twice
    return ok;
}

/* Which shapes a file of orders names: of many files each has its few. */
static bool index_shapes(struct last_good *last)
{
    const struct texts *shapes = &last->texts[LAST_GOOD_SHAPE];
    size_t *newest = calloc(shapes->n + 1, sizeof *newest), first; // by number of the first
    bool ok = index_init(&last->shape_of, shapes->n);

    last->next_shape = calloc(shapes->n + 1, sizeof *last->next_shape);
    ok = ok && newest != NULL && last->next_shape != NULL;
    for (size_t i = 0; ok && i < shapes->n; i++) {
        const char *orders = strchr(shapes->of[i].name, '\t');

        if (orders == NULL)
            continue; // it is nobody's
        if (index_put(&last->shape_of, orders + 1, i)) {
            newest[i] = i;
        } else if (index_find(&last->shape_of, orders + 1, &first)) {
            last->next_shape[newest[first]] = i;
            newest[first] = i;
        }
    }
    free(newest);
    return ok;
}

static bool index_orders(struct last_good *last)
{
    bool ok = index_init(&last->order_of, last->n_orders);

    for (size_t i = 0; ok && i < last->n_orders; i++)
        ok = index_put(&last->order_of, last->orders[i].id, i);
    return ok;
}

static bool parse(struct last_good *last, struct fault *why)
{
    struct rest rest = { last->bytes, last->bytes + last->size };
    char *line = next_line(&rest);

    if (line == NULL || strcmp(line, LAST_GOOD_HEAD) != 0)
        return fault_set(why, "is none, or of a breachd that is not this one");
    digest_begin(&last->text);
    digest_begin(&last->all);
    last->begun = true;
    while (!last->ended && rest.at < rest.end) {
        size_t at = (size_t)(rest.at - last->bytes);

        line = next_line(&rest);
        if (line == NULL || !take_line(last, line, &rest))
            return fault_set(why, "is damaged at byte %zu", at);
    }
    if (!last->ended || rest.at != rest.end || last->texts[LAST_GOOD_SETTINGS].n != 1)
        return fault_set(why, "is not whole");
    for (int i = 0; i < LAST_GOOD_KINDS; i++) {
        if (!index_texts(&last->texts[i]))
            return fault_set(why, "names a file twice, or out of memory");
    }
    if (!index_shapes(last))
        return fault_set(why, FAULT_MEMORY);
    return index_orders(last) || fault_set(why, "names an order twice, or out of memory");
}

/* Of whoever may write it are the rules. */
static bool is_ours(FILE *file, size_t *out_size, struct fault *why)
{
    struct stat what;

    if (fstat(fileno(file), &what) != 0)
        return fault_set(why, "%s", strerror(errno));
    *out_size = (size_t)what.st_size;
    return ((what.st_uid == geteuid() || geteuid() == 0 || what.st_uid == 0) &&
            (what.st_mode & (S_IWGRP | S_IWOTH)) == 0) ||
           fault_set(why, "somebody else may write it");
}

struct last_good *last_good_read(const char *path, bool *out_there, struct fault *why)
{
    struct last_good *last = NULL;
    FILE *file;
    bool ok;

    errno = 0;
    file = textfile_open(path, LAST_GOOD_MAX, why);
    *out_there = file != NULL || errno != ENOENT;
    if (file == NULL)
        return NULL;
    last = calloc(1, sizeof *last);
    ok = last != NULL || fault_set(why, FAULT_MEMORY);
    ok = ok && is_ours(file, &last->size, why);
    if (ok && (last->bytes = malloc(last->size + 1)) == NULL)
        ok = fault_set(why, FAULT_MEMORY);
    if (ok && fread(last->bytes, 1, last->size, file) != last->size)
        ok = fault_set(why, "cannot be read");
    fclose(file);
    if (ok && parse(last, why))
        return last;
    last_good_free(last);
    return NULL;
}

const char *last_good_digest(const struct last_good *last)
{
    return last->digest;
}

struct utc last_good_at(const struct last_good *last)
{
    return last->at;
}

const struct last_good_text *last_good_nth(const struct last_good *last, enum last_good_kind kind,
                                           size_t nth)
{
    return nth < last->texts[kind].n ? &last->texts[kind].of[nth] : NULL;
}

const struct last_good_text *last_good_find(const struct last_good *last, enum last_good_kind kind,
                                            const char *name)
{
    size_t nth;

    return index_find(&last->texts[kind].by_name, name, &nth) ? &last->texts[kind].of[nth] : NULL;
}

const struct last_good_text *last_good_shape(const struct last_good *last, const char *orders)
{
    size_t nth;

    return index_find(&last->shape_of, orders, &nth) ? &last->texts[LAST_GOOD_SHAPE].of[nth] : NULL;
}

const struct last_good_text *last_good_next_shape(const struct last_good *last,
                                                  const struct last_good_text *shape)
{
    const struct last_good_text *all = last->texts[LAST_GOOD_SHAPE].of;
    size_t next = last->next_shape[shape - all];

    return next != 0 ? &all[next] : NULL;
}

const struct last_good_order *last_good_order(const struct last_good *last, size_t nth)
{
    return nth < last->n_orders ? &last->orders[nth] : NULL;
}

const struct last_good_order *last_good_find_order(const struct last_good *last, const char *id)
{
    size_t nth;

    return index_find(&last->order_of, id, &nth) ? &last->orders[nth] : NULL;
}
