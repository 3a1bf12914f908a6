// SPDX-License-Identifier: Apache-2.0
// reading.js - the list, and the alerts of before, read at the start and whenever a stream begins: that tells
// no change of before. What is wrong is told, and tried again.

import { get_own } from "./api.js";
import { trouble } from "./troubles.js";

const AGAIN_MS = 2000; // the list could not be read: tried again

export class Reading {
    // `hear`: taken(), the list is in the model; alert(alert, then), of one of before; whole(), all was
    // read; out(), nobody is logged in any more.
    constructor(model, hear) {
        this.model = model;
        this.hear = hear;
        this.mine = null; // the read that goes on: another one that begins takes its place
        this.alerts_due = true;
    }

    // Alerts are missing too.
    from_the_start() {
        this.alerts_due = true;
        this.again();
    }

    async again() {
        const mine = this.mine = {}, touched = this.model.begin_list();
        clearTimeout(this.timer);
        try {
            const { items, left_out } = await get_own("/todo");
            if (!this.model.take_list(items, touched))
                return;
            say_left_out({ left_out });
            this.hear.taken();
            await this.read_alerts();
        } catch (why) {
            if (mine === this.mine)
                this.later(why);
            return;
        }
        if (mine !== this.mine)
            return;
        trouble("list", "");
        this.hear.whole();
    }

    later(why) {
        if (why.status === 401)
            return this.hear.out();
        trouble("list", `The list is not known here: ${why.message}`);
        this.timer = setTimeout(() => this.again(), AGAIN_MS);
    }

    stop() {
        clearTimeout(this.timer);
        this.mine = null;
    }

    // Of before, and of what the stream left out: the stories, which are told once each.
    async read_alerts() {
        if (!this.alerts_due)
            return;
        trouble("before", "");
        for (const { id, event } of (await get_own("/alerts")).alerts)
            this.try_alert(event, Number.parseInt(id, 10)); // of an id of Redis, its clock's milliseconds
        this.alerts_due = false;
    }

    // One that is none hides no other.
    try_alert(event, then) {
        try {
            this.hear.alert(event, then);
        } catch (why) {
            trouble("before", `An alert of before could not be read: ${why.message}`);
        }
    }
}

export function say_left_out({ left_out }) {
    trouble("left-out", left_out ? "The list has more than can be shown here: somebody may be inside by it: " +
        "breachctl open" : "");
}
