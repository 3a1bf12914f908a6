/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_rules.h - the rules are put in force, and swapped. */
#ifndef APP_PIPELINE_RULES_H
#define APP_PIPELINE_RULES_H

#include <stdbool.h>

struct fault;
struct ledger;
struct pipeline;
struct prepared;
struct rulebook;

/*
 * Puts the rules in force and recalls from the ledger what was known. After pipeline_judge_all, and
 * once nobody is left to judge, pings may come. As pipeline_adopt takes *fresh.
 */
bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, struct prepared *fresh,
                    struct fault *why);

/*
 * Swaps the rules, at once: from now on everybody is judged by the new ones, and a round begins in
 * which everybody is judged again and what is withdrawn ends. The config stays the caller's, and
 * must live while it is in force or pipeline_needs it. Takes texts and slots; the slots that are
 * left in *fresh are old ones, to be destroyed.
 */
void pipeline_adopt(struct pipeline *pipeline, struct prepared *fresh);

/*
 * Whether what is withdrawn may still be told by the words of these rules, which were in force:
 * until the round is over and the end of everything withdrawn is kept. Of so many at most: what was
 * withdrawn so many reloads ago and could never be ended is told by its names.
 */
enum { PIPELINE_OLD_MAX = 3 };
bool pipeline_needs(const struct pipeline *pipeline, const struct rulebook *rules);

#endif
