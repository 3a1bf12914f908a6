// SPDX-License-Identifier: Apache-2.0
// labels.js - the field's words for what the page shows, and times as the site's clock shows them.

export const SEVERITIES = ["critical", "high", "warning", "info"];

const TYPES = {
    approach: "is coming near", possible: "may be inside", breach: "breach", update: "goes on",
    cleared: "over, taken by nobody", retrospective: "was inside", silent: "silent",
    heard: "heard again", tamper: "tampered with", battery: "battery low", clock: "clock is wrong",
    doubt: "cannot be taken at its word", unjudged: "could not be judged", acked: "taken",
    closed: "closed", handed: "handed over", shelved: "shelved", escalated: "nobody took it",
    rules: "rules", blind: "nobody watches", sighted: "watches again", trouble: "trouble",
    mended: "mended", chain: "evidence",
};

// The rules of breachd(8) that tell of a zone, in a sentence each.
const RULES = {
    3: "a late ping shows the past", 4: "order, schedule or service says whether it binds",
    6: "the map gives no answer", 7: "inside beyond the threshold of proof",
    8: "probably inside", 9: "a way between two pings leads through the zone",
    10: "a permit has begun or ended while he was inside", 11: "outside is by far the likelier",
    12: "neither in the ring nor coming nearer", 13: "it goes on, and an interval has passed",
    14: "in the ring and closing in, or on the way to the zone",
};

export function type_of(alert) {
    return alert.type.replace(/^breachd\./, "");
}

export function type_label(alert) {
    return TYPES[type_of(alert)] ?? type_of(alert);
}

export function rule_label(rule) {
    return RULES[rule] === undefined ? "" : `rule ${rule}: ${RULES[rule]}`;
}

let zone = "Europe/London", clock, day;
let ahead_ms = 0; // of this machine's clock is breachd's, or in an exercise that of its alerts

// `time` of breachd's was then by this machine's clock; what is of the future here is of now.
export function set_now(time, then = Date.now()) {
    const at = Date.parse(time);
    ahead_ms = Number.isNaN(at) ? ahead_ms : at - Math.min(then, Date.now());
}

export function now() {
    return Date.now() + ahead_ms;
}

export function set_zone(name) {
    zone = name || zone;
    const part = { timeZone: zone, hour12: false, hour: "2-digit", minute: "2-digit" };
    clock = new Intl.DateTimeFormat("en-GB", { ...part, second: "2-digit" });
    day = new Intl.DateTimeFormat("en-GB", { ...part, day: "numeric", month: "short" });
}

// 20:14:05 of today, 23 Jun, 20:14 of another day; text that is no time as it is.
export function local(time) {
    const at = new Date(time);
    if (Number.isNaN(at.getTime()))
        return String(time ?? "");
    return Math.abs(now() - at) < 12 * 3600e3 ? clock.format(at) : day.format(at);
}

// 22:30 of today, 1 Dec, 06:30 of another day, however near.
export function when(time) {
    const at = new Date(time);
    if (Number.isNaN(at.getTime()))
        return String(time ?? "");
    const [then, today] = [day.format(at), day.format(new Date(now()))];
    return date_of(then) === date_of(today) ? then.slice(-5) : then;
}

function date_of(text) {
    return text.slice(0, -5);
}

// The time of day by the site's clock, of whatever day.
export function clock_of(time) {
    const at = new Date(time);
    return Number.isNaN(at.getTime()) ? "" : clock.format(at);
}

export function lasted(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60)
        return `${s} s`;
    if (s < 3600)
        return `${Math.floor(s / 60)} min ${s % 60} s`;
    return s < 86400 ? `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`
        : `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

export function age(time) {
    const at = Date.parse(time);
    return Number.isNaN(at) ? "" : lasted((now() - at) / 1000);
}

const SHELF_H = 8; // at most, as breachd has it

// HH:MM of now or tomorrow as an instant; so many minutes or hours as such, from when breachd has it; what
// else it is, is told.
export function until(text) {
    const span = /^\s*(\d{1,3})\s*(m|min|h)\s*$/.exec(text), at = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
    let ahead_ms;
    if (span)
        ahead_ms = span[1] * (span[2] === "h" ? 3600e3 : 60e3);
    else if (at && at[1] <= 23 && at[2] <= 59)
        ahead_ms = until_clock(Number(at[1]), Number(at[2]));
    else
        throw new Error("Until when? 22:30, 30 min and 2 h are read");
    if (ahead_ms > SHELF_H * 3600e3 || ahead_ms <= 0)
        throw new Error(`Until when? ${SHELF_H} h at most, and later than now`);
    return span ? `${Number(span[1])}${span[2][0]}` : new Date(now() + ahead_ms).toISOString();
}

function until_clock(hour, minute) {
    const shown = clock.formatToParts(new Date(now()));
    const part = (name) => Number(shown.find((p) => p.type === name).value);
    let ahead = (hour - part("hour")) * 60 + (minute - part("minute"));
    if (ahead <= 0)
        ahead += 24 * 60;
    return ahead * 60e3 - part("second") * 1e3;
}

set_zone(zone);
