// SPDX-License-Identifier: Apache-2.0
// troubles.js - what is wrong with the desk itself, red above all else: a line a kind.

import { by_id, say, shown } from "./dom.js";

const LOUD = ["beat", "blind", "redis", "connection", "list", "session"];

let on_change = () => {};

// `use` is called whenever a line came or went.
export function watch_troubles(use) {
    on_change = use;
}

// "" takes the line away.
export function trouble(kind, text) {
    let line = document.querySelector(`#troubles [data-kind="${kind}"]`);
    if (line === null && text === "")
        return;
    const is_new = line === null;
    if (text === "") {
        line.remove();
        return on_change();
    }
    if (is_new) {
        line = say("p", "trouble", "");
        line.dataset.kind = kind;
        by_id("troubles").append(line);
    }
    if (line.textContent !== shown(text))
        line.textContent = shown(text);
    if (is_new)
        on_change();
}

// Nobody watches, or nothing of it comes here: as loud as a breach that nobody has seen.
export function deaf() {
    return document.querySelector(LOUD.map((kind) => `#troubles [data-kind="${kind}"]`).join()) !== null;
}
