// SPDX-License-Identifier: Apache-2.0
// main.js - the desk: whoever is logged in, the list, what is chosen, and the stream behind them.

import { ask } from "./actions.js";
import { get_incident, get_map, get_own, post, who_am_i } from "./api.js";
import { Chosen } from "./chosen.js";
import { by_id } from "./dom.js";
import { Events } from "./events.js";
import { fill_help } from "./help.js";
import { History } from "./history.js";
import { List } from "./list.js";
import { draw_map, forget_map } from "./map.js";
import { Model, is_exercise } from "./model.js";
import { Pending } from "./pending.js";
import { Sound } from "./sound.js";
import { deaf, trouble } from "./troubles.js";
import { age, clock_of, set_now, set_zone, type_words } from "./words.js";

const AGAIN_MS = 2000; // the list could not be read: tried again
const OVER = "The shift is over, and nothing is watched here: log in again.";
const KINDS = { j: "step", k: "step", a: "ack", n: "note", h: "hand", s: "shelve", c: "close", m: "map" };

const model = new Model();
let desk = null; // {me, list, history, chosen, events, beat, reading, again, alerts_due, ticking}
let starts = 0, starting; // how often it was tried to begin, and when again

const sound = new Sound(by_id("sound"), trouble);
const pending = new Pending(trouble);

function choose(incident) {
    if (incident !== model.chosen)
        forget_map(); // nobody has asked where that was; a look that is in the evidence stays
    model.chosen = incident;
    desk.list.chosen();
    desk.chosen.show();
    by_id("said").textContent = `${incident}: ${model.entry()?.alert.data?.reason ?? ""}`;
}

// Of before: whatever was told of it is asked for, for the stream may begin later.
async function choose_past(item) {
    model.past = item;
    choose(item.incident);
    try {
        const { alerts } = await get_incident(item.incident);
        alerts.forEach((alert) => model.told(alert));
        if (model.chosen === item.incident)
            desk.chosen.tell(item.incident);
    } catch (why) {
        trouble("sent", `Not all of its story: ${why.message}`);
    }
}

function on_todo({ incident, entry }) {
    const before = model.items.get(incident);
    model.put(incident, entry);
    say_odd();
    if (model.odd.has(incident))
        return;
    pending.answered(incident);
    if (entry !== null && before === undefined)
        by_id(entry.alert.data?.severity === "critical" ? "said-now" : "said").textContent =
            `${entry.alert.data?.severity} ${incident}: ${type_words(entry.alert)}`;
    desk.list.refresh(incident);
    if (incident === model.chosen)
        desk.chosen.show();
    refresh_alarm();
}

function say_odd() {
    const [first] = model.odd, more = model.odd.size - 1;
    trouble("odd", first === undefined ? "" : `${first}${more > 0 ? ` and ${more} more` : ""}: what stands ` +
        "of it in the list cannot be read: somebody may be inside by it: breachctl open");
}

function on_left_out({ left_out }) {
    trouble("left-out", left_out ? "The list has more than can be shown here: somebody may be inside by it: " +
        "breachctl open" : "");
}

// `then`: when it was told, of one that is told again.
function on_alert(alert, then) {
    if (is_exercise(alert))
        set_now(alert.time, then);
    if (model.told(alert) && (alert.data?.incident ?? alert.subject) === model.chosen)
        desk.chosen.tell(model.chosen);
}

function refresh_alarm() {
    sound.want(model.alarming().length > 0 || deaf());
    if (deaf())
        by_id("beat").textContent = "NOT WATCHING";
    by_id("exercise").hidden = ![...model.items.values()].some((entry) => is_exercise(entry.alert));
}

function on_beat(beat) {
    desk.beat = beat;
    if (!beat.exercise)
        set_now(beat.time);
    by_id("beat").textContent = `${beat.blind ? "BLIND" : "watching"}, heard ${clock_of(beat.time)}`;
}

// What comes of it comes by the stream.
async function send_word(action, incident, given) {
    const { id } = await post(`/${action}`, { incident, ...given });
    pending.sent(id, action, incident);
}

async function show_map(incident, reason) {
    const where = await get_map(incident, reason);
    if (incident === model.chosen)
        draw_map(where, desk.me);
}

function do_to(action) {
    const incident = model.chosen;
    if (incident === null || !desk.chosen.may(action))
        return;
    trouble("sent", "");
    ask(action, incident, (given) => action === "map" ? show_map(incident, given.reason)
        : send_word(action, incident, given));
}

// A dialog that closes leaves its field the target for a moment.
function is_typed_into(target) {
    return target.matches("input, select, textarea") && target.checkVisibility();
}

