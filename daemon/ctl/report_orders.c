/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/report.h"

#include <stdlib.h>
#include <string.h>

/* What an order counts as in the period. */
struct count {
    const char *name;
    int in_force, fresh, expired;
};

static struct count count_of(const struct order *order, struct period period)
{
    return (struct count){
        .in_force = order->from.ms < period.to.ms && order->until.ms > period.from.ms,
        .fresh = order->from.ms >= period.from.ms &&
                 order->from.ms<period.to.ms, .expired = order->until.ms> period.from.ms &&
                 order->until.ms <= period.to.ms,
    };
}

static const char *town_of(const struct order *order)
{
    return order->area ? order->area : "(no area)";
}

static const char *kind_of(const struct order *order)
{
    return order->kind ? order->kind : "other";
}

/* Most new ones first, then most in force, then by name. */
static int by_number(const void *a, const void *b)
{
    const struct count *one = a, *other = b;

    if (one->fresh != other->fresh)
        return other->fresh - one->fresh;
    if (one->in_force != other->in_force)
        return other->in_force - one->in_force;
    return strcmp(one->name, other->name);
}

static json_t *count_json(const struct count *count, const char *label)
{
    return json_pack("{s:s*,s:i,s:i,s:i}", label, count->name, "new", count->fresh, "in_force",
                     count->in_force, "expired", count->expired);
}

static void add(struct count *sum, const struct count *one)
{
    sum->in_force += one->in_force;
    sum->fresh += one->fresh;
    sum->expired += one->expired;
}

/* A row a town or kind, as `name_of` says; rows of nothing are left out. */
static json_t *tally(const struct rulebook *rules, struct period period, const char *label,
                     const char *(*name_of)(const struct order *))
{
    size_t orders = rulebook_counts(rules).orders, n = 0;
    struct count *rows = calloc(orders + 1, sizeof *rows);
    json_t *array = rows != NULL ? json_array() : NULL;

    for (size_t i = 0; rows != NULL && i < orders; i++) {
        const struct order *order = rulebook_order(rules, i);
        struct count one = count_of(order, period);
        size_t row = 0;

        while (row < n && strcmp(rows[row].name, name_of(order)) != 0)
            row++;
        if (row == n)
            rows[n++].name = name_of(order);
        add(&rows[row], &one);
    }
    if (rows != NULL)
        qsort(rows, n, sizeof *rows, by_number);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].in_force > 0 || rows[i].expired > 0)
            json_array_append_new(array, count_json(&rows[i], label));
    }
    free(rows);
    return array;
}

/* The end of the ages of new orders: sign 1 for the oldest, -1 for the youngest. */
static json_t *at_end(const struct rulebook *rules, struct period period, int sign)
{
    const struct order *end = NULL;

    for (size_t i = 0; i < rulebook_counts(rules).orders; i++) {
        const struct order *order = rulebook_order(rules, i);

        if (order->age >= 0 && count_of(order, period).fresh > 0 &&
            (end == NULL || sign * order->age > sign * end->age))
            end = order;
    }
    return end != NULL ? json_pack("{s:i,s:s}", "age", end->age, "town", town_of(end))
                       : json_null();
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One for each respondent who was bound: an order does not tell whom it protects. */
static int protected_people(const struct rulebook *rules, struct period period)
{
    size_t orders = rulebook_counts(rules).orders, n = 0;
    const char **bound = calloc(orders + 1, sizeof *bound);
    int people = 0;

    for (size_t i = 0; bound != NULL && i < orders; i++) {
        if (count_of(rulebook_order(rules, i), period).in_force > 0)
            bound[n++] = rulebook_order(rules, i)->respondent;
    }
    if (bound != NULL)
        qsort(bound, n, sizeof *bound, by_text);
    for (size_t i = 0; i < n; i++)
        people += i == 0 || strcmp(bound[i - 1], bound[i]) != 0;
    free(bound);
    return people;
}

json_t *report_orders(const struct rulebook *rules, struct period period)
{
    struct count all = { 0 };

    for (size_t i = 0; i < rulebook_counts(rules).orders; i++) {
        struct count one = count_of(rulebook_order(rules, i), period);

        add(&all, &one);
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:i}", "orders", count_json(&all, "all"), "towns",
                     tally(rules, period, "town", town_of), "kinds",
                     tally(rules, period, "kind", kind_of), "youngest", at_end(rules, period, -1),
                     "oldest", at_end(rules, period, 1), "protected",
                     protected_people(rules, period));
}
