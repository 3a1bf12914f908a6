// SPDX-License-Identifier: Apache-2.0
// actions.js - take, note, hand over, shelve, close: asked in a dialog, which stays until it is sent.

import { by_id, make, shown } from "./dom.js";
import { until } from "./labels.js";

const OUTCOMES = ["attended", "arrested", "prosecuted", "fined", "imprisoned", "drift", "authorised",
    "reasonable-excuse", "victim-approached", "other"]; // as breachctl close has them

// What is asked for each, and what the server gets. `shelve` is the server's to refuse: 8 hours
// at most, and never a breach that nobody has seen.
const ASKED = {
    ack: { title: "Take it", yes: "Take it", fields: { note: ["Note (may be empty)", false] } },
    note: { title: "Note", yes: "Note it", fields: { note: ["Note", true] } },
    hand: { title: "Hand it over", yes: "Hand it over",
        fields: { to: ["To whom", true], note: ["Note (may be empty)", false] } },
    shelve: { title: "Shelve it", yes: "Shelve it",
        says: "Quiet until then, 8 h at most; whatever makes it graver ends that at once.",
        fields: { until: ["Until (22:30, 30 min, 2 h)", true], reason: ["Why", true] } },
    close: { title: "Close it", yes: "Close it",
        says: "Nobody needs to see to it any more. What he does next is an incident of its own.",
        fields: { outcome: ["What came of it", true, OUTCOMES], note: ["Note (may be empty)", false] } },
    map: { title: "Show where", yes: "Show it",
        says: "The look is written into the evidence with your name and this reason, before it is shown.",
        fields: { reason: ["Why", true] } },
};

function field(name, [label, required, choices]) {
    const input = choices ? make("select", { name }, ...choices.map((value) => make("option", {}, value)))
        : make("input", { name, maxlength: 500, autocomplete: "off" });
    input.required = required;
    return make("label", {}, `${label} `, input);
}

let asks = 0; // how often the dialog was opened

// Of what was filled in, as the server reads it; else says what is wrong.
function read(form) {
    const given = Object.fromEntries(new FormData(form));
    if (given.until !== undefined)
        given.until = until(given.until);
    return given;
}

// Until it is sent, or somebody goes back: what `send` could not is said there, and what was typed stays.
export function ask(action, incident, send) {
    const asked = ASKED[action], dialog = by_id("ask"), form = dialog.querySelector("form");
    const yes = by_id("ask-yes"), error = by_id("ask-error"), mine = ++asks;
    by_id("ask-title").textContent = shown(`${asked.title}: ${incident}`);
    by_id("ask-says").textContent = asked.says ?? "";
    error.textContent = "";
    yes.textContent = asked.yes;
    yes.disabled = false;
    by_id("ask-fields").replaceChildren(...Object.entries(asked.fields)
        .map(([name, of]) => field(name, of)));
    form.onsubmit = async (event) => {
        if (event.submitter !== yes)
            return; // back
        event.preventDefault();
        yes.disabled = true;
        error.textContent = "";
        try {
            await send(read(form));
            if (mine === asks)
                dialog.close();
        } catch (why) {
            if (mine === asks)
                error.textContent = shown(why.message);
        }
        if (mine === asks)
            yes.disabled = false;
    };
    dialog.showModal();
    form.elements[0]?.focus();
}
