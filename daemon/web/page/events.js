// SPDX-License-Identifier: Apache-2.0
// events.js - the stream of events, and whether anybody is at its other end. A browser takes up
// a stream where it broke by itself (Last-Event-ID); what it cannot know is told as a trouble.

import { get } from "./api.js";

const BEATS = 3; // missed in a row, nobody watches
const AGAIN_MS = 2000; // between two tries to open a stream that was refused
const BEAT_MS = 20000; // until two beats have told how often one comes

export class Events {
    constructor(hear) {
        this.hear = hear; // {opened, alert, todo, beat, gap, refused, out, trouble}
        this.beat_ms = BEAT_MS;
        this.beaten = false;
        this.last_beat = Date.now();
        this.sequence = null;
        this.known = new Set(); // kinds of trouble that are told
    }

    open() {
        this.source = new EventSource("/events");
        this.source.onopen = () => {
            this.settle("connection", "");
            this.hear.opened();
        };
        this.source.onerror = () => this.on_error();
        this.source.addEventListener("alert", (e) => this.take(e, (alert) => this.on_alert(alert)));
        this.source.addEventListener("todo", (e) => this.take(e, this.hear.todo));
        this.source.addEventListener("heartbeat", (e) => this.take(e, (beat) => this.on_beat(beat)));
        this.source.addEventListener("lost", (e) => this.take(e, (lost) => this.on_lost(lost)));
        this.source.addEventListener("gap", () => {
            this.settle("gap", "Alerts are missing: not all that came while this page was away is known here");
            this.sequence = null;
            this.hear.gap();
        });
        this.source.addEventListener("refused", (e) => this.take(e, this.hear.refused));
        this.source.addEventListener("out", () => this.hear.out());
        this.timer = setInterval(() => this.look(), 1000);
    }

    // A browser takes up what broke, and gives up what was refused: that is for us to try again.
    on_error() {
        this.settle("connection", "Connection lost: nothing new is seen here");
        if (this.source.readyState !== EventSource.CLOSED)
            return;
        clearInterval(this.timer);
        setTimeout(() => get("/me").then(() => this.open(),
            (why) => why.status === 401 ? this.hear.out() : this.on_error()), AGAIN_MS);
    }

    // The list was read anew: what was missed of alerts hides nothing that needs somebody.
    whole() {
        this.settle("gap", "");
    }

    close() {
        this.source?.close();
        clearInterval(this.timer);
    }

    // What cannot be read is told, and hides nothing that comes after it.
    take(event, use) {
        try {
            use(JSON.parse(event.data));
            this.settle("reading", "");
        } catch (why) {
            this.settle("reading", `An event could not be read: ${why.message}`);
        }
    }

    on_alert(alert) {
        const sequence = Number(alert.sequence);
        if (this.sequence !== null && sequence > this.sequence + 1)
            this.settle("gap", `Alerts ${this.sequence + 1} to ${sequence - 1} are missing`);
        this.sequence = Math.max(this.sequence ?? 0, sequence);
        this.hear.alert(alert);
    }

    on_beat(beat) {
        if (this.beaten)
            this.beat_ms = Math.min(Math.max(Date.now() - this.last_beat, 1000), BEAT_MS);
        this.beaten = true;
        this.last_beat = Date.now();
        this.settle("beat", beat.stopped ? "breachd was stopped: nobody watches" : "");
        this.settle("blind", beat.blind ? "breachd is blind: it takes no ping" : "");
        this.settle("redis", "");
        this.hear.beat(beat);
    }

    on_lost(lost) {
        this.beaten = false; // how long that lasts is no interval
        if (lost.what === "redis")
            this.settle("redis", "Redis is lost: nothing new is seen here");
        else
            this.settle("beat", "breachd is not heard: nobody watches");
    }

    look() {
        const quiet = Date.now() - this.last_beat;
        if (quiet > BEATS * this.beat_ms)
            this.settle("beat", `breachd has not been heard for ${Math.round(quiet / 1000)} s`);
    }

    settle(kind, text) {
        if (text !== "" || this.known.has(kind))
            this.hear.trouble(kind, text);
        text === "" ? this.known.delete(kind) : this.known.add(kind);
    }
}
