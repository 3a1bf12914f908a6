// SPDX-License-Identifier: Apache-2.0
// keys.js - the desk by keyboard alone: what help.js lists.

import { by_id } from "./dom.js";

const DONE = { a: "ack", n: "note", h: "hand", s: "shelve", c: "close", m: "map" };

// What each key does to the desk.
const KEYS = {
    "?": () => by_id("help").showModal(),
    i: (desk) => desk.history.open(),
    q: (desk) => desk.sound.set(!desk.sound.on),
    g: (desk) => desk.list.reorder(true),
    j: (desk) => desk.list.step(1),
    k: (desk) => desk.list.step(-1),
    ...Object.fromEntries(Object.entries(DONE).map(([key, action]) => [key, (desk) => desk.do(action)])),
};

// A dialog that closes leaves its field the target for a moment.
function is_typed_into(target) {
    return target.matches("input, select, textarea") && target.checkVisibility();
}

export function take_key(event, desk) {
    if (event.ctrlKey || event.altKey || event.metaKey || by_id("desk").hidden ||
        document.querySelector("dialog[open]") || is_typed_into(event.target) || !Object.hasOwn(KEYS, event.key))
        return;
    KEYS[event.key](desk);
    event.preventDefault();
}
