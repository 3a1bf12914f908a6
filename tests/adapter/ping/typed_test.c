/* SPDX-License-Identifier: Apache-2.0 */
/*
 * typed_test.c - what breachd(8) says under APPS to type into an app is a ping, once the app has
 * put its numbers in as its own manual says: none of them is lost for a name that nobody reads.
 */
#include "adapter/ping/osmand_query.h"

#include "support/rows.h"
#include "support/taken.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HERE "0 tag-0042 2020-06-23T20:14:05.000Z 51.5 0.4"

enum { TEMPLATE_MAX = 512, WORDS_MAX = 8 };

struct put {
    const char *word, *as;
};

static const struct row {
    const char *says;
    struct put puts[WORDS_MAX];
    const char *want;
} rows[] = {
    { "OsmAnd: milliseconds, metres, metres a second",
      { { "{0}", "51.5" },
        { "{1}", "0.4" },
        { "{2}", "1592943245000" },
        { "{3}", "12.0" },
        { "{4}", "30.0" },
        { "{5}", "1.4" },
        { "{6}", "90.0" },
        { "{11}", "64" } },
      HERE " accuracy 12 speed 1.4 course 90 battery 64" },
    { "GPSLogger, and PhoneTrack by the same address",
      { { "%LAT", "51.5" },
        { "%LON", "0.4" },
        { "%TIMESTAMP", "1592943245" },
        { "%ACC", "9.0" },
        { "%DIR", "12.0" },
        { "%BATT", "55.0" } },
      HERE " accuracy 9 course 12 battery 55" },
};

/* The address with that word in it, of the page, from behind its `?`. */
static void find_template(const char *word, char out[TEMPLATE_MAX])
{
    static const char begin[] = "https://HOST:8750/osmand?";
    FILE *page = fopen(MANUAL, "re");
    char *line = NULL;
    size_t room = 0;

    out[0] = '\0';
    assert_non_null(page);
    while (getline(&line, &room, page) > 0) {
        if (strncmp(line, begin, strlen(begin)) == 0 && strstr(line, word) != NULL)
            snprintf(out, TEMPLATE_MAX, "%.*s", (int)strcspn(line + strlen(begin), "\n"),
                     line + strlen(begin));
    }
    free(line);
    fclose(page);
    if (out[0] == '\0')
        fail_msg("%s stands in no address", word);
}

static void put_in(char text[TEMPLATE_MAX], const struct put *put)
{
    char *at = strstr(text, put->word), rest[TEMPLATE_MAX];

    if (at == NULL)
        fail_msg("%s is not asked for", put->word);
    snprintf(rest, sizeof rest, "%s", at + strlen(put->word));
    snprintf(at, (size_t)(text + TEMPLATE_MAX - at), "%s%s", put->as, rest);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    char text[TEMPLATE_MAX];
    struct ping_body body = { .bytes = text };
    struct taken taken;

    find_template(row->puts[0].word, text);
    for (size_t i = 0; i < WORDS_MAX && row->puts[i].word != NULL; i++)
        put_in(text, &row->puts[i]);
    assert_null(strpbrk(text, "{%")); // nothing else was to be put in
    body.n = strlen(text);
    taken_all(osmand_query_read, &body, &taken);
    assert_string_equal(taken.text, row->want);
}

int main(void)
{
    return rows_hold("what the manual says to type", rows, row_holds);
}
