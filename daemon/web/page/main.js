// SPDX-License-Identifier: Apache-2.0
// main.js - the desk: whoever is logged in, the list, what is chosen, and the stream behind them.

import { ask } from "./actions.js";
import { get, get_incident, get_map, post, who_am_i } from "./api.js";
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
const KINDS = { j: "step", k: "step", a: "ack", n: "note", h: "hand", s: "shelve", c: "close", m: "map" };

const model = new Model();
let desk = null; // {me, list, chosen, events}

const sound = new Sound(by_id("sound"), trouble);
const pending = new Pending(trouble);

function choose(incident) {
    model.chosen = incident;
    forget_map();
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
    pending.answered(incident);
    if (entry !== null && before === undefined)
        by_id(entry.alert.data?.severity === "critical" ? "said-now" : "said").textContent =
            `${entry.alert.data?.severity} ${incident}: ${type_words(entry.alert)}`;
    desk.list.refresh(incident);
    if (incident === model.chosen)
        desk.chosen.show();
    settle();
}

// `then`: when it was told, of one that is told again.
function on_alert(alert, then) {
    if (is_exercise(alert))
        set_now(alert.time, then);
    if (model.told(alert) && (alert.data?.incident ?? alert.subject) === model.chosen)
        desk.chosen.tell(model.chosen);
}

function settle() {
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
        draw_map(where);
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
        desk.list.settle(true);
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
    settle();
    desk.list.tick();
    desk.chosen.tick();
    if (desk.beat)
        by_id("beat").title = `${age(desk.beat.time)} ago`;
}

// The list anew: at the start, and when some of the stream was missed.
async function read_list() {
    const known = new Set(model.items.keys());
    for (const { incident, entry } of (await get("/todo")).items) {
        model.put(incident, entry);
        known.delete(incident);
    }
    for (const gone of known)
        model.put(gone, null);
}

// A stream that begins, or begins again, tells no change of the list that came before.
async function read_again() {
    try {
        await read_list();
    } catch (why) {
        trouble("list", why.message);
        clearTimeout(desk.again);
        desk.again = setTimeout(read_again, AGAIN_MS);
        return;
    }
    trouble("list", "");
    desk.events.whole();
    desk.list.refresh();
}

function on_out() {
    desk.events.close();
    by_id("desk").hidden = true;
    ask_who("The shift is over: log in again.");
}

async function begin(me) {
    set_zone(me.timezone);
    by_id("login").hidden = true;
    by_id("desk").hidden = false;
    by_id("me").textContent = `${me.name} (${me.role})`;
    by_id("site").textContent = me.site ?? "";
    by_id("troubles").replaceChildren(); // of a shift that is over
    desk ??= { list: new List(model, choose), history: new History(choose_past) };
    desk.me = me;
    desk.chosen = new Chosen(model, me);
    for (const { id, event } of (await get("/alerts")).alerts)
        on_alert(event, Number.parseInt(id, 10)); // of an id of Redis, its clock's milliseconds
    await read_list();
    desk.list.refresh();
    desk.chosen.show();
    settle();
    desk.events = new Events({ alert: on_alert, todo: on_todo, beat: on_beat, gap: read_again,
        opened: read_again, out: on_out,
        refused: (word) => pending.refused(word), trouble });
    desk.events.open();
    desk.ticking ??= setInterval(tick, 1000);
}

function ask_who(says) {
    by_id("login").hidden = false;
    by_id("login-says").textContent = says;
    by_id("login-form").elements.password.value = "";
    by_id("login-form").elements[says === "" ? "name" : "password"].focus();
}

async function start() {
    try {
        await begin(await who_am_i());
    } catch (why) {
        ask_who(why.status === 401 ? "" : why.message);
    }
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