function on_key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || by_id("desk").hidden ||
        document.querySelector("dialog[open]") || is_typed_into(event.target))
        return;
    if (event.key === "?")
        by_id("help").showModal();
    else if (event.key === "i")
        desk.history.open();
    else if (event.key === "q")
        sound.set(!sound.on);
    else if (event.key === "g")
        desk.list.reorder(true);
    else if (KINDS[event.key] === "step")
        desk.list.step(event.key === "j" ? 1 : -1);
    else if (KINDS[event.key] !== undefined)
        do_to(KINDS[event.key]);
    else
        return;
    event.preventDefault();
}

function tick() {
    pending.look();
    refresh_alarm();
    desk.list.tick();
    desk.chosen.tick();
    if (desk.beat)
        by_id("beat").title = `${age(desk.beat.time)} ago`;
}

// The list, at the start and whenever a stream begins: it tells no change of before. What is wrong is
// told, and tried again; another read that begins takes this one's place.
async function read_again() {
    const mine = desk.reading = {}, touched = model.begin_list();
    clearTimeout(desk.again);
    try {
        const { items, left_out } = await get_own("/todo");
        if (!model.take_list(items, touched))
            return;
        on_left_out({ left_out });
        say_odd();
        desk.list.refresh();
        desk.chosen.show();
        refresh_alarm();
        await read_alerts();
    } catch (why) {
        if (mine === desk.reading)
            read_later(why);
        return;
    }
    if (mine !== desk.reading)
        return;
    trouble("list", "");
    desk.events.whole();
}

function read_later(why) {
    if (why.status === 401)
        return on_out();
    trouble("list", `The list is not known here: ${why.message}`);
    desk.again = setTimeout(read_again, AGAIN_MS);
}

// Of before, and of what the stream left out: the stories, which are told once each.
async function read_alerts() {
    if (!desk.alerts_due)
        return;
    trouble("before", "");
    for (const { id, event } of (await get_own("/alerts")).alerts)
        try_alert(event, Number.parseInt(id, 10)); // of an id of Redis, its clock's milliseconds
    desk.alerts_due = false;
}

// One that is none hides no other.
function try_alert(event, then) {
    try {
        on_alert(event, then);
    } catch (why) {
        trouble("before", `An alert of before could not be read: ${why.message}`);
    }
}

function on_gap() {
    desk.alerts_due = true;
    read_again();
}

// Who comes by a proxy has another session by asking; whoever else logs in again.
function on_out() {
    desk.events.close();
    clearTimeout(desk.again);
    desk.reading = null;
    by_id("desk").hidden = true;
    trouble("session", OVER); // as loud as any: the desk that is not seen any more sounds on
    start(OVER);
}

function greet(me) {
    desk.me = desk.chosen.me = me;
    by_id("me").textContent = `${me.name} (${me.role})`;
    sound.permit(me.sound !== false);
    desk.chosen.show();
}

// Nothing of it waits for Redis: who looks at the desk sees that it is away, and hears it.
function begin(me) {
    set_zone(me.timezone);
    by_id("login").hidden = true;
    by_id("desk").hidden = false;
    by_id("site").textContent = me.site ?? "";
    by_id("troubles").replaceChildren(); // of a shift that is over
    desk ??= { list: new List(model, choose), history: new History(choose_past),
        chosen: new Chosen(model, me) };
    greet(me);
    desk.alerts_due = true;
    desk.events?.close();
    desk.events = new Events({ alert: on_alert, todo: on_todo, left_out: on_left_out, beat: on_beat,
        gap: on_gap, opened: read_again, known: greet, out: on_out,
        refused: (word) => pending.refused(word), trouble });
    desk.events.open();
    read_again();
    desk.ticking ??= setInterval(tick, 1000);
}

function ask_who(says) {
    by_id("login").hidden = false;
    by_id("login-says").textContent = says;
    by_id("login-form").elements.password.value = "";
    by_id("login-form").elements[says === "" ? "name" : "password"].focus();
}

// 401 alone asks who it is: what else is wrong is told, and may be over soon.
async function start(says = "") {
    const mine = ++starts;
    let me, why = null;
    clearTimeout(starting);
    try {
        me = await who_am_i();
    } catch (refused) {
        why = refused;
    }
    if (mine !== starts)
        return;
    if (why === null)
        return begin(me);
    if (by_id("login").hidden || why.status === 401)
        ask_who(why.status === 401 ? says : why.message);
    if (why.status !== 401)
        starting = setTimeout(() => start(says), AGAIN_MS);
}

by_id("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    sound.allow();
    const { name, password } = Object.fromEntries(new FormData(event.target));
    try {
        await post("/login", { name, password });
        event.target.reset();
        await start();
    } catch (why) {
        ask_who(why.status === 401 ? "That name and password do not go together." : why.message);
    }
});
by_id("logout").addEventListener("click", async () => {
    await post("/logout", {}).catch(() => {});
    location.reload();
});
by_id("past").addEventListener("click", () => desk.history.open());
by_id("keys").addEventListener("click", () => by_id("help").showModal());
by_id("actions").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button)
        do_to(button.dataset.do);
});
document.addEventListener("keydown", on_key);
fill_help();
start();
