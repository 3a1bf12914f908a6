/* SPDX-License-Identifier: Apache-2.0 */
#include "core/custody.h"

#include <string.h>

#include "support/rows.h"

enum { STEPS_MAX = 8, REMIND_S = 300 };

/* What happens to an incident, one after the other. */
enum deed { NOTHING, ALARM, ACK, CLOSE, REMINDED };

struct step {
    enum deed deed;
    int second;          // of an alarm
    const char *by;      // of a word
    const char *reason;  // of a word
    const char *refused; // what its refusal must say; NULL: it stands
};

#define nothing                                                                                    \
    {                                                                                              \
        NOTHING, 0, NULL, NULL, NULL                                                               \
    }
#define alarm(second)                                                                              \
    {                                                                                              \
        ALARM, second, NULL, NULL, NULL                                                            \
    }
#define chased                                                                                     \
    {                                                                                              \
        REMINDED, 0, NULL, NULL, NULL                                                              \
    }
#define acks(by, reason)                                                                           \
    {                                                                                              \
        ACK, 0, by, reason, NULL                                                                   \
    }
#define closes(by, reason)                                                                         \
    {                                                                                              \
        CLOSE, 0, by, reason, NULL                                                                 \
    }
#define refuses(deed, by, reason, words)                                                           \
    {                                                                                              \
        deed, 0, by, reason, words                                                                 \
    }

static const struct row {
    const char *says;
    struct step steps[STEPS_MAX];
    int due; // second of the next escalation; -1: never
    const char *by;
    bool taken, closed;
} rows[] = {
    { "nothing critical was told: nobody is chased", { nothing }, -1, "", false, false },
    { "an alarm is due after remind", { alarm(1000) }, 1300, "", false, false },
    { "then after twice remind", { alarm(1000), chased }, 1600, "", false, false },
    { "then after four times remind", { alarm(1000), chased, chased }, 2200, "", false, false },
    { "and never after that", { alarm(1000), chased, chased, chased }, -1, "", false, false },
    { "taken, nobody is chased", { alarm(1000), acks("PC 42", "") }, -1, "PC 42", true, false },
    { "taken after the first reminder, it is the last",
      { alarm(1000), chased, acks("PC 42", "") },
      -1,
      "PC 42",
      true,
      false },
    { "of two who take it the first has it, and the second is told who",
      { alarm(1000), acks("PC 42", ""), refuses(ACK, "PC 43", "", "taken already, by PC 42") },
      -1,
      "PC 42",
      true,
      false },
    { "the same person twice is refused too",
      { acks("PC 42", ""), refuses(ACK, "PC 42", "", "taken already, by PC 42") },
      -1,
      "PC 42",
      true,
      false },
    { "an approach that is taken becomes a breach: look again",
      { acks("PC 42", ""), alarm(1000) },
      1300,
      "PC 42",
      false,
      false },
    { "a new alarm begins its reminders anew",
      { alarm(1000), chased, chased, chased, alarm(9000) },
      9300,
      "",
      false,
      false },
    { "after a new alarm another may take it",
      { alarm(1000), acks("PC 42", ""), alarm(2000), acks("PC 43", "") },
      -1,
      "PC 43",
      true,
      false },
    { "taken with a reason of the list", { acks("PC 42", "attended") }, -1, "PC 42", true, false },
    { "an ack with a reason of no list is refused",
      { alarm(1000), refuses(ACK, "PC 42", "nonsense", "\"nonsense\" is none of drift") },
      1300,
      "",
      false,
      false },
    { "closed by another than who took it",
      { alarm(1000), acks("PC 42", ""), closes("PC 43", "arrested") },
      -1,
      "PC 43",
      true,
      true },
    { "closed without having been taken is closed",
      { alarm(1000), closes("PC 43", "drift") },
      -1,
      "PC 43",
      true,
      true },
    { "a close without a reason is refused, and somebody is still chased",
      { alarm(1000), refuses(CLOSE, "PC 43", "", "reason: \"\" is none of") },
      1300,
      "",
      false,
      false },
    { "closed twice: the first stands",
      { closes("PC 42", "drift"), refuses(CLOSE, "PC 43", "fined", "closed already, by PC 42") },
      -1,
      "PC 42",
      true,
      true },
    { "what is closed cannot be taken",
      { closes("PC 42", "drift"), refuses(ACK, "PC 43", "", "closed already, by PC 42") },
      -1,
      "PC 42",
      true,
      true },
    { "an alarm of what is closed chases nobody",
      { closes("PC 42", "drift"), alarm(1000) },
      -1,
      "PC 42",
      false,
      true },
    { "nobody's word is refused", { refuses(ACK, "", "", "by: 1..64") }, -1, "", false, false },
    { "64 characters of name are let in",
      { acks("1234567890123456789012345678901234567890123456789012345678901234", "") },
      -1,
      "1234567890123456789012345678901234567890123456789012345678901234",
      true,
      false },
    { "65 are not",
      { { ACK, 0, "12345678901234567890123456789012345678901234567890123456789012345", "",
          "by: 1..64" } },
      -1,
      "",
      false,
      false },
};

static void say(struct custody *custody, const struct step *step)
{
    enum custody_act act = step->deed == ACK ? CUSTODY_ACK : CUSTODY_CLOSE;
    struct custody before = *custody;
    struct fault why;

    if (step->refused == NULL) {
        assert_true(custody_put(custody, act, step->by, step->reason, &why));
        assert_int_equal(custody->alerts, before.alerts + 1);
        return;
    }
    assert_false(custody_put(custody, act, step->by, step->reason, &why));
    assert_non_null(strstr(why.text, step->refused));
    assert_memory_equal(custody, &before, sizeof before);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct custody custody = { 0 };
    struct utc due;

    for (size_t i = 0; i < STEPS_MAX; i++) {
        const struct step *step = &row->steps[i];

        if (step->deed == ALARM)
            custody_alarm(&custody, (struct utc){ step->second * 1000 });
        else if (step->deed == REMINDED)
            custody.reminded++;
        else if (step->deed != NOTHING)
            say(&custody, step);
    }
    due = custody_due(&custody, REMIND_S * 1000);
    assert_int_equal(due.ms, row->due < 0 ? UTC_NEVER.ms : row->due * 1000);
    assert_string_equal(custody.by, row->by);
    assert_int_equal(custody.taken, row->taken);
    assert_int_equal(custody.closed, row->closed);
}

int main(void)
{
    return rows_hold("custody", rows, row_holds);
}
