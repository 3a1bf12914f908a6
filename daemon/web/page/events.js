// SPDX-License-Identifier: Apache-2.0
// events.js - the stream of events, and whether anybody is at its other end. A browser takes up
// a stream where it broke by itself (Last-Event-ID); what it cannot know is told as a trouble.

import { who_am_i } from "./api.js";

const BEATS = 3; // missed in a row, nobody watches: breachd-web says so, and this page if it hears nothing
const LATE_MS = 2000; // at most, from a beat to this page: breachd-web looks each second
const AGAIN_MS = 2000; // between two tries to open a stream that was refused
const STALLED_MS = 10000; // of a stream that says nothing whatever, at the least
const BEAT_MS = 20000; // of a beat that does not say how often one comes
const BEAT_MOST_MS = 3600000; // as breachd.conf has it: whatever a beat says, a page does not wait for ever

export class Events {
    constructor(hear) {
        this.hear = hear; // {opened, known, alert, todo, left_out, beat, gap, refused, out, trouble}
        this.beat_ms = BEAT_MS;
        this.last_beat = this.last_word = Date.now(); // of breachd; of breachd-web, whatever it was
        this.sequence = null;
        this.known = new Set(); // kinds of trouble that are told
        this.closed = false;
    }

    open() {
        this.last_word = Date.now();
        this.source = new EventSource("/events");
        this.source.onopen = () => {
            this.set_trouble("connection", "");
            this.hear.opened();
        };
        this.source.onerror = () => this.on_error();
        this.source.addEventListener("alert", (e) => this.take(e, (alert) => this.on_alert(alert)));
        this.source.addEventListener("todo", (e) => this.take(e, this.hear.todo));
        this.source.addEventListener("heartbeat", (e) => this.take(e, (beat) => this.on_beat(beat)));
        this.source.addEventListener("lost", (e) => this.take(e, (lost) => this.on_lost(lost)));
        this.source.addEventListener("gap", () => {
            this.set_trouble("gap", "Alerts are missing: not all that came while this page was away is known here");
            this.sequence = null;
            this.hear.gap();
        });
        this.source.addEventListener("left-out", (e) => this.take(e, this.hear.left_out));
        this.source.addEventListener("refused", (e) => this.take(e, this.hear.refused));
        this.source.addEventListener("out", () => this.hear.out());
        this.timer = setInterval(() => this.look(), 1000);
    }

    // A browser takes up what broke, and gives up what was refused: that is for us to try again. Behind
    // a proxy the answer may be another session's, with another word against forged requests.
    on_error() {
        this.set_trouble("connection", "Connection lost: nothing new is seen here");
        if (this.source.readyState !== EventSource.CLOSED)
            return;
        clearInterval(this.timer);
        this.again = setTimeout(() => this.try_again(), AGAIN_MS);
    }

    // Of a path that carries nothing any more a browser knows nothing: a new connection may well do.
    reopen() {
        this.source.close();
        clearInterval(this.timer);
        this.try_again();
    }

    async try_again() {
        let me;
        try {
            me = await who_am_i();
        } catch (why) {
            if (!this.closed)
                why.status === 401 ? this.hear.out() : this.on_error();
            return;
        }
        if (this.closed)
            return;
        this.hear.known(me);
        this.open();
    }

    // The list was read anew: what was missed of alerts hides nothing that needs somebody.
    whole() {
        this.set_trouble("gap", "");
    }

    close() {
        this.closed = true;
        this.source?.close();
        clearInterval(this.timer);
        clearTimeout(this.again);
    }

    // What cannot be read is told, and hides nothing that comes after it.
    take(event, use) {
        this.last_word = Date.now();
        try {
            use(JSON.parse(event.data));
            this.set_trouble("reading", "");
        } catch (why) {
            this.set_trouble("reading", `An event could not be read: ${why.message}`);
        }
    }

    // A hole may be no more than numbers that were begun anew, or an alert that was left out as too
    // large: the list, read anew, tells whether it hides anything.
    on_alert(alert) {
        const sequence = Number(alert.sequence), before = this.sequence;
        if (Number.isSafeInteger(sequence)) // of one without a number nothing follows
            this.sequence = Math.max(before ?? 0, sequence);
        if (before !== null && sequence > before + 1) {
            this.set_trouble("gap", `Alerts ${before + 1} to ${sequence - 1} are missing`);
            this.hear.gap();
        }
        this.hear.alert(alert);
    }

    // The first of a stream, of whenever it is opened, may be old: it says how old, and how often one comes.
    on_beat(beat) {
        const age_ms = beat.age >= 0 ? beat.age * 1000 : 0;
        this.beat_ms = beat.interval > 0 ? Math.min(beat.interval * 1000, BEAT_MOST_MS) : BEAT_MS;
        this.last_beat = Date.now() - age_ms;
        this.set_trouble("beat", beat.stopped ? "breachd was stopped: nobody watches" : "");
        this.set_trouble("blind", beat.blind ? "breachd is blind: it takes no ping" : "");
        this.set_trouble("redis", "");
        this.hear.beat(beat, this.last_beat);
        this.look_for_beat();
    }

    on_lost(lost) {
        if (lost.what === "redis")
            this.set_trouble("redis", "Redis is lost: nothing new is seen here");
        else
            this.set_trouble("beat", "breachd is not heard: nobody watches");
    }

    look() {
        this.look_for_beat();
        if (Date.now() - this.last_word > Math.max(2 * BEATS * this.beat_ms, STALLED_MS))
            this.reopen();
    }

    look_for_beat() {
        const quiet = Date.now() - this.last_beat;
        if (quiet > BEATS * this.beat_ms + LATE_MS)
            this.set_trouble("beat", `breachd has not been heard for ${Math.round(quiet / 1000)} s`);
    }

    set_trouble(kind, text) {
        if (text !== "" || this.known.has(kind))
            this.hear.trouble(kind, text);
        text === "" ? this.known.delete(kind) : this.known.add(kind);
    }
}
