/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c - when a device was last heard, by the breachd that listens to it. */
#include "adapter/clock.h"
#include "adapter/print.h"
#include "core/index.h"
#include "ctl/control_call.h"
#include "ctl/line.h"

#include <stdio.h>
#include <string.h>

/* ", 12 s ago": how long since, and nothing of what never was. */
static const char *ago(const json_t *state, const char *member, char out[DURATION_TEXT_MAX + 8])
{
    char text[DURATION_TEXT_MAX];
    struct utc at;

    out[0] = '\0';
    if (utc_parse(line_text(state, member), &at))
        snprintf(out, DURATION_TEXT_MAX + 8, "%s ago",
                 duration_print(clock_utc().ms - at.ms, text));
    return out;
}

static void print_one(const json_t *state)
{
    static const struct {
        const char *member, *says;
    } flags[] = { { "silent", "SILENT" },
                  { "tampered", "TAMPERED with" },
                  { "battery_low", "battery LOW" },
                  { "clock_wrong", "clock WRONG" } };
    const char *of = line_text(state, "respondent");
    const json_t *accuracy = json_object_get(state, "accuracy");
    char heard[DURATION_TEXT_MAX + 8], talked[DURATION_TEXT_MAX + 8];

    print_part(stdout, "%s, %s%s: ", line_text(state, "device"), of[0] != '\0' ? "of " : "",
               of[0] != '\0' ? of : "under no order");
    if (ago(state, "heard", heard)[0] != '\0')
        print_part(stdout, "heard %s, at %s", heard, line_text(state, "heard"));
    else
        print_part(stdout, "not heard yet");
    if (json_is_number(accuracy))
        print_part(stdout, ", accuracy %.0f m", json_number_value(accuracy));
    if (ago(state, "talked", talked)[0] != '\0')
        print_part(stdout, "; talked without a position %s", talked);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (json_is_true(json_object_get(state, flags[i].member)))
            print_part(stdout, "; %s", flags[i].says);
    }
    print_line(stdout, "%s", "");
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
    if (ok && json)
        line_json(stdout, state);
    else if (ok)
        print_one(state);
    json_decref(state);
    return ok;
}

int ctl_devices(int argc, char **argv)
{
    char ledger[SETTINGS_PATH_MAX];
    struct ctl_options options;
    struct fault why;
    bool ok = true;
    int rest;

    if (!ctl_options(argc, argv, &options, &rest) ||
        (rest == argc && !ctl_one(argc, argv, rest, "ID")))
        return ctl_misused("devices");
    for (int i = rest; i < argc; i++) {
        if (!name_valid(argv[i]))
            return ctl_wrong("%.100s: not 1..%d letters, digits, - _ .", argv[i], NAME_MAX_CHARS);
    }
    if (!control_call_ledger(&options, ledger, &why))
        return ctl_wrong("-c: %s", why.text);
    for (int i = rest; ok && i < argc; i++)
        ok = tell(ledger, argv[i], options.json, &why);
    return ok ? CTL_DONE : ctl_refuse("%s", why.text);
}
