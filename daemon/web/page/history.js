// SPDX-License-Identifier: Apache-2.0
// history.js - what happened, also what is over and in no list any more: by breachd's evidence, a page
// at a time, without places. The keyboard goes through it by Tab and Enter.

import { get } from "./api.js";
import { by_id, make, say, sign } from "./dom.js";
import { is_exercise, is_over, severity_of } from "./model.js";
import { local, now, type_label } from "./labels.js";

const STATES = { all: "all", open: "goes on", todo: "needs somebody", ended: "ended", closed: "closed" };
const ASKED_FOR = { ended: "all", closed: "all" }; // picked here: breachd's door has no such list
const SINCE_H = { 12: "12 hours", 24: "a day", 168: "a week", "": "ever" };

function options(names, first) {
    return Object.keys(names).sort((a, b) => (b === first) - (a === first))
        .map((value) => Object.assign(make("option", { value }), { textContent: names[value] }));
}

export class History {
    // `choose` is called with {incident, state, by, note, shelved, alert}, the one that is picked.
    constructor(choose) {
        this.choose = choose;
        this.dialog = by_id("history");
        this.form = this.dialog.querySelector("form");
        this.list = by_id("history-list");
        this.more = by_id("history-more");
        this.asks = 0;
        this.form.elements.state.append(...options(STATES, "all"));
        this.form.elements.since.append(...options(SINCE_H, "12"));
        this.form.addEventListener("change", () => this.read());
        this.more.addEventListener("click", () => this.read(this.more.dataset.after));
    }

    open() {
        this.dialog.showModal();
        this.form.elements.state.focus();
        this.read();
    }

    query(after) {
        const { state, since } = Object.fromEntries(new FormData(this.form));
        const query = new URLSearchParams({ state: ASKED_FOR[state] ?? state });
        if (since !== "")
            query.set("since", new Date(now() - since * 3600e3).toISOString());
        if (after !== undefined)
            query.set("after", after);
        return query;
    }

    // From the newest on, or behind the page before.
    async read(after) {
        const mine = ++this.asks;
        try {
            const page = await this.page(after);
            if (mine === this.asks)
                this.show(page, after);
        } catch (why) {
            if (mine === this.asks)
                by_id("history-error").textContent = why.message;
        }
    }

    // breachd knows of a page's end no more than that something lies behind it, which may be of before the
    // time that is asked for: one look tells.
    async page(after) {
        const page = await get(`/incidents?${this.query(after)}`);
        if (page.next === null)
            return page;
        const behind = await get(`/incidents?${this.query(page.next)}`);
        return { ...page, next: behind.incidents.length === 0 && behind.next === null ? null : page.next };
    }

    show({ incidents, next }, after) {
        const wanted = this.form.elements.state.value;
        const picked = ASKED_FOR[wanted] ? incidents.filter(({ state }) => state === wanted) : incidents;
        const rows = picked.map((item) => this.row(item));
        if (after === undefined)
            this.list.replaceChildren();
        this.list.append(...rows);
        this.more.hidden = next === null;
        this.more.dataset.after = next ?? "";
        by_id("history-error").textContent = "";
        by_id("history-says").textContent = `${this.list.children.length} shown` +
            (next === null ? ", no more" : "");
        if (after !== undefined)
            (rows[0] ?? this.form).querySelector("button").focus();
    }

    row(item) {
        const { alert } = item, severity = severity_of(item), button = make("button", { type: "button" });
        const at = alert.data?.received ?? alert.time; // by which they are sorted, and asked for
        const time = make("time", { datetime: at });
        time.textContent = local(at);
        button.append(sign(severity), time, " ",
            say("b", "word", is_exercise(alert) ? `EXERCISE ${severity}` : severity), " ",
            say("span", "type", is_over(item) && item.by ? "over" : type_label(alert)), " ", say("strong", "incident", item.incident), " ",
            say("span", "area", alert.data?.area ?? ""), " ",
            say("span", "who", `${STATES[item.state] ?? item.state}${item.by ? `: ${item.by}` : ""}`));
        button.addEventListener("click", () => {
            this.dialog.close();
            this.choose(item);
        });
        return make("li", { class: `past ${severity}` }, button);
    }
}
