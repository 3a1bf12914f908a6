// SPDX-License-Identifier: Apache-2.0
// desk.js - the desk: the list, what is chosen, what is done to it, and the stream behind them.

import { ask } from "./actions.js";
import { get_incident, get_map, post, who_am_i } from "./api.js";
import { Chosen } from "./chosen.js";
import { by_id } from "./dom.js";
import { Events } from "./events.js";
import { History } from "./history.js";
import { List } from "./list.js";
import { draw_map, forget_map } from "./map.js";
import { Model, is_exercise } from "./model.js";
import { Pending } from "./pending.js";
import { Reading, say_left_out } from "./reading.js";
import { deaf, trouble, watch_troubles } from "./troubles.js";
import { age, clock_of, set_now, type_label } from "./labels.js";

const RESTS_MS = 300; // on one that is chosen: then what is not known of it is asked for

export class Desk {
    // Until `open` nothing is asked. `on_out` is called when nobody is logged in any more.
    constructor(me, sound, on_out) {
        this.me = me;
        this.sound = sound;
        this.on_out = on_out;
        this.model = new Model();
        this.pending = new Pending(trouble);
        watch_troubles(() => this.refresh_alarm());
        this.list = new List(this.model, (incident) => this.choose(incident));
        this.history = new History((item) => this.choose_past(item));
        this.chosen = new Chosen(this.model, me);
        this.reading = new Reading(this.model, { taken: () => this.show(), whole: () => this.events.whole(),
            alert: (alert, then) => this.on_alert(alert, then), out: on_out });
    }

    // For whoever it is; nothing of it waits for Redis: who looks sees that it is away, and hears it.
    open(me) {
        this.greet(me);
        this.events?.close();
        this.events = new Events({ alert: (alert) => this.on_alert(alert), todo: (todo) => this.on_todo(todo),
            left_out: say_left_out, beat: (beat, then) => this.on_beat(beat, then), gap: () => this.reading.from_the_start(),
            opened: () => this.reading.again(), known: (known) => this.greet(known), out: this.on_out,
            refused: (word) => this.pending.refused(word), trouble });
        this.events.open();
        this.reading.from_the_start();
        this.ticking ??= setInterval(() => this.tick(), 1000);
    }

    close() {
        this.events.close();
        this.reading.stop();
    }

    greet(me) {
        this.me = this.chosen.me = me;
        by_id("me").textContent = `${me.name} (${me.role})`;
        this.sound.permit(me.sound !== false);
        this.chosen.show();
    }

    /* ---- what is chosen ---- */

    choose(incident) {
        if (incident !== this.model.chosen)
            forget_map(); // nobody has asked where that was; a look that is in the evidence stays
        this.model.chosen = incident;
        this.list.chosen();
        this.chosen.show();
        by_id("said").textContent = `${incident}: ${this.model.entry()?.alert.data?.reason ?? ""}`;
        clearTimeout(this.resting); // whoever goes through the list asks for none of it
        this.resting = setTimeout(() => this.model.chosen === incident && this.model.lacks(incident) &&
            this.read_story(incident), RESTS_MS);
    }

    // Of before, as breachd's evidence has it.
    choose_past(item) {
        this.model.past = item;
        this.choose(item.incident);
        this.read_story(item.incident);
    }

    // Whatever was told of it, for the stream may have begun later.
    async read_story(incident) {
        try {
            const { alerts } = await get_incident(incident);
            alerts.forEach((alert) => this.model.told(alert));
            if (this.model.chosen === incident)
                this.chosen.tell(incident);
        } catch (why) {
            if (this.model.chosen === incident)
                this.chosen.says(`Not all of its story: ${why.message}`);
        }
    }

    do(action) {
        const incident = this.model.chosen;
        if (incident === null || !this.chosen.may(action))
            return;
        trouble("sent", "");
        ask(action, incident, (given) => action === "map" ? this.show_map(incident, given.reason)
            : this.send(action, incident, given));
    }

    // What comes of it comes by the stream.
    async send(action, incident, given) {
        const word = this.pending.begin(action, incident);
        try {
            const { id } = await post(`/${action}`, { incident, ...given,
                ...(action === "shelve" ? { note: given.reason } : {}) }); // why it is quiet stands in the list
            this.pending.sent(id, word);
        } finally {
            this.pending.drop(word);
        }
    }

    async show_map(incident, reason) {
        const where = await get_map(incident, reason);
        this.greet(await who_am_i().catch(() => this.me)); // tiles may have come or gone since
        if (incident === this.model.chosen)
            draw_map(where, this.me);
    }

    /* ---- what comes ---- */

    // The list, as it was read anew.
    show() {
        this.say_odd();
        this.list.refresh();
        this.chosen.show();
        this.refresh_alarm();
    }

    on_todo({ incident, entry }) {
        const before = this.model.items.get(incident);
        this.model.put(incident, entry);
        this.say_odd();
        if (this.model.odd.has(incident))
            return;
        this.pending.answered(incident);
        if (entry !== null && before === undefined)
            by_id(entry.alert.data?.severity === "critical" ? "said-now" : "said").textContent =
                `${entry.alert.data?.severity} ${incident}: ${type_label(entry.alert)}`;
        this.list.refresh(incident);
        if (incident === this.model.chosen)
            this.chosen.show();
        this.refresh_alarm();
    }

    say_odd() {
        const [first] = this.model.odd, more = this.model.odd.size - 1;
        trouble("odd", first === undefined ? "" : `${first}${more > 0 ? ` and ${more} more` : ""}: what stands ` +
            "of it in the list cannot be read: somebody may be inside by it: breachctl open");
    }

    // `then`: when it was told, of one that is told again.
    on_alert(alert, then) {
        if (is_exercise(alert))
            set_now(alert.time, then);
        if (this.model.told(alert) && (alert.data?.incident ?? alert.subject) === this.model.chosen)
            this.chosen.tell(this.model.chosen);
    }

    // `then`: when it was beaten, by this machine's clock.
    on_beat(beat, then) {
        this.beat = beat;
        if (!beat.exercise)
            set_now(beat.time, then);
        this.refresh_alarm();
    }

    // As the red lines have it.
    beat_words() {
        return deaf() ? "NOT WATCHING" : this.beat ? `watching, heard ${clock_of(this.beat.time)}` : "not heard yet";
    }

    refresh_alarm() {
        this.sound.want(this.model.alarming().length > 0 || deaf());
        const words = this.beat_words();
        if (by_id("beat").textContent !== words)
            by_id("beat").textContent = words;
        by_id("exercise").hidden = ![...this.model.items.values()].some((entry) => is_exercise(entry.alert));
    }

    tick() {
        this.pending.look();
        this.refresh_alarm();
        this.list.tick();
        this.chosen.tick();
        if (this.beat)
            by_id("beat").title = `${age(this.beat.time)} ago`;
    }
}
