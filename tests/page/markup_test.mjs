// SPDX-License-Identifier: Apache-2.0
// markup_test.mjs - whatever texts reach the page, from Redis, orders, notes, breachd's door or a file of
// tiles, they are text: markup.txt in each member of each, in a browser that tells of every attempt.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Testbed, until } from "./testbed.mjs";

const TEXTS = readFileSync(join(import.meta.dirname, "markup.txt"), "utf8").trimEnd().split("\n");
let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 1 });
    await testbed.ping(1, 20);
});
after(async () => testbed?.close());

const RECENT = new Date().toISOString();

// Of a text each member that a page may show has it.
function alert_of(text, n) {
    return { specversion: "1.0", id: text, source: text, type: `breachd.${text}`, subject: text, time: RECENT,
        sequence: String(5000 + n), data: { incident: `${n} ${text}`, order: text, kind: text, clause: text,
            respondent: text, device: text, zone: text, area: text, severity: n % 2 ? text : "critical",
            probability: text, rule: text, reason: text, cause: text, by: text, to: text, outcome: text, note: text,
            until: text, received: text, exercise: n % 3 === 0, ping: { time: text, accuracy: text } } };
}

const entry_of = (text, n) => ({ alert: alert_of(text, n), by: n % 3 ? text : null, note: text,
    shelved: n % 5 ? null : { by: text, until: new Date(Date.now() + 3600e3).toISOString() } });

// It ran nothing, asked nobody, and made no element but ours.
async function is_plain(page, what) {
    assert.equal(await page.evaluate(() => window.owned), undefined, what);
    const made = await page.evaluate(() => [...document.querySelectorAll("img, iframe, object, embed, video, base, style, " +
        "form form, math, template, [onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onbegin], " +
        "[href^='javascript:'], [src^='javascript:'], script:not([src])")].map((element) => element.outerHTML.slice(0, 200)));
    assert.deepEqual(made, [], what);
    assert.deepEqual(page.complaints, [], what);
}

async function look_at_each(page) {
    for (let n = 0; n < TEXTS.length + 1; n++)
        await page.keyboard.press("j");
}

test("in the list, in stories and in what is said of them", async () => {
    const page = await testbed.desk("sergeant");
    await testbed.kill("breachd"); // which makes todo anew when somebody else has written there
    testbed.redis("HSET", "{breachd}:todo", ...TEXTS.flatMap((text, n) =>
        [`${n} ${text}`, JSON.stringify(entry_of(text, n))]));
    await until("all are listed", async () => await page.locator("#list .row").count() >= TEXTS.length);
    for (const [n, text] of TEXTS.entries()) {
        testbed.redis("XADD", "{breachd}:alerts", "*", "event", JSON.stringify(alert_of(text, 1000 + n)));
        testbed.redis("XADD", "{breachd}:acks:refused", "*", "ack", "1-0", "incident", text, "by", text, "why", text);
    }
    await look_at_each(page);
    assert.ok(await page.locator("#list .row", { hasText: "<iframe srcdoc=" }).count() > 0);
    await is_plain(page, "a list");
    await page.reload();
    await until("all are listed anew", async () => await page.locator("#list .row").count() >= TEXTS.length);
    await look_at_each(page);
    await is_plain(page, "a list that was loaded anew");
    testbed.redis("DEL", "{breachd}:todo");
    await page.context().close();
});

test("in heartbeats", async () => {
    const page = await testbed.desk("sergeant");
    for (const text of TEXTS) {
        const beat = JSON.stringify({ site: text, time: text, version: text, blind: text, instance: text, exercise: text });
        testbed.redis("SET", "{breachd}:heartbeat", beat);
        testbed.redis("PUBLISH", "{breachd}:heartbeat", beat);
    }
    await page.reload();
    await page.waitForSelector("#desk:not([hidden])");
    await is_plain(page, "a heartbeat");
    testbed.redis("DEL", "{breachd}:heartbeat");
    await testbed.start("breachd");
    await page.context().close();
});

test("in the history, and on the map", async () => {
    const page = await testbed.desk("inspector");
    const items = TEXTS.map((text, n) => ({ incident: `${n} ${text}`, state: n % 2 ? text : "ended", by: text, note: text,
        alert: alert_of(text, n) }));
    const place = (text, n, what) => ({ type: "Feature", geometry: { type: "Point", coordinates: [0.47 + n / 1e4, 51.57] },
        properties: { what, number: text, time: RECENT, accuracy: 8, grade: text, type: `breachd.${text}`, rule: text } });
    const json = (body) => (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(body) });
    await page.route("**/incidents?*", json({ incidents: items, next: null }));
    await page.route(/\/incidents\/(?!.*\/map$)/, json({ alerts: TEXTS.map(alert_of) }));
    await page.route("**/map", json({ type: "FeatureCollection", incident: "x", more: true,
        features: TEXTS.flatMap((text, n) => [place(text, n, "ping"), place(text, n, "alert")]) }));
    await page.keyboard.press("i");
    await page.locator("#history-list li").nth(TEXTS.length - 1).waitFor();
    await is_plain(page, "a history");
    await page.locator("#history-list li button").first().click();
    await page.keyboard.press("m");
    await page.keyboard.type("a test");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    await is_plain(page, "a map");
    await page.context().close();
});

test("in what people say: notes, names, reasons, by breachd's own way", async () => {
    const page = await testbed.desk("sergeant");
    const row = page.locator(".row[data-incident='DVPO-1/home/1']");
    await row.waitFor();
    for (const text of TEXTS.filter((_, n) => n % 4 === 0)) {
        testbed.ctl("note", "-c", "breachd.conf", "--by", text.slice(0, 60), "--note", text, "DVPO-1/home/1");
        await until(text, async () => (await row.innerText()).includes(text));
    }
    await row.locator("button").click();
    await is_plain(page, "a note");
    await page.context().close();
});

test("in handover's page", async () => {
    testbed.ctl("note", "-c", "breachd.conf", "--by", TEXTS[1].slice(0, 60), "--note", TEXTS[3], "DVPO-1/home/1");
    testbed.ctl("handover", "-c", "breachd.conf", "--since", "1h", "--html", "handover.html");
    const page = await testbed.browser.newPage();
    await page.goto(pathToFileURL(join(testbed.dir, "handover.html")).href);
    assert.ok((await page.locator("body").innerText()).includes(TEXTS[3]));
    assert.equal(await page.evaluate(() => window.owned), undefined);
    assert.equal(await page.locator("img, script, iframe, [onerror]").count(), 0);
    await page.close();
});
