// SPDX-License-Identifier: Apache-2.0
// help.js - the keys, and what the signs say.

import { by_id, make, say } from "./dom.js";

export const KEYS = {
    j: "the next", k: "the one before", a: "take it", n: "note", h: "hand it over", s: "shelve it",
    c: "close it", m: "show where, which is written down", i: "what happened, also what is over", g: "show what is new",
    q: "sound on or off", "?": "this help", Escape: "back",
};

const SIGNS = {
    critical: "octagon, red: somebody may be at her door; sounds until somebody takes it",
    high: "triangle, orange: probably, or somebody who cannot be seen any more",
    warning: "square on its corner, yellow: may become one",
    info: "circle: to know",
};

const MAP = [
    "Numbers and arrows follow his way; a circle holds the truth two times of three.",
    "A dotted way is one on which nobody knows where he was.",
    "A crossed place was not believed, and is no part of the way.",
    "Alerts have the shapes of their severities: coming near a square on its corner, possible a triangle, " +
        "breach an octagon; going on is a small square, cleared a circle.",
    "The zone is filled, the ring around it is dashed; north is up.",
    "Below the map stands whose work its ground is; where there are no tiles a grid is drawn, and why is said.",
];

export function fill_help() {
    by_id("help-keys").replaceChildren(...Object.entries(KEYS).flatMap(([key, does]) =>
        [make("dt", {}, make("kbd", {}, key)), say("dd", "", does)]));
    by_id("help-signs").replaceChildren(...Object.entries(SIGNS).flatMap(([word, means]) =>
        [say("dt", word, word), say("dd", "", means)]));
    by_id("help-map").replaceChildren(...MAP.map((line) => say("p", "", line)));
}
