/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/page.h"

#include "adapter/number.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN_NAME = 64 };

struct page page_in(char *text, size_t room)
{
    text[0] = '\0';
    return (struct page){ .text = text, .room = room };
}

struct page page_create(size_t room)
{
    char *text = malloc(room);

    if (text != NULL)
        text[0] = '\0';
    return (struct page){
        .text = text, .room = room, .own = true, .lacks = text == NULL, .short_exponents = true
    };
}

static bool grow(struct page *page, size_t n)
{
    size_t room = 2 * (page->used + n);
    char *text = page->own && !page->lacks ? realloc(page->text, room) : NULL;

    if (text == NULL) {
        page->lacks = true;
        return false;
    }
    page->text = text;
    page->room = room;
    return true;
}

static void put_bytes(struct page *page, const char *bytes, size_t n)
{
    if (page->lacks || (page->room - page->used <= n && !grow(page, n + 1)))
        return;
    memcpy(page->text + page->used, bytes, n);
    page->used += n;
    page->text[page->used] = '\0';
}

void page_put(struct page *page, const char *text)
{
    put_bytes(page, text, strlen(text));
}

void page_whole(struct page *page, int64_t value)
{
    char text[NUMBER_TEXT_MAX];
    size_t n = number_print_whole(value, text);

    put_bytes(page, text, n);
}

/* No sign for what is positive, and no zero before another digit. Returns the new length. */
static size_t shorten(char *text, char *exponent)
{
    char *to = exponent + 1 + (exponent[1] == '-'), *from = exponent + 2;

    from += strspn(from, "0");
    memmove(to, from, strlen(from) + 1);
    return strlen(text);
}

void page_real(struct page *page, double value)
{
    char text[NUMBER_TEXT_MAX], *exponent;
    size_t n;

    if (!isfinite(value)) {
        page_put(page, "null");
        return;
    }
    n = number_print_real(value, text);
    exponent = memchr(text, 'e', n);
    if (exponent != NULL && page->short_exponents)
        n = shorten(text, exponent);
    put_bytes(page, text, n);
    // A whole one is not to be read as a whole number.
    if (exponent == NULL && memchr(text, '.', n) == NULL)
        put_bytes(page, ".0", 2);
}

static void put_escaped(struct page *page, char c)
{
    static const char as[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = strchr(as, c);
    char text[8];

    if (found != NULL)
        snprintf(text, sizeof text, "\\%c", letters[found - as]);
    else
        snprintf(text, sizeof text, "\\u%04X", (unsigned)(unsigned char)c);
    page_put(page, text);
}

static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

/* Whether jansson takes it for a string: what is beyond ASCII may be no UTF-8. */
static bool is_utf8(const char *text)
{
    json_t *string;
    bool is;

    while ((signed char)*text > 0) // its end, or what is beyond ASCII
        text++;
    if (*text == '\0')
        return true;
    string = json_string(text);
    is = string != NULL;
    json_decref(string);
    return is;
}

void page_string(struct page *page, const char *text)
{
    page->lacks |= !is_utf8(text);
    put_bytes(page, "\"", 1);
    while (*text != '\0') {
        size_t n = 0;

        while (text[n] != '\0' && is_plain(text[n]))
            n++;
        put_bytes(page, text, n);
        text += n;
        if (*text != '\0')
            put_escaped(page, *text++);
    }
    put_bytes(page, "\"", 1);
}

/* In one go where there is nothing to escape and no byte beyond ASCII, as in every name of ours. */
static bool put_plain_name(struct page *page, const char *name)
{
    char text[PLAIN_NAME];
    size_t n = 0;

    text[0] = ',';
    text[1] = '"';
    while (n < PLAIN_NAME - 4 && (signed char)name[n] > 0 && is_plain(name[n])) {
        text[n + 2] = name[n];
        n++;
    }
    if (name[n] != '\0')
        return false;
    text[n + 2] = '"';
    text[n + 3] = ':';
    if (page->used > 0 && page->text[page->used - 1] != '{')
        put_bytes(page, text, n + 4);
    else
        put_bytes(page, text + 1, n + 3);
    return true;
}

void page_name(struct page *page, const char *name)
{
    if (put_plain_name(page, name))
        return;
    if (page->used > 0 && page->text[page->used - 1] != '{')
        put_bytes(page, ",", 1);
    page_string(page, name);
    put_bytes(page, ":", 1);
}

char *page_end(struct page *page)
{
    char *text = page->text;

    if (!page->lacks)
        return text;
    free(text);
    return NULL;
}
