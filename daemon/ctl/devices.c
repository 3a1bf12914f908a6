/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.c - when devices were last heard, by the breachd that listens to them: those that are
 * named, or all of the orders in force, the worst off first.
 */
#include "adapter/clock.h"
#include "adapter/json/device_state.h"
#include "adapter/print.h"
#include "core/index.h"
#include "ctl/control_call.h"
#include "ctl/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANEW_MAX = 3 /* times that all of them are asked for, when reloads come between */ };

/* What time it is where the devices are listened to: in an exercise that of the pings. */
static struct utc now_of(const json_t *state)
{
    struct utc now;

    return utc_parse(line_text(state, "now"), &now) ? now : clock_utc();
}

/* "12 s": how long since; "" for what never was. */
static const char *since(const json_t *state, const char *member, char out[DURATION_TEXT_MAX])
{
    struct utc at;

    out[0] = '\0';
    if (utc_parse(line_text(state, member), &at))
        duration_print(now_of(state).ms - at.ms, out);
    return out;
}

static void print_troubles(const json_t *state)
{
    static const struct {
        const char *member, *says;
    } flags[] = { { "tampered", "TAMPERED with" },
                  { "battery_low", "battery LOW" },
                  { "clock_wrong", "clock WRONG" } };

    if (json_is_true(json_object_get(state, "silent"))) {
        print_part(stdout, "%s",
                   strcmp(line_text(state, "cause"), "no-fix") == 0 ? "NO FIX" : "SILENT");
        if (line_text(state, "quiet")[0] != '\0') {
            print_part(stdout, " since ");
            line_put_time(stdout, line_text(state, "quiet"), now_of(state));
        }
        print_part(stdout, "; ");
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (json_is_true(json_object_get(state, flags[i].member)))
            print_part(stdout, "%s; ", flags[i].says);
    }
}

static void print_heard(const json_t *state)
{
    const json_t *accuracy = json_object_get(state, "accuracy");
    const json_t *age = json_object_get(state, "age");
    char text[DURATION_TEXT_MAX];

    if (since(state, "heard", text)[0] == '\0') {
        print_part(stdout, "not heard yet");
        return;
    }
    print_part(stdout, "heard %s ago, at ", text);
    line_put_time(stdout, line_text(state, "heard"), now_of(state));
    print_part(stdout, ", position %s old",
               duration_print(json_integer_value(age) * INT64_C(1000), text));
    if (json_is_number(accuracy))
        print_part(stdout, ", accuracy %.0f m", json_number_value(accuracy));
}

/* What comes again, or late, is a position too, but none of now. */
static void print_talked(const json_t *state)
{
    char text[DURATION_TEXT_MAX];
    struct utc heard = { 0 }, talked;

    utc_parse(line_text(state, "heard"), &heard);
    if (utc_parse(line_text(state, "talked"), &talked) && talked.ms > heard.ms)
        print_part(stdout, "; talked %s ago, with nothing newer to believe",
                   since(state, "talked", text));
}

static void print_one(const json_t *state)
{
    const char *of = line_text(state, "respondent"), *area = line_text(state, "area");
    const json_t *battery = json_object_get(state, "battery");

    print_part(stdout, "%s%s, %s%s",
               json_is_true(json_object_get(state, "exercise")) ? "EXERCISE  " : "",
               line_text(state, "device"), of[0] != '\0' ? "of " : "",
               of[0] != '\0' ? of : "under no order");
    if (area[0] != '\0')
        print_part(stdout, " in %s", area);
    print_part(stdout, ": ");
    print_troubles(state);
    print_heard(state);
    print_talked(state);
    if (json_is_integer(battery))
        print_part(stdout, "; battery %d %%", (int)json_integer_value(battery));
    print_line(stdout, "%s", "");
}

static void show(const json_t *state, bool json)
{
    if (json)
        line_json(stdout, state);
    else
        print_one(state);
}

/* ---- by id ---- */

static bool is_unknown(const json_t *state)
{
    return line_text(state, "respondent")[0] == '\0' && line_text(state, "heard")[0] == '\0' &&
           line_text(state, "talked")[0] == '\0';
}

static bool tell(const char *ledger, const char *device, bool json, struct fault *why)
{
    char question[CONTROL_LINE_MAX], text[CONTROL_ANSWER_MAX];
    json_t *state = NULL;
    bool ok;

    snprintf(question, sizeof question, "device %s\n", device);
    ok = control_call(ledger, question, text, why);
    if (ok)
        state = json_loads(text, 0, NULL);
    if (ok && line_text(state, "device")[0] == '\0')
        ok = fault_set(why, "%s: %.200s", device,
                       state != NULL ? line_text(state, "error") : "no answer that can be read");
    if (ok && is_unknown(state))
        ok = fault_set(
            why, "%s: no such device: it is under no order in force, and was never heard", device);
    else if (ok)
        show(state, json);
    json_decref(state);
    return ok;
}

