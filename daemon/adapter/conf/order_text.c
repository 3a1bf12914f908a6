/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/order_text.h"

#include "adapter/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t line_size(const char *key, const char *value)
{
    return strlen(key) + strlen(" = ") + strlen(value) + strlen("\n");
}

/* A line's end within the value is a blank. Each returns where the text goes on. */
static char *put_line(char *to, const char *key, const char *value)
{
    char *at = stpcpy(stpcpy(to, key), " = ");

    to = stpcpy(at, value);
    while (*(at += strcspn(at, "\r\n")) != '\0') // to the value's end
        *at = ' ';
    return stpcpy(to, "\n");
}

static size_t section_size(const struct order_draft *draft)
{
    size_t n = strlen("[ /]\n") + strlen(order_draft_kind_name(draft->kind)) +
               strlen(draft->order) + (draft->name != NULL ? strlen(draft->name) : 0);

    // The keys of one section.
    for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next)
        n += line_size(pair->key, pair->value);
    return n + (draft->shape != NULL ? line_size(ORDER_TEXT_SHAPE, draft->shape) : 0);
}

static char *put_section(char *to, const struct order_draft *draft)
{
    to = stpcpy(stpcpy(to, "["), order_draft_kind_name(draft->kind));
    to = stpcpy(stpcpy(to, " "), draft->order);
    if (draft->name != NULL)
        to = stpcpy(stpcpy(to, "/"), draft->name);
    to = stpcpy(to, "]\n");
    // The keys of one section.
    for (const struct pair *pair = draft->pairs; pair != NULL; pair = pair->next)
        to = put_line(to, pair->key, pair->value);
    return draft->shape != NULL ? put_line(to, ORDER_TEXT_SHAPE, draft->shape) : to;
}

char *order_text_print(const struct order_draft *first)
{
    const struct order_draft *draft;
    size_t n = 1;
    char *text, *to;

    for (draft = first; draft != NULL; draft = draft->next_of_order) // the sections of one order
        n += section_size(draft);
    text = to = malloc(n);
    if (text == NULL)
        return NULL;
    for (draft = first; draft != NULL; draft = draft->next_of_order) // again
        to = put_section(to, draft);
    return text;
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

char *order_text_find(struct order_text_held *held, const struct order *order, const char *section,
                      const char *key)
{
    if (held->text == NULL || held->of != order) {
        order_text_let_go(held);
        *held = (struct order_text_held){ order, order_text(order) };
    }
    return held->text != NULL ? find(held->text, section, key) : NULL;
}

void order_text_let_go(struct order_text_held *held)
{
    free(held->text);
    *held = (struct order_text_held){ 0 };
}
