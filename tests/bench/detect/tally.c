/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tally.h"

#include "detect/query.h"

#include <err.h>
#include <math.h>
#include <string.h>

static const unsigned visits = BIT(STAY_LONG) | BIT(STAY_SHORT);
static const unsigned comers = BIT(STAY_LONG) | BIT(STAY_SHORT) | BIT(WALK_THROUGH) |
                               BIT(CYCLE_THROUGH) | BIT(DRIVE_THROUGH) | BIT(DRIVE_30MPH);

const char *tally_stays(enum tally_stay stay)
{
    static const char *const names[TALLY_STAYS] = {
        [STAYS_RIGHT] = "accuracy told right, all skies",
        [STAYS_FINE] = "told right, 15 m or better",
        [STAYS_CANYON] = "told right, urban canyon",
        [STAYS_DOUBTFUL] = "optimistic by 2, all skies",
        [STAYS_ABSENT] = "absent, all skies",
    };

    return names[stay];
}

const char *tally_days(enum tally_day day)
{
    static const char *const names[TALLY_DAYS] = {
        "stand 10 m beside",  "stand 20 m beside",     "stand 30 m beside",
        "stand 50 m beside",  "stand 100 m beside",    [DAYS_LIVE] = "live 15 to 60 m beside",
        [DAYS_PASS] = "pass", [DAYS_FAR] = "far away", [DAYS_VISIT] = "who come and go",
    };

    return names[day];
}

static struct query stays_of(enum tally_stay stay, enum judge judge)
{
    struct query query = query_all;

    query.behaviours = visits;
    query.judge = (int)judge;
    query.coverage = SEEN_DEEP;
    query.claim = stay == STAYS_DOUBTFUL ? CLAIM_OPTIMISTIC
                  : stay == STAYS_ABSENT ? CLAIM_ABSENT
                                         : CLAIM_RIGHT;
    if (stay == STAYS_FINE)
        query.accuracy = 15;
    if (stay == STAYS_CANYON)
        query.sky = SKY_CANYON;
    return query;
}

static void count_stays(const struct results *results, const struct query *query,
                        struct stay_tally *out)
{
    static const double parts[] = { 0.5, 0.95 };
    struct rates rates = query_rates(results, query);

    out->n = rates.stays;
    if (rates.stays > 0) {
        out->missed_possible = rates.stays - (size_t)llround(rates.possible * (double)rates.stays);
        out->missed_breach = rates.stays - (size_t)llround(rates.breach * (double)rates.stays);
    }
    for (int i = 0; i < 2; i++) {
        out->possible_s[i] = query_delay(results, query, POSSIBLE_SECONDS, parts[i]);
        out->breach_s[i] = query_delay(results, query, BREACH_SECONDS, parts[i]);
    }
}

static bool in_day(int day, const struct setting *setting)
{
    if (day == DAYS_LIVE)
        return setting->behaviour == LIVE_BESIDE;
    if (day == DAYS_PASS)
        return setting->behaviour == PASS_BY;
    if (day == DAYS_FAR)
        return setting->behaviour == FAR_AWAY;
    if (day == DAYS_VISIT)
        return (comers & BIT(setting->behaviour)) != 0;
    return setting->behaviour == STAND_BESIDE && setting->beside == day - DAYS_STAND;
}

static void count_days(const struct results *results, int day, enum judge judge,
                       struct day_tally *out)
{
    for (size_t i = 0; i < results->n; i++) {
        const struct result *one = &results->list[i];

        if (one->judge != judge || one->setting.claim != CLAIM_RIGHT || !in_day(day, &one->setting))
            continue;
        out->runs++;
        out->days += one->outside / 86400;
        out->possibles += one->false_possibles;
        out->breaches += one->false_breaches;
        out->with_possible += one->false_possibles > 0;
        out->with_breach += one->false_breaches > 0;
    }
}

void tally_of(const struct results *results, enum judge judge, struct tally *out)
{
    *out = (struct tally){ 0 };
    for (enum tally_stay stay = 0; stay < TALLY_STAYS; stay++) {
        struct query query = stays_of(stay, judge);

        count_stays(results, &query, &out->stays[stay]);
    }
    for (int day = 0; day < TALLY_DAYS; day++)
        count_days(results, day, judge, &out->days[day]);
}

bool tally_save(const struct tally *tally, const char *title, FILE *out)
{
    fprintf(out, "# %s\n", title);
    for (int i = 0; i < TALLY_STAYS; i++) {
        const struct stay_tally *row = &tally->stays[i];

        fprintf(out, "stays %d %zu %zu %zu %.9g %.9g %.9g %.9g\n", i, row->n, row->missed_possible,
                row->missed_breach, row->possible_s[0], row->possible_s[1], row->breach_s[0],
                row->breach_s[1]);
    }
    for (int i = 0; i < TALLY_DAYS; i++) {
        const struct day_tally *row = &tally->days[i];

        fprintf(out, "days %d %zu %zu %zu %.9g %.9g %.9g\n", i, row->runs, row->with_possible,
                row->with_breach, row->days, row->possibles, row->breaches);
    }
    return fflush(out) == 0 && !ferror(out);
}

static bool read_stays(FILE *in, int nth, struct stay_tally *row)
{
    int got;

    return fscanf(in, " stays %d %zu %zu %zu %lg %lg %lg %lg", &got, &row->n, &row->missed_possible,
                  &row->missed_breach, &row->possible_s[0], &row->possible_s[1], &row->breach_s[0],
                  &row->breach_s[1]) == 8 &&
           got == nth;
}

static bool read_days(FILE *in, int nth, struct day_tally *row)
{
    int got;

    return fscanf(in, " days %d %zu %zu %zu %lg %lg %lg", &got, &row->runs, &row->with_possible,
                  &row->with_breach, &row->days, &row->possibles, &row->breaches) == 7 &&
           got == nth;
}

void tally_load(const char *path, char title[TALLY_TITLE_MAX], struct tally *out)
{
    FILE *in = fopen(path, "re");
    bool whole;

    if (in == NULL)
        err(2, "%s", path);
    whole = fgets(title, TALLY_TITLE_MAX, in) != NULL && strncmp(title, "# ", 2) == 0;
    for (int i = 0; whole && i < TALLY_STAYS; i++)
        whole = read_stays(in, i, &out->stays[i]);
    for (int i = 0; whole && i < TALLY_DAYS; i++)
        whole = read_days(in, i, &out->days[i]);
    fclose(in);
    if (!whole)
        errx(2, "%s: no whole tally", path);
    title[strcspn(title, "\n")] = '\0';
    memmove(title, title + 2, strlen(title + 2) + 1);
}
