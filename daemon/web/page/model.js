// SPDX-License-Identifier: Apache-2.0
// model.js - what needs somebody, and what was told of it. Bounded: a shift of a year fits.

import { SEVERITIES, now, type_of } from "./labels.js";

const STORY_MAX = 200; // alerts kept of an incident, the newest
const ALERTS_MAX = 5000; // kept of all: some 8 MB

export class Model {
    constructor() {
        this.items = new Map(); // incident -> entry of todo
        this.stories = new Map(); // incident -> alerts, oldest first
        this.n_alerts = 0; // in all of them
        this.chosen = null;
        this.past = null; // what is chosen out of the history, as breachd's evidence has it
        this.odd = new Set(); // incidents whose newest entry cannot be read
        this.touched = null; // incidents that changed since a list was asked for; null: none is awaited
    }

    // One that cannot be read is refused: whatever was known of it stays, and its name is in `odd`.
    put(incident, entry) {
        this.touched?.add(incident);
        this.odd.delete(incident);
        if (entry === null)
            this.items.delete(incident);
        else if (is_alert(entry?.alert))
            this.items.set(incident, entry);
        else
            this.odd.add(incident);
    }

    // To be given to take_list, with the list that is asked for next.
    begin_list() {
        return this.touched = new Set();
    }

    // What the stream has told since is newer than the list. False: another list was asked for since.
    take_list(items, touched) {
        if (touched !== this.touched)
            return false;
        this.touched = null;
        const listed = new Map(items.map(({ incident, entry }) => [incident, entry]));
        for (const [incident, entry] of listed) {
            if (!touched.has(incident))
                this.put(incident, entry);
        }
        for (const known of [...this.items.keys(), ...this.odd]) {
            if (!listed.has(known) && !touched.has(known))
                this.put(known, null);
        }
        return true;
    }

    // Of what is chosen: its entry in the list, or else in the history.
    entry() {
        return this.items.get(this.chosen) ?? (this.past?.incident === this.chosen ? this.past : undefined);
    }

    // Twice is once: a stream that was taken up again may begin before what is known. What is no
    // alert is refused: it would stop whoever reads the story.
    told(alert) {
        if (!is_alert(alert))
            throw new Error("an alert without type or time");
        const incident = alert.data?.incident ?? alert.subject;
        const story = this.stories.get(incident) ?? [];
        const at = story.findLastIndex((known) => Number(known.sequence) <= Number(alert.sequence));
        if (at >= 0 && story[at].sequence === alert.sequence)
            return false;
        story.splice(at + 1, 0, alert);
        this.n_alerts++;
        if (story.length > STORY_MAX)
            this.n_alerts -= story.splice(0, 1).length;
        this.stories.delete(incident); // the newest told is the last to be forgotten
        this.stories.set(incident, story);
        while (this.n_alerts > ALERTS_MAX)
            this.forget_one();
        return true;
    }

    // The story that went on longest ago, of those that need nobody, if there is one.
    forget_one() {
        const [oldest] = this.stories.keys();
        const incident = [...this.stories.keys()].find((known) => known !== this.chosen && !this.items.has(known));
        this.n_alerts -= this.stories.get(incident ?? oldest).length;
        this.stories.delete(incident ?? oldest);
    }

    story(incident) {
        const story = this.stories.get(incident) ?? [], item = this.items.get(incident);
        return item && !story.some((alert) => alert.sequence === item.alert.sequence)
            ? [...story, item.alert].sort((a, b) => a.sequence - b.sequence) : story;
    }

    // Something that was told of it is not known here, as the desk was opened later: an alert's id ends in
    // its number, those of the control room in one of their own.
    lacks(incident) {
        const story = this.story(incident), ids = story.map(({ id }) => String(id));
        const has = (numbers) => Math.max(0, ...numbers) === new Set(numbers).size;
        const desk = numbers_of(ids, /\/desk\/(\d{1,9})$/), others = numbers_of(ids, /(?<!\/desk)\/(\d{1,9})$/);
        return story.length > 0 && story.length < STORY_MAX &&
            !(has(others) && has(desk) && (desk.length > 0 || !this.items.get(incident)?.by));
    }

    // Unseen first, what is shelved last; then the worst; then what has waited longest.
    order() {
        const rank = ([incident, entry]) => [shelved(entry) ? 2 : entry.by ? 1 : 0,
            SEVERITIES.indexOf(severity_of(entry)), Date.parse(entry.alert.time) || 0, incident];
        return [...this.items].map((pair) => [rank(pair), pair[0]])
            .sort(([a], [b]) => compare(a, b)).map(([, incident]) => incident);
    }

    // What sounds: critical, and seen by nobody.
    alarming() {
        return [...this.items].filter(([, entry]) => !entry.by && !shelved(entry) &&
            severity_of(entry) === "critical").map(([incident]) => incident);
    }
}

function numbers_of(ids, ending) {
    return ids.map((id) => Number(ending.exec(id)?.[1] ?? 0)).filter((n) => n > 0);
}

function compare(a, b) {
    for (let i = 0; i < a.length; i++) {
        if (a[i] !== b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

// It has what every view of it reads: in Redis anything may stand.
export function is_alert(alert) {
    return typeof alert?.type === "string" && typeof alert.time === "string";
}

export function severity_of(entry) {
    const severity = entry.alert.data?.severity;
    return SEVERITIES.includes(severity) ? severity : "high"; // not known: not hidden
}

export function shelved(entry) {
    return Date.parse(entry.shelved?.until) > now();
}

export function is_exercise(alert) {
    return alert.data?.exercise === true;
}

export function is_over(entry) {
    return type_of(entry.alert) === "cleared";
}
