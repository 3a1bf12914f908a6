/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/wkt.h"

#include "adapter/conf/crs.h"
#include "adapter/conf/shape_kind.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char blanks[] = " \t\r\n";

/* Behind `SRID=4326;`, or the text itself without an SRID. NULL: it is another one. */
static const char *behind_srid(const char *text, struct fault *why)
{
    size_t n = strcspn(text, ";(");
    char name[128];

    if (strncasecmp(text, "SRID", 4) != 0)
        return text;
    if (text[n] != ';') {
        fault_set(why, "behind SRID=… a semicolon is missing");
        return NULL;
    }
    snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), text);
    text += n + 1;
    return crs_is_wgs84(name, why) ? text + strspn(text, blanks) : NULL;
}

/*
 * How long the dimension at the end of a word is: 1 of `POLYGONZ`, 2 of `MULTIPOLYGONZM`, else 0.
 */
static size_t dimension(const char *word, size_t n)
{
    static const char *const shapes[] = { "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION" };
    static const char *const dimensions[] = { "Z", "M", "ZM" };

    for (size_t i = 0; i < 9; i++) {
        size_t stem = strlen(shapes[i / 3]), more = strlen(dimensions[i % 3]);

        if (n == stem + more && strncasecmp(word, shapes[i / 3], stem) == 0 &&
            strncasecmp(word + stem, dimensions[i % 3], more) == 0)
            return more;
    }
    return 0;
}

static void blot_dimensions(char *text)
{
    for (char *end; *text != '\0'; text = end) {
        size_t glued;

        end = text + 1;
        if (!isalpha((unsigned char)*text))
            continue;
        while (isalpha((unsigned char)*end)) // letters alone: the NUL is none
            end++;
        glued = dimension(text, (size_t)(end - text));
        memset(end - glued, ' ', glued);
    }
}

const char *wkt_plain(const char *text, struct arena *arena, struct fault *why)
{
    char *plain;

    text += strspn(text, blanks);
    if (!shape_kind_is(SHAPE_WKT, text, why))
        return NULL;
    text = behind_srid(text, why);
    if (text == NULL)
        return NULL;
    plain = arena_text(arena, text);
    if (plain == NULL)
        fault_set(why, FAULT_MEMORY);
    else
        blot_dimensions(plain);
    return plain;
}