/* Each of them, whichever fails; the last that does is left for who asked to tell. */
static bool tell_each(const char *ledger, char *const *devices, bool json, struct fault *why)
{
    bool ok = true;

    for (; *devices != NULL; devices++) {
        struct fault cause;

        if (tell(ledger, *devices, json, &cause))
            continue;
        if (!ok)
            ctl_refuse("%s", why->text);
        *why = cause;
        ok = false;
    }
    return ok;
}

/* ---- all ---- */

/* As text, which takes a tenth of the memory: there may be 100,000. */
struct device_line {
    int rank;
    int64_t heard;
    char *text;
};

struct device_list {
    struct device_line *of;
    size_t n, room;
};

static void list_fini(struct device_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->of[i].text);
    free(list->of);
    *list = (struct device_list){ 0 };
}

static bool list_add(struct device_list *list, const json_t *state)
{
    struct device_line line = { .rank = device_state_rank(state),
                                .text = json_dumps(state, JSON_COMPACT | JSON_REAL_PRECISION(10)) };
    struct utc heard = { 0 };

    utc_parse(line_text(state, "heard"), &heard);
    line.heard = heard.ms;
    if (list->n == list->room) {
        size_t room = 2 * list->room + 256;
        struct device_line *larger = reallocarray(list->of, room, sizeof *larger);

        if (larger == NULL) {
            free(line.text);
            return false;
        }
        list->of = larger;
        list->room = room;
    }
    if (line.text == NULL)
        return false;
    list->of[list->n++] = line;
    return true;
}

/* Of as bad ones first who was not heard for the longest, who never was before all. */
static int worst_first(const void *a, const void *b)
{
    const struct device_line *one = a, *other = b;

    return one->rank != other->rank ? one->rank - other->rank
                                    : (one->heard > other->heard) - (one->heard < other->heard);
}

enum page_result { PAGE_MORE, PAGE_LAST, PAGE_ANEW, PAGE_FAILED };

static enum page_result take_page(struct device_list *list, const json_t *page,
                                  char cursor[CONTROL_LINE_MAX / 2], struct fault *why)
{
    const json_t *devices = json_object_get(page, "devices"), *state;
    const char *next = line_text(page, "next"), *error = line_text(page, "error");
    size_t i;

    if (!json_is_array(devices) && cursor[0] != '\0' && strncmp(error, "other rules", 11) == 0)
        return PAGE_ANEW;
    if (!json_is_array(devices))
        fault_set(why, "%.200s", error[0] != '\0' ? error : "no answer that can be read");
    json_array_foreach(devices, i, state)
    {
        if (!list_add(list, state)) {
            fault_set(why, FAULT_MEMORY);
            return PAGE_FAILED;
        }
    }
    snprintf(cursor, CONTROL_LINE_MAX / 2, "%s", next);
    return !json_is_array(devices) ? PAGE_FAILED : next[0] != '\0' ? PAGE_MORE : PAGE_LAST;
}

/* Page by page until there are no more: each answer is a step further through the rules. */
static enum page_result gather(const char *ledger, struct device_list *list, struct fault *why)
{
    char question[CONTROL_LINE_MAX], text[CONTROL_ANSWER_MAX], cursor[CONTROL_LINE_MAX / 2] = "";
    enum page_result result = PAGE_MORE;

    while (result == PAGE_MORE) {
        json_t *page;

        snprintf(question, sizeof question, "devices%s%s\n", cursor[0] != '\0' ? " " : "", cursor);
        if (!control_call(ledger, question, text, why))
            return PAGE_FAILED;
        page = json_loads(text, 0, NULL);
        result = take_page(list, page, cursor, why);
        json_decref(page);
    }
    return result;
}

static bool tell_all(const char *ledger, bool json, struct fault *why)
{
    struct device_list list = { 0 };
    enum page_result result = PAGE_ANEW;

    for (int i = 0; i < ANEW_MAX && result == PAGE_ANEW; i++) {
        list_fini(&list);
        result = gather(ledger, &list, why);
    }
    if (result == PAGE_ANEW)
        fault_set(why, "one reload after another: try again");
    if (list.n > 0)
        qsort(list.of, list.n, sizeof *list.of, worst_first);
    for (size_t i = 0; result == PAGE_LAST && i < list.n; i++) {
        json_t *state = json_loads(list.of[i].text, 0, NULL);

        show(state, json);
        json_decref(state);
    }
    if (result == PAGE_LAST && list.n == 0 && !json)
        puts("no device is under an order in force");
    list_fini(&list);
    return result == PAGE_LAST;
}

int ctl_devices(int argc, char **argv)
{
    char ledger[SETTINGS_PATH_MAX];
    struct ctl_options options;
    struct fault why;
    bool ok = true;
    int rest;

    if (!ctl_options(argc, argv, &options, &rest))
        return ctl_misused("devices");
    for (int i = rest; i < argc; i++) {
        if (!name_valid(argv[i]))
            return ctl_wrong("%.100s: not 1..%d letters, digits, - _ .", argv[i], NAME_MAX_CHARS);
    }
    if (!control_call_ledger(&options, ledger, &why))
        return ctl_wrong("-c: %s", why.text);
    if (rest == argc)
        ok = tell_all(ledger, options.json, &why);
    else
        ok = tell_each(ledger, argv + rest, options.json, &why);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
