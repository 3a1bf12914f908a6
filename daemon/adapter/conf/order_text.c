/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_text.h"

#include "adapter/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line's end within the value is a blank. */
static void put_line(FILE *out, const char *key, const char *value)
{
    size_t n = strcspn(value, "\r\n");

    fprintf(out, "%s = %.*s", key, (int)n, value);
    for (const char *at = value + n; *at != '\0'; at += n) {
        n = 1 + strcspn(at + 1, "\r\n");
        fprintf(out, " %.*s", (int)n - 1, at + 1);
    }
    fputc('\n', out);
}

char *order_text_print(const struct order_draft *first)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    bool ok;

    if (out == NULL)
        return NULL;
    // The sections of one order.
    for (const struct order_draft *draft = first; draft != NULL; draft = draft->next_of_order) {
        fprintf(out, "[%s %s%s%s]\n", order_draft_kind_name(draft->kind), draft->order,
                draft->name ? "/" : "", draft->name ? draft->name : "");
        // The keys of one section.
        for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next)
            put_line(out, pair->key, pair->value);
        if (draft->shape != NULL)
            put_line(out, ORDER_TEXT_SHAPE, draft->shape);
    }
    ok = !ferror(out);
    if (fclose(out) == 0 && ok)
        return text;
    free(text);
    return NULL;
}

bool order_text_digest(const char *text, char out[DIGEST_CHARS + 1])
{
    unsigned char digest[CHAIN_DIGEST];
    char hex[CHAIN_HEX];

    if (!chain_digest(text, strlen(text), digest))
        return false;
    snprintf(out, DIGEST_CHARS + 1, "%.*s", DIGEST_CHARS, chain_hex(digest, hex));
    return true;
}

void order_text_read(char *text, void (*on_entry)(const struct ini_entry *entry, void *arg),
                     void *arg)
{
    const char *section = "";
    char *line, *rest = text;
    int number = 0;

    while ((line = strsep(&rest, "\n")) != NULL) { // the lines of one text
        struct ini_entry entry = { .comment = "", .line = ++number };
        char *value = strstr(line, " = ");
        size_t length = strlen(line);

        if (line[0] == '[' && line[length - 1] == ']') {
            line[length - 1] = '\0';
            section = line + 1;
        } else if (value != NULL) {
            *value = '\0';
            entry.key = line;
            entry.value = value + 3;
        } else {
            continue;
        }
        entry.section = section;
        on_entry(&entry, arg);
    }
}

static char *find(const char *text, const char *section, const char *key)
{
    size_t n_section = strlen(section), n_key = strlen(key);
    bool inside = false;

    for (size_t length = strcspn(text, "\n"); *text != '\0';
         text += length + (text[length] == '\n'), length = strcspn(text, "\n")) {
        if (text[0] == '[' && text[length - 1] == ']')
            inside = length == n_section + 2 && memcmp(text + 1, section, n_section) == 0;
        else if (inside && length >= n_key + 3 && memcmp(text, key, n_key) == 0 &&
                 memcmp(text + n_key, " = ", 3) == 0)
            return strndup(text + n_key + 3, length - n_key - 3);
    }
    return NULL;
}

char *order_text_find(const struct order *order, const char *section, const char *key)
{
    char *text = order_text(order), *value = text != NULL ? find(text, section, key) : NULL;

    free(text);
    return value;
}
