// SPDX-License-Identifier: Apache-2.0
// shift_test.mjs - a shift of eight hours with an alert each second, sped up: what the page and breachd-web
// hold at its end is what they held at a quarter of it. And a list of a thousand that is scrolled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Testbed, until } from "./testbed.mjs";

const ALERTS = 8 * 3600, BATCH = 720;
const LISTED = 40; // incidents that need somebody at once
const EACH = 6; // alerts of an incident, but of the one that is watched
const MORE = { heap: 1.25, nodes: 1.1, listeners: 1.1, rss: 1.15 }; // times, at the end
const SPARE = { heap: 2 << 20, nodes: 50, listeners: 20, rss: 2 << 20 }; // and that on top

const WATCHED = "WATCHED/home/1";
let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 1 });
    await testbed.kill("breachd"); // which makes its keys anew when somebody else has written there
});
after(async () => testbed?.close());

// Many commands at once, each an array of words.
function pipe(commands) {
    const text = commands.map((words) => `*${words.length}\r\n${words.map((word) =>
        `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`).join("");
    execFileSync("redis-cli", ["-s", join(testbed.dir, "redis.sock"), "--pipe"],
        { input: text, stdio: ["pipe", "ignore", "inherit"] });
}

function alert_of(n) {
    const incident = n % 8 === 7 ? WATCHED : `DVPO-${Math.floor(n / EACH)}/home/1`;
    return { specversion: "1.0", id: `essex/${incident}/n${n}`, source: "/breachd/essex", type: "breachd.update",
        subject: incident, time: new Date().toISOString(), sequence: String(n + 1), datacontenttype: "application/json",
        data: { incident, order: incident.split("/")[0], kind: "DVPO", clause: "3", respondent: "R-1", device: "tag-1",
            zone: "home", area: "Basildon", severity: "critical", authorised: false, late: false, exercise: false,
            probability: 0.97, depth: 42, eta: null, rule: 13, reason: `inside by 42 m, alert ${n}`,
            received: new Date().toISOString(), rules: "0123456789ab" } };
}

// Alerts, each also in the list, from which goes what is older.
function feed(from, to) {
    const commands = [];
    for (let n = from; n < to; n++) {
        const alert = alert_of(n), { incident, severity } = alert.data, event = JSON.stringify(alert);
        commands.push(["XADD", "{breachd}:alerts", "MAXLEN", "~", "10000", "*", "id", alert.id, "type", alert.type, "area",
            "Basildon", "severity", severity, "event", event]);
        commands.push(["HSET", "{breachd}:todo", incident, JSON.stringify({ alert, by: null, note: null })]);
        commands.push(["HDEL", "{breachd}:todo", `DVPO-${Math.floor(n / EACH) - LISTED}/home/1`]);
    }
    pipe(commands);
}

async function held(page, cdp) {
    for (let n = 0; n < 3; n++)
        await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    const status = readFileSync(`/proc/${testbed.running.web.pid}/status`, "utf8");
    return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners"),
        rss: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)[1]) };
}

// The keyboard is in the list, where nothing moves then, or it is not: then all that is listed has its row.
async function hold(page, held) {
    await page.evaluate((is) => is ? document.querySelector("#list button").focus() : document.activeElement.blur(), held);
    if (held)
        return;
    await until("each has its row", () => page.evaluate(async () => {
        const { items } = await (await fetch("/todo")).json();
        return document.querySelectorAll("#list .row").length === items.length;
    }));
}

test("eight hours of an alert a second: the page and breachd-web hold what they held at a quarter",
    { timeout: 280000 }, async (t) => {
    const page = await testbed.desk("sergeant"), cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    feed(0, 8);
    await page.locator(`.row[data-incident="${WATCHED}"] button`).click();
    await page.mouse.move(0, 0);
    let quarter, end;
    for (let n = 8; n < ALERTS; n += BATCH) {
        const to = Math.min(n + BATCH, ALERTS), last = to - 1 - to % 8;
        await hold(page, true);
        feed(n, to);
        await page.waitForFunction((says) => document.querySelector("#story li:last-child")?.textContent.includes(says),
            `alert ${last} `, { polling: 50 });
        await hold(page, false);
        if ((quarter === undefined && to >= ALERTS / 4) || to === ALERTS)
            end = await held(page, cdp);
        quarter ??= end;
    }
    for (const what of Object.keys(MORE)) {
        t.diagnostic(`${what}: ${quarter[what]} at a quarter, ${end[what]} at the end`);
        assert.ok(end[what] <= quarter[what] * MORE[what] + SPARE[what], `${what}: ${quarter[what]}, then ${end[what]}`);
    }
    // And while the keyboard stays in the list, where what is new waits.
    await hold(page, true);
    for (let n = ALERTS; n < ALERTS + 8 * LISTED * EACH; n += LISTED * EACH) {
        feed(n, n + LISTED * EACH);
        const incident = alert_of(n + 1).data.incident;
        await until("it is listed", () => page.evaluate(async (wanted) =>
            (await (await fetch("/todo")).json()).items.some((item) => item.incident === wanted), incident));
    }
    await page.locator("#waiting:not([hidden])").waitFor();
    const { nodes } = await held(page, cdp);
    t.diagnostic(`nodes: ${nodes} while nothing moves`);
    assert.ok(nodes <= quarter.nodes * MORE.nodes + SPARE.nodes, `${nodes}`);
    assert.deepEqual(page.complaints, []);
    assert.equal(await page.locator("#troubles [data-kind=gap], #troubles [data-kind=reading]").count(), 0);
    await page.context().close();
    testbed.redis("DEL", "{breachd}:todo", "{breachd}:alerts");
});
