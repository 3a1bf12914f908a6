/* SPDX-License-Identifier: Apache-2.0 */
#include "app/outputs.h"

#include "adapter/log.h"
#include "adapter/text.h"
#include "app/ailments.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <string.h>

/* ---- which they are ---- */

static struct output *find(struct outputs *outputs, const char *name)
{
    for (size_t i = 0; i < outputs->n; i++) {
        if (strcmp(outputs->of[i].name, name) == 0)
            return &outputs->of[i];
    }
    return NULL;
}

static uint32_t *find_other(struct outputs *outputs, const char *name)
{
    uint32_t mark = name_mark(name);

    for (size_t i = 0; i < outputs->n_others; i++) {
        if (outputs->others[i] == mark)
            return &outputs->others[i];
    }
    return NULL;
}

static void note_other(struct outputs *outputs, const char *name)
{
    if (find_other(outputs, name) != NULL)
        return;
    if (outputs->n_others == OUTPUTS_OTHERS)
        outputs->more = true;
    else
        outputs->others[outputs->n_others++] = name_mark(name);
}

static void forget_other(struct outputs *outputs, const char *name)
{
    uint32_t *known = find_other(outputs, name);

    if (known != NULL)
        *known = outputs->others[--outputs->n_others];
}

static void note_down(struct outputs *outputs, const char *name, const char *why)
{
    struct output *known = find(outputs, name);
    struct fault unclean;

    if (known == NULL && outputs->n == OUTPUTS_MAX) {
        note_other(outputs, name);
        return;
    }
    forget_other(outputs, name); // it has room now
    if (known == NULL) {
        known = &outputs->of[outputs->n++];
        strcpy(known->name, name); // name_valid
    }
    text_fit(text_is_clean(why, &unclean) ? why : "", known->why, sizeof known->why);
}

static void note_up(struct outputs *outputs, const char *name)
{
    struct output *known = find(outputs, name);

    outputs->came = outputs->came || outputs->read; // one that is read again leads to no other read
    forget_other(outputs, name);
    if (known == NULL)
        return;
    outputs->n--;
    memmove(known, known + 1, (size_t)(&outputs->of[outputs->n] - known) * sizeof *known);
}

void outputs_begin(struct outputs *outputs)
{
    outputs->n = outputs->n_others = 0;
    outputs->more = outputs->any = outputs->read = outputs->came = false;
}

void outputs_take(struct outputs *outputs, const struct report *report)
{
    bool down = strcmp(report->what, "down") == 0;

    if (!down && strcmp(report->what, "up") != 0)
        return;
    if (!name_valid(report->of)) {
        if (!outputs->garbled)
            log_warning("redis: a report of an output that has no name: left out");
        outputs->garbled = true;
        return;
    }
    outputs->garbled = false;
    outputs->any = true;
    if (down)
        note_down(outputs, report->of, report->why);
    else
        note_up(outputs, report->of);
}

void outputs_read_all(struct outputs *outputs)
{
    outputs->read = true;
}

/* ---- what is told ---- */

static bool has_others(const struct outputs *outputs)
{
    return outputs->n_others > 0 || outputs->more;
}

/*
 * "output arc is down (no answer): …"; of more "outputs arc, wall and others are down: …"; of those
 * alone whose names found no room "outputs are down: …".
 */
static void explain(const struct outputs *outputs, char out[ALERT_REASON_MAX])
{
    static const char tail[] = " and others", end[] = " are down: what happens is not told there";
    int room = ALERT_REASON_MAX - (int)(sizeof tail + sizeof end), n;
    const struct output *first = outputs->of;
    size_t i;

    if (outputs->n == 1 && !has_others(outputs)) {
        snprintf(out, ALERT_REASON_MAX,
                 "output %.*s is down%s%.*s%s: what happens is not told there", NAME_MAX_CHARS,
                 first->name, first->why[0] != '\0' ? " (" : "", OUTPUTS_WHY_MAX - 1, first->why,
                 first->why[0] != '\0' ? ")" : "");
        return;
    }
    n = snprintf(out, (size_t)room, "outputs");
    for (i = 0; i < outputs->n && n + 2 + (int)strlen(outputs->of[i].name) < room; i++)
        n += sprintf(out + n, "%s%s", i > 0 ? ", " : " ", outputs->of[i].name);
    sprintf(out + n, "%s%s", i > 0 && (i < outputs->n || has_others(outputs)) ? tail : "", end);
}

static void tell(struct outputs *outputs, struct pipeline *pipeline, struct ledger *ledger,
                 const char *reason)
{
    static const struct allowance_limit limit = { OUTPUTS_BURST, OUTPUTS_A_DAY };
    struct utc now = pipeline_now(pipeline);
    bool is = outputs->n > 0 || has_others(outputs);

    if (!allowance_has(&outputs->allowance, limit, 1, now) ||
        !ailment_tell(pipeline, ledger, AILMENT_OUTPUTS, is, reason))
        return; // tried a second later
    allowance_spend(&outputs->allowance, limit, 1, now);
    outputs->is = is;
    snprintf(outputs->reported, sizeof outputs->reported, "%s", reason);
}

bool outputs_tick(struct outputs *outputs, struct pipeline *pipeline, struct ledger *ledger)
{
    char reason[ALERT_REASON_MAX] = "every output is up again";
    bool again = outputs->more && outputs->came;

    if (!outputs->read || pipeline_closed(pipeline) != NULL)
        return false;
    if (outputs->n > 0 || has_others(outputs)) {
        explain(outputs, reason);
        if (!outputs->is || strcmp(reason, outputs->reported) != 0)
            tell(outputs, pipeline, ledger, reason);
    } else if (outputs->any && ailment_goes_on(pipeline, AILMENT_OUTPUTS)) {
        tell(outputs, pipeline, ledger, reason);
    }
    if (again) // those that found no room may be down on
        outputs_begin(outputs);
    return again;
}
