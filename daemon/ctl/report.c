/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - orders and breaches of a period, as text, JSON or CSV. */
#include "ctl/report.h"

#include "adapter/print.h"
#include "ctl/line.h"
#include "ctl/offline_config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int count(const json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

/* ---- text ---- */

static void print_table(const json_t *rows, const char *label)
{
    const json_t *row;
    size_t i;

    print_line(stdout, "%-24s %8s %8s %8s", label, "new", "in force", "expired");
    json_array_foreach(rows, i, row)
        print_line(stdout, "%-24s %8d %8d %8d", line_text(row, label), count(row, "new"),
                   count(row, "in_force"), count(row, "expired"));
}

static void print_age(const char *what, const json_t *who)
{
    if (json_is_object(who))
        print_line(stdout, "%s %d (%s)", what, count(who, "age"), line_text(who, "town"));
}

static void print_breaches(const json_t *breaches)
{
    const json_t *each = json_object_get(breaches, "alerts_per_breach");
    const json_t *minutes = json_object_get(breaches, "minutes_to_ack");
    const char *outcome;
    json_t *n;

    if (json_is_null(breaches)) {
        puts("breaches: there is no ledger to count them in");
        return;
    }
    print_line(stdout, "breaches %d", count(breaches, "total"));
    json_object_foreach(json_object_get(breaches, "outcomes"), outcome, n)
        print_line(stdout, "  %-22s %8lld", outcome, (long long)json_integer_value(n));
    if (json_is_real(each))
        print_line(stdout, "alerts per breach %.1f", json_real_value(each));
    if (json_is_real(minutes))
        print_line(stdout, "median from ping to ack %.1f minutes", json_real_value(minutes));
    if (count(breaches, "not_taken") > 0)
        print_line(stdout, "taken by nobody %d", count(breaches, "not_taken"));
    if (count(breaches, "permitted") > 0)
        print_line(stdout, "permitted stays, which are no breaches, %d",
                   count(breaches, "permitted"));
}

/* What somebody had taken away: nothing where nothing was. */
static void print_gone(const json_t *evidence)
{
    const char *expired = line_text(evidence, "expired_before");

    if (count(evidence, "expired_bodies") + count(evidence, "expired_alerts") > 0)
        print_line(stdout, "evidence let go by evidence-retention: %d bodies, %d alerts",
                   count(evidence, "expired_bodies"), count(evidence, "expired_alerts"));
    if (expired[0] != '\0')
        print_line(
            stdout,
            "NOT COUNTED: breaches that were over before %s, which evidence-retention let go",
            expired);
    if (count(evidence, "forgotten") > 0)
        print_line(stdout, "respondents forgotten %d", count(evidence, "forgotten"));
    if (count(evidence, "archived") > 0)
        print_line(stdout, "archives that evidence was let go into %d",
                   count(evidence, "archived"));
    if (count(evidence, "lost_alerts") > 0)
        print_line(stdout,
                   "NOT COUNTED: breaches among %d alerts of before %s that Redis had and this "
                   "ledger never: it is new, or an older copy",
                   count(evidence, "lost_alerts"), line_text(evidence, "lost_before"));
    if (count(evidence, "missing") > 0)
        print_line(stdout,
                   "NOT COUNTED: breaches of before %s that are in %d archive%s alone: name the "
                   "file%s behind the options",
                   line_text(evidence, "missing_before"), count(evidence, "missing"),
                   count(evidence, "missing") == 1 ? "" : "s",
                   count(evidence, "missing") == 1 ? "" : "s");
}

static void print_text(const json_t *report)
{
    const json_t *orders = json_object_get(report, "orders");

    print_line(stdout, "from %s to %s: %d new orders, %d in force, %d expired",
               line_text(report, "from"), line_text(report, "to"), count(orders, "new"),
               count(orders, "in_force"), count(orders, "expired"));
    putchar('\n');
    print_table(json_object_get(report, "towns"), "town");
    putchar('\n');
    print_table(json_object_get(report, "kinds"), "kind");
    putchar('\n');
    print_age("youngest", json_object_get(report, "youngest"));
    print_age("oldest", json_object_get(report, "oldest"));
    print_line(stdout, "people protected %d", count(report, "protected"));
    print_breaches(json_object_get(report, "breaches"));
    print_gone(json_object_get(report, "evidence"));
}

/* ---- CSV: a fact a line, so that every figure stands in the same columns ---- */

static void csv_text(const char *text)
{
    putchar('"');
    for (;;) {
        size_t n = strcspn(text, "\"");

        print_bytes(stdout, text, n);
        if (text[n] == '\0')
            break;
        fputs("\"\"", stdout);
        text += n + 1;
    }
    putchar('"');
}

static void csv_line(const char *what, const char *of, double value)
{
    csv_text(what);
    putchar(',');
    csv_text(of);
    print_line(stdout, ",%.10g", value);
}

static void csv_counts(const char *label, const char *name, const json_t *row)
{
    static const char *const kinds[] = { "new", "in_force", "expired" };
    char what[48];

    for (size_t i = 0; i < 3; i++) {
        snprintf(what, sizeof what, "%s %s", label, kinds[i]);
        csv_line(what, name, count(row, kinds[i]));
    }
}

