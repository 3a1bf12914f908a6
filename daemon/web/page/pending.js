// SPDX-License-Identifier: Apache-2.0
// pending.js - words that were sent from this desk. A change of the list answers them, or seems to: it
// may be another desk's. A refusal may come before the answer that tells the word's id, or long after.

const ANSWERED_MS = 5000; // later than that it is said that nobody has answered
const REFUSALS_MAX = 50; // of anybody, the newest: ours may be among them
const WORDS_MAX = 50; // of ours, the newest: a refusal may still come

export class Pending {
    constructor(trouble) {
        this.trouble = trouble;
        this.words = new Map(); // id -> {action, incident, sent, answered}
        this.on_way = new Set(); // words that have no id yet
        this.refusals = new Map(); // id -> {incident, why}
    }

    // Before it is sent: what answers it may come before its id does.
    begin(action, incident) {
        const word = { action, incident, sent: Date.now(), answered: false };
        this.on_way.add(word);
        return word;
    }

    // It could not be sent: whoever sent it is told otherwise.
    drop(word) {
        this.on_way.delete(word);
    }

    sent(id, word) {
        const refusal = this.refusals.get(id);
        this.on_way.delete(word);
        if (refusal)
            return this.say(refusal);
        this.words.set(id, word);
        if (this.words.size > WORDS_MAX)
            this.words.delete(this.words.keys().next().value);
        this.clear();
    }

    refused({ ack, incident, why }) {
        if (this.words.delete(ack)) {
            this.say({ incident, why });
            this.clear();
        }
        this.refusals.set(ack, { incident, why });
        if (this.refusals.size > REFUSALS_MAX)
            this.refusals.delete(this.refusals.keys().next().value);
    }

    say({ incident, why }) {
        this.trouble("sent", `${incident}: refused: ${why}`);
    }

    // Something of the incident has changed: no answer is waited for, and a refusal is still told.
    answered(incident) {
        for (const word of [...this.words.values(), ...this.on_way])
            word.answered ||= word.incident === incident;
        this.clear();
    }

    clear() {
        if ([...this.words.values()].every((word) => word.answered))
            this.trouble("unanswered", "");
    }

    look() {
        const late = [...this.words.values()].find((word) => !word.answered &&
            Date.now() - word.sent > ANSWERED_MS);
        if (late)
            this.trouble("unanswered", `${late.incident}: breachd has not answered yet (${late.action})`);
    }
}
