/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sync_poll.h"

bool sync_poll_due(const struct sync_poll *poll, struct tick now)
{
    return !poll->begun || (now.ms >= poll->due.ms && now.ms - poll->asked.ms >= SYNC_POLL_GAP_MS);
}

void sync_poll_ask(struct sync_poll *poll, struct tick now)
{
    poll->begun = true;
    poll->asked = now;
}

static int next_pause(struct sync_poll *poll)
{
    int pause = poll->pause_ms > 0 ? poll->pause_ms : SYNC_POLL_PAUSE_MIN_MS;

    poll->pause_ms = pause < SYNC_POLL_PAUSE_MAX_MS / 2 ? 2 * pause : SYNC_POLL_PAUSE_MAX_MS;
    return pause;
}

void sync_poll_hear(struct sync_poll *poll, enum sync_answer answer, struct tick now)
{
    if (answer == SYNC_NONE) {
        poll->due.ms = now.ms + next_pause(poll);
        return;
    }
    poll->pause_ms = 0;
    poll->due.ms = now.ms + (answer == SYNC_YES ? SYNC_POLL_YES_MS : SYNC_POLL_NO_MS);
}

void sync_poll_set(struct sync_poll *poll)
{
    poll->due = poll->asked;
}