static void csv_breaches(const json_t *breaches)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(breaches, "outcomes"), name, value)
        csv_line("breaches outcome", name, json_number_value(value));
    json_object_foreach((json_t *)breaches, name, value)
    {
        if (json_is_number(value))
            csv_line("breaches", name, json_number_value(value));
    }
}

static void print_csv(const json_t *report)
{
    static const char *const lists[][2] = { { "towns", "town" }, { "kinds", "kind" } };
    static const char *const ends[] = { "youngest", "oldest" };
    const json_t *row;
    size_t k;

    puts("what,of,value");
    csv_counts("orders", "", json_object_get(report, "orders"));
    for (size_t i = 0; i < 2; i++) {
        json_array_foreach(json_object_get(report, lists[i][0]), k, row)
            csv_counts(lists[i][1], line_text(row, lists[i][1]), row);
    }
    for (size_t i = 0; i < 2; i++) {
        row = json_object_get(report, ends[i]);
        if (json_is_object(row))
            csv_line(ends[i], line_text(row, "town"), count(row, "age"));
    }
    csv_line("protected", "", count(report, "protected"));
    csv_breaches(json_object_get(report, "breaches"));
    row = json_object_get(report, "evidence");
    if (json_is_object(row)) {
        csv_line("evidence", "forgotten", count(row, "forgotten"));
        csv_line("evidence", "archived", count(row, "archived"));
        csv_line("evidence", "missing", count(row, "missing"));
        csv_line("evidence", "lost_alerts", count(row, "lost_alerts"));
        csv_line("evidence", "expired_bodies", count(row, "expired_bodies"));
        csv_line("evidence", "expired_alerts", count(row, "expired_alerts"));
    }
}

/* ---- the command ---- */

/* What the command line names behind its options. */
struct archives {
    char *const *of;
    size_t n;
};

/* Null where there is no ledger; NULL with the reason when there is one that cannot be read. */
static json_t *count_breaches(const struct ctl_options *options,
                              const struct offline_config *config, struct archives archives,
                              struct period period, json_t **out_gone, struct fault *why)
{
    const char *path = options->ledger ? options->ledger : config->settings.ledger;
    struct report_ledgers ledgers = { 0 };
    json_t *breaches = NULL;

    if (options->ledger == NULL && archives.n == 0 && access(path, F_OK) != 0)
        return json_null();
    if (report_ledgers_open(path, archives.of, archives.n, &ledgers, why))
        breaches = report_breaches(&ledgers, period, options->exercise, why);
    if (breaches != NULL && (*out_gone = report_removals(&ledgers, period, why)) == NULL) {
        json_decref(breaches);
        breaches = NULL;
    }
    report_ledgers_close(&ledgers);
    return breaches;
}

static bool read_period(const struct ctl_options *options, const struct offline_config *config,
                        struct period *out, struct fault *why)
{
    return offline_config_instant(config, options->from, false, &out->from, why) &&
           offline_config_instant(config, options->to, true, &out->to, why) &&
           (out->from.ms < out->to.ms || fault_set(why, "--from must lie before --to"));
}

static json_t *make_report(const struct ctl_options *options, const struct offline_config *config,
                           struct archives archives, struct period period, struct fault *why)
{
    json_t *report, *breaches, *gone = json_null();

    breaches = count_breaches(options, config, archives, period, &gone, why);
    if (breaches == NULL)
        return NULL;
    report = report_orders(config->rules, period);
    json_object_set_new(report, "from", json_string(options->from));
    json_object_set_new(report, "to", json_string(options->to));
    json_object_set_new(report, "site", json_string(config->settings.site));
    json_object_set_new(report, "breaches", breaches);
    json_object_set_new(report, "evidence", gone);
    if (report == NULL)
        fault_set(why, "out of memory");
    return report;
}

static bool is_one_form(const struct ctl_options *options)
{
    if (options->json && options->csv)
        ctl_wrong("--json and --csv: one of them");
    return !options->json || !options->csv;
}

int ctl_report(int argc, char **argv)
{
    struct offline_config config = { 0 };
    struct ctl_options options;
    struct archives archives;
    struct period period;
    json_t *report = NULL;
    struct fault why;
    int rest, code = CTL_FAILED;

    if (!ctl_options(argc, argv, &options, &rest) || !ctl_given(options.from, "--from DATE") ||
        !ctl_given(options.to, "--to DATE") || !is_one_form(&options))
        return ctl_misused("report");
    archives = (struct archives){ argv + rest, (size_t)(argc - rest) };
    if (offline_config_open_beside(options.settings, options.orders, &config, &why)) {
        if (!read_period(&options, &config, &period, &why))
            code = CTL_USAGE;
        else
            report = make_report(&options, &config, archives, period, &why);
    }
    if (report != NULL && options.json) {
        line_json(stdout, report);
    } else if (report != NULL) {
        (options.csv ? print_csv : print_text)(report);
    }
    offline_config_close(&config);
    if (report == NULL)
        return code == CTL_USAGE ? ctl_wrong("%s", why.text) : ctl_refuse("%s", why.text);
    json_decref(report);
    return CTL_DONE;
}
