/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines that somebody kept tell a link: events, and the log in the ways it is kept. */
#include "ctl/anchors.h"

#include <stdio.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

#define DIGEST "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define LINK   "newest link 412 " DIGEST

static const struct row {
    const char *says, *line;
    uint64_t number; // 0: none
} rows[] = {
    { "verify's own", LINK, 412 },
    { "journalctl", "Nov 30 06:31:54 essex-1 breachd[812]: chain: " LINK, 412 },
    { "journalctl -o cat", "chain: " LINK, 412 },
    { "journalctl -o short-iso", "2026-11-30T06:31:54+0000 essex-1 breachd[812]: chain: " LINK,
      412 },
    { "journalctl -o short-monotonic", "[ 4711.081500] essex-1 breachd[812]: chain: " LINK, 412 },
    { "journalctl -o json", "{\"MESSAGE\":\"chain: " LINK "\",\"_PID\":\"812\"}", 412 },
    { "rsyslog's file", "2026-11-30T06:31:54.081500+00:00 essex-1 breachd[812]: chain: " LINK,
      412 },
    { "rsyslog's file of before", "Nov 30 06:31:54 essex-1 breachd: chain: " LINK, 412 },
    { "of a terminal", "breachd: chain: " LINK, 412 },
    { "with who was forgotten", "breachd: chain: " LINK " (forgotten: R-1)\r", 412 },
    { "another's words", "Nov 30 06:31:54 essex-1 breachd[812]: http: x: chain: " LINK, 0 },
    { "another's words again", "Nov 30 06:31:54 essex-1 breachd[812]: " LINK, 0 },
    { "a digest that was cut off", "breachd: chain: newest link 412 9f86", 0 },
    { "no link", "breachd: chain: the newest link is not told", 0 },
};

static void each_row_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct anchors anchors = { 0 };
        char text[512];
        struct fault why;
        bool ok;

        snprintf(text, sizeof text, "-- a header --\n%s\n", rows[i].line);
        scratch_write("kept", text);
        ok = anchors_read(&anchors, "kept", &why);
        if (ok != (rows[i].number > 0) ||
            (ok && (anchors.n != 1 || anchors.all[0].number != rows[i].number ||
                    strcmp(anchors.all[0].digest, DIGEST) != 0)))
            fail_msg("%s: %s", rows[i].says, ok ? "another one" : why.text);
        anchors_fini(&anchors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_row_holds, scratch_setup, scratch_teardown),
    };

    return cmocka_run_group_tests_name("anchors", tests, NULL, NULL);
}
