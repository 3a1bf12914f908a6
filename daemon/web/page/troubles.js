// SPDX-License-Identifier: Apache-2.0
// troubles.js - what is wrong with the desk itself, red above all else: a line a kind.

import { by_id, say, shown } from "./dom.js";

const LOUD = ["beat", "blind", "redis", "connection", "list", "session"];

// "" takes the line away.
export function trouble(kind, text) {
    let line = document.querySelector(`#troubles [data-kind="${kind}"]`);
    if (text === "")
        return line?.remove();
    if (line === null) {
        line = say("p", "trouble", "");
        line.dataset.kind = kind;
        by_id("troubles").append(line);
    }
    if (line.textContent !== shown(text))
        line.textContent = shown(text);
}

// Nobody watches, or nothing of it comes here: as loud as a breach that nobody has seen.
export function deaf() {
    return document.querySelector(LOUD.map((kind) => `#troubles [data-kind="${kind}"]`).join()) !== null;
}
