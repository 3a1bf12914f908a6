// SPDX-License-Identifier: Apache-2.0
// chosen.js - the incident that is chosen: what is known, who has it, its story in sentences.

import { age, local, rule_label, type_of, type_label, when } from "./labels.js";
import { is_over, severity_of, shelved } from "./model.js";
import { by_id, make, say, shown } from "./dom.js";

export class Chosen {
    constructor(model, me) {
        this.model = model;
        this.me = me;
    }

    may(action) {
        if (action === "map")
            return this.me.role === "map";
        return this.me.role !== "view" && this.model.items.has(this.model.chosen);
    }

    show() {
        const incident = this.model.chosen, listed = this.model.items.has(incident);
        by_id("chosen-title").textContent = shown(incident ?? "Nothing is chosen");
        by_id("actions").hidden = incident === null;
        for (const button of by_id("actions").children) {
            button.disabled = !this.may(button.dataset.do);
            button.title = !button.disabled ? "" : !listed && button.dataset.do !== "map"
                ? "it needs nobody any more" : `your role, ${this.me.role}, may not`;
        }
        by_id("facts").replaceChildren(...this.facts(this.model.entry()));
        this.tell(incident);
    }

    facts(entry) {
        if (entry === undefined)
            return this.model.chosen === null ? [] : ["It needs nobody any more."];
        const { alert } = entry, data = alert.data ?? {}, facts = [];
        const add = (name, text) => text && facts.push(make("span", { class: "fact" },
            ...(name ? [say("span", "name", name), " "] : []), say("b", "", text)));
        add("", `${severity_of(entry)}: ${type_label(alert)}`);
        add("state", entry.state);
        add(is_over(entry) ? "over since" : "told", `${age(alert.time)} ago`);
        facts.at(-1).lastElementChild.dataset.since = alert.time;
        add("respondent", data.respondent);
        add("order", data.order && `${data.order} (${[data.kind, data.clause && `clause ${data.clause}`].filter((part) => part).join(", ")})`);
        add("device", data.device);
        add("area", data.area);
        add("probability", data.probability === null || data.probability === undefined ? ""
            : `${Math.round(data.probability * 1000) / 10} %`);
        add("who", entry.by ?? "nobody has it");
        add("shelved until", shelved(entry) && `${when(entry.shelved.until)} by ${entry.shelved.by || "somebody"}`);
        add("note", entry.note);
        return facts;
    }

    // A second has passed.
    tick() {
        for (const fact of by_id("facts").querySelectorAll("[data-since]"))
            fact.textContent = `${age(fact.dataset.since)} ago`;
    }

    tell(incident) {
        const story = incident === null ? [] : this.model.story(incident);
        by_id("story-title").hidden = story.length === 0;
        by_id("story").replaceChildren(...story.map((alert) => this.sentence(alert)));
        this.says(incident !== null && this.model.lacks(incident) ? "Not all that was told of it is here." : "");
    }

    says(text) {
        by_id("story-says").textContent = shown(text);
        by_id("story-says").hidden = text === "";
    }

    sentence(alert) {
        const data = alert.data ?? {}, reason = String(data.reason ?? "");
        const by = data.by && !reason.includes(`by ${data.by}`) ? ` by ${data.by}` : ""; // once is enough
        const time = make("time", { datetime: alert.time }), type = type_of(alert);
        const said = [reason.startsWith(`${type} by `) ? reason.slice(type.length + 1) : reason, data.outcome && `outcome: ${data.outcome}`, data.note]
            .filter((part, i) => part && (i === 0 || !reason.endsWith(`: ${data.note}`) || part !== data.note)).join("; ");
        time.textContent = local(alert.time);
        return make("li", { class: data.severity ?? "" }, time,
            say("b", "", ` ${type}${by} `), shown(said), " ",
            say("span", "rule", rule_label(data.rule)));
    }
}
