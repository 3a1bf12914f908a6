/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_rules.h - by what breachd judges now, and what it knows of devices, as the ledger has it:
 * bodies of entries, whose members breachctl(1) tells.
 */
#ifndef ADAPTER_LEDGER_LEDGER_RULES_H
#define ADAPTER_LEDGER_LEDGER_RULES_H

#include "adapter/ledger/ledger_reader.h"
#include "core/track.h"

/*
 * The body of the newest entry `started` or `reload`, which names the list of texts in force; the
 * caller frees. NULL and why: there is none.
 */
char *ledger_rules_newest(struct ledger_reader *reader, struct fault *why);

/* The list of that digest; the caller frees. NULL and why: it is not there. */
char *ledger_rules_list(struct ledger_reader *reader, const char *hex, struct fault *why);

/* Every text of an order that was ever in force, each once. */
bool ledger_rules_texts(struct ledger_reader *reader, void (*on_body)(const char *body, void *arg),
                        void *arg, struct fault *why);

/* What is known of each device, by id; of one that cannot be read what can be gone on with. */
bool ledger_rules_devices(struct ledger_reader *reader,
                          void (*on_device)(const char *id, const struct known_device *known,
                                            void *arg),
                          void *arg, struct fault *why);

#endif
