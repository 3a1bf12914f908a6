/* SPDX-License-Identifier: Apache-2.0 */
/* open.c - the incidents that go on now, worst first, of the same severity the oldest first. */
#include "adapter/clock.h"
#include "ctl/line.h"
#include "ctl/link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct listing {
    json_t *events; // by incident: a scan may hand one over twice
    char cursor[32];
    const char *area;
};

/* [cursor, [field, value, …]] */
static void take_page(const struct redis_reply *reply, void *arg)
{
    struct listing *listing = arg;
    struct redis_reply cursor = redis_item(reply, 0), pairs = redis_item(reply, 1);

    snprintf(listing->cursor, sizeof listing->cursor, "%s",
             cursor.kind == REDIS_TEXT ? cursor.text : "0");
    for (size_t i = 1; i < pairs.n; i += 2) {
        const char *incident = redis_item(&pairs, i - 1).text;
        json_t *event = json_loads(redis_item(&pairs, i).text, 0, NULL);

        if (event != NULL &&
            (listing->area == NULL || strcmp(listing->area, line_text(event, "data.area")) == 0))
            json_object_set(listing->events, incident, event);
        json_decref(event);
    }
}

static int worst_first(const void *a, const void *b)
{
    const json_t *const *one = a, *const *other = b;
    int grade = line_severity(line_text(*other, "data.severity")) -
                line_severity(line_text(*one, "data.severity"));

    return grade != 0 ? grade : strcmp(line_text(*one, "time"), line_text(*other, "time"));
}

static bool print_all(const struct listing *listing, bool json)
{
    size_t n = 0, all = json_object_size(listing->events);
    const json_t **sorted = calloc(all + 1, sizeof *sorted);
    bool colour = isatty(STDOUT_FILENO);
    const char *incident;
    json_t *event;

    json_object_foreach(listing->events, incident, event)
    {
        if (sorted != NULL)
            sorted[n++] = event;
    }
    if (sorted != NULL)
        qsort(sorted, n, sizeof *sorted, worst_first);
    for (size_t i = 0; i < n; i++) {
        if (!json)
            line_print(stdout, sorted[i], colour, clock_utc());
        else if (json_dumpf(sorted[i], stdout, JSON_COMPACT) == 0)
            putchar('\n');
    }
    if (n == 0 && !json)
        puts("nothing is open");
    free(sorted);
    return sorted != NULL;
}

int ctl_open(int argc, char **argv)
{
    struct listing listing = { .events = json_object(), .cursor = "0" };
    struct ctl_options options;
    struct link link = { 0 };
    char key[LINK_KEY_MAX];
    struct fault why;
    int rest;
    bool ok;

    if (!ctl_options(argc, argv, &options, &rest) || rest != argc)
        return ctl_misused("open");
    listing.area = options.area;
    ok = link_init(&link, &options, &why);
    do {
        ok = ok && link_ask(&link, 5,
                            (const char *[]){ "HSCAN", link_key(&link, "open", key), listing.cursor,
                                              "COUNT", "500" },
                            take_page, &listing, &why);
    } while (ok && strcmp(listing.cursor, "0") != 0);
    ok = ok && (print_all(&listing, options.json) || fault_set(&why, "out of memory"));
    link_fini(&link);
    json_decref(listing.events);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
