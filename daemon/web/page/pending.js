// SPDX-License-Identifier: Apache-2.0
// pending.js - words that were sent from this desk, until breachd has answered them: by a change of the
// list, or by a refusal, which may come before the answer that tells the word's id.

const ANSWERED_MS = 5000; // later than that it is said that nobody has answered
const REFUSALS_MAX = 50; // of anybody, the newest: ours may be among them

export class Pending {
    constructor(trouble) {
        this.trouble = trouble;
        this.words = new Map(); // id -> {action, incident, sent}
        this.refusals = new Map(); // id -> {incident, why}
    }

    sent(id, action, incident) {
        const refusal = this.refusals.get(id);
        if (refusal)
            this.say(refusal);
        else
            this.words.set(id, { action, incident, sent: Date.now() });
    }

    refused({ ack, incident, why }) {
        if (this.words.delete(ack))
            this.say({ incident, why });
        this.refusals.set(ack, { incident, why });
        if (this.refusals.size > REFUSALS_MAX)
            this.refusals.delete(this.refusals.keys().next().value);
    }

    say({ incident, why }) {
        this.trouble("sent", `${incident}: refused: ${why}`);
    }

    // Something of the incident has changed: that is the answer.
    answered(incident) {
        for (const [id, word] of this.words) {
            if (word.incident === incident)
                this.words.delete(id);
        }
        if (this.words.size === 0)
            this.trouble("unanswered", "");
    }

    look() {
        const late = [...this.words.values()].find((word) => Date.now() - word.sent > ANSWERED_MS);
        if (late)
            this.trouble("unanswered", `${late.incident}: breachd has not answered yet (${late.action})`);
    }
}
