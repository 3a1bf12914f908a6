// SPDX-License-Identifier: Apache-2.0
// list.js - the list. Its rows are made once and changed in place; while the mouse or the keyboard
// is in it their order stays, and what is new waits above: nobody takes what moved under his hand.

import { age, local, type_label, when } from "./labels.js";
import { is_exercise, severity_of, shelved } from "./model.js";
import { make, say, sign } from "./dom.js";

export class List {
    constructor(model, choose) {
        this.model = model;
        this.choose = choose;
        this.at = document.getElementById("list");
        this.waiting = document.getElementById("waiting");
        this.rows = new Map();
        this.shown = []; // incidents, in the order on the page
        this.changed = new Set(); // incidents, since the list was drawn
        this.due = false; // it will be, with the next frame
        this.in_sight = new Set();
        this.sight = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting
            ? this.in_sight.add(entry.target) : this.in_sight.delete(entry.target)));
        this.at.addEventListener("mouseleave", () => this.reorder());
        this.at.addEventListener("focusout", (e) => this.at.contains(e.relatedTarget) || this.reorder());
        this.waiting.addEventListener("click", () => this.reorder(true));
        this.at.addEventListener("click", (e) => {
            const row = e.target.closest("li");
            if (row)
                choose(row.dataset.incident);
        });
    }

    is_held() {
        return this.at.matches(":hover") || this.at.contains(document.activeElement);
    }

    // The model has changed. `incident` alone, where that is known. Once a frame: of twenty changes in one
    // second each sorts a thousand.
    refresh(incident) {
        for (const known of incident === undefined ? this.model.items.keys() : [incident])
            this.changed.add(known);
        if (document.hidden)
            return this.draw(); // no frame would come
        if (!this.due)
            requestAnimationFrame(() => this.draw());
        this.due = true;
    }

    draw() {
        this.due = false;
        for (const [known, row] of this.rows) {
            if (!this.model.items.has(known))
                row.classList.add("gone");
            else if (this.changed.has(known)) // what is new has its row when it is placed
                this.fill(known);
        }
        this.changed.clear();
        this.reorder();
    }

    reorder(anyhow = false) {
        const order = this.model.order();
        const shown = new Set(this.shown);
        const fresh = order.filter((incident) => !shown.has(incident)).length;
        const held = !anyhow && this.shown.length > 0 && this.is_held();
        this.waiting.hidden = !(held && fresh > 0);
        this.waiting.textContent = `${fresh} new: show`;
        document.getElementById("counts").textContent = this.counts();
        document.getElementById("nothing").hidden = order.length > 0;
        if (held)
            return;
        this.place(order);
    }

    counts() {
        const entries = [...this.model.items.values()];
        const unseen = entries.filter((entry) => !entry.by && !shelved(entry)).length;
        return entries.length === 0 ? "" : `${entries.length} in all, ${unseen} unseen`;
    }

    place(order) {
        for (const [incident, row] of this.rows) {
            if (!this.model.items.has(incident)) {
                this.sight.unobserve(row);
                this.in_sight.delete(row);
                row.remove();
                this.rows.delete(incident);
            }
        }
        let before = this.at.firstElementChild;
        for (const incident of order) {
            const row = this.rows.get(incident) ?? this.fill(incident);
            if (row === before)
                before = before.nextElementSibling;
            else
                this.at.insertBefore(row, before);
        }
        this.head_shelved(order);
        this.shown = order;
    }

    // What is shelved stands last, under a head of its own.
    head_shelved(order) {
        const first = order.find((incident) => shelved(this.model.items.get(incident)));
        for (const [incident, row] of this.rows) {
            if (incident === first)
                row.dataset.head = "Shelved";
            else
                delete row.dataset.head;
        }
    }

    fill(incident) {
        const entry = this.model.items.get(incident), severity = severity_of(entry);
        let row = this.rows.get(incident);
        if (row === undefined) {
            row = make("li", { class: "row" });
            row.dataset.incident = incident;
            row.append(make("button", { type: "button" }));
            this.sight.observe(row);
            this.rows.set(incident, row);
        }
        row.className = `row ${severity}${entry.by ? " taken" : ""}${shelved(entry) ? " shelved" : ""}` +
            `${is_exercise(entry.alert) ? " exercise" : ""}`;
        row.firstElementChild.replaceChildren(...this.cells(incident, entry, severity));
        this.mark(row);
        return row;
    }

    cells(incident, entry, severity) {
        const { alert } = entry;
        const since = make("time", { class: "age", datetime: alert.time, title: local(alert.time) });
        since.textContent = age(alert.time);
        const who = shelved(entry) ? `shelved by ${entry.shelved.by || "somebody"} until ${when(entry.shelved.until)}`
            : entry.by ? `has it: ${entry.by}` : "nobody has it";
        const head = make("span", { class: "head" },
            say("span", "word", is_exercise(alert) ? `EXERCISE ${severity}` : severity), " ",
            say("span", "type", type_label(alert)), " ", say("strong", "incident", incident));
        return [sign(severity), head, since, say("span", "what", alert.data?.reason ?? ""),
            say("span", "area", alert.data?.area ?? ""), say("span", "who", who),
            say("span", "note", entry.note ? `“${entry.note}”` : "")];
    }

    mark(row) {
        row.firstElementChild.setAttribute("aria-current", row.dataset.incident === this.model.chosen);
    }

    chosen() {
        for (const row of this.rows.values())
            this.mark(row);
        this.rows.get(this.model.chosen)?.scrollIntoView({ block: "nearest" });
    }

    // The one after, or before, the one that is chosen.
    step(by) {
        const at = this.shown.indexOf(this.model.chosen);
        const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), this.shown.length - 1);
        if (this.shown[next] !== undefined)
            this.choose(this.shown[next]);
    }

    // A second has passed: of the rows in sight alone, for a thousand would not be smooth.
    tick() {
        for (const row of this.in_sight) {
            const time = row.querySelector("time");
            time.textContent = age(time.dateTime);
        }
    }
}
