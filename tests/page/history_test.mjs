// SPDX-License-Identifier: Apache-2.0
// history_test.mjs - what is over and in no list any more is found again, by keyboard and by mouse.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Testbed, until } from "./testbed.mjs";

let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 3 });
    for (const n of [1, 2, 3])
        await testbed.ping(n, 20);
    const by = ["-c", "breachd.conf", "--by", "PC 42"];
    testbed.ctl("ack", ...by, "--note", "<b>rang</b> him", "DVPO-1/home/1");
    testbed.ctl("close", ...by, "--reason", "arrested", "DVPO-1/home/1");
    testbed.ctl("ack", ...by, "DVPO-2/home/1");
});
after(async () => testbed?.close());

const past = (page, n) => page.locator("#history-list li", { hasText: `DVPO-${n}/home/1` });

test("a closed incident is found by keyboard alone, and its story is told", async () => {
    const page = await testbed.desk("sergeant");
    await page.locator(".row").nth(1).waitFor();
    assert.equal(await page.locator(".row[data-incident='DVPO-1/home/1']").count(), 0);
    await page.keyboard.press("i");
    await past(page, 1).waitFor();
    assert.match(await past(page, 1).innerText(), /critical.*closed: PC 42/is);
    assert.match(await past(page, 2).innerText(), /goes on: PC 42/);
    await page.keyboard.type("closed"); // the select has the focus
    await past(page, 3).waitFor({ state: "detached" });
    assert.equal(await page.locator("#history-list li").count(), 1);
    await until("it has the focus", async () => {
        await page.keyboard.press("Tab");
        return page.evaluate(() => document.activeElement.closest("#history-list") !== null);
    });
    await page.keyboard.press("Enter");
    await page.locator("#story li", { hasText: "closed by PC 42" }).waitFor();
    assert.equal(await page.locator("#chosen-title").textContent(), "DVPO-1/home/1");
    assert.match(await page.locator("#facts").innerText(), /state\s+closed/);
    assert.equal(await page.locator("#actions button:enabled").count(), 0);
    assert.equal(await page.locator("#chosen b b").count(), 0); // what was noted is text
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

test("by mouse likewise, and who may looks at where it was", async () => {
    const page = await testbed.desk("inspector");
    await page.click("#past");
    await past(page, 1).locator("button").click();
    await page.locator("#story li", { hasText: "closed by PC 42" }).waitFor();
    assert.deepEqual(await page.locator("#actions button:enabled").allInnerTexts(), ["Map m"]);
    await page.keyboard.press("m");
    await page.keyboard.type("the court asks");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

test("of what is chosen in the list the story is asked for, where the desk was opened later", async () => {
    const page = await testbed.desk("view");
    const asked = [];
    page.on("request", (request) => request.url().includes("/incidents/") && asked.push(request.url()));
    await page.locator(".row[data-incident='DVPO-3/home/1'] button").click();
    await page.route("**/alerts", (route) => route.fulfill({ contentType: "application/json", body: '{"alerts":[]}' }));
    await page.reload();
    await page.locator(".row[data-incident='DVPO-3/home/1'] button").click();
    await page.locator("#story li", { hasText: "breach" }).waitFor();
    await page.locator(".row[data-incident='DVPO-2/home/1'] button").click();
    await page.locator("#story li", { hasText: "taken by PC 42" }).waitFor();
    assert.ok(await page.locator("#story-says").isHidden());
    assert.deepEqual(asked.map((url) => url.replace(/.*incidents/, "")), ["/DVPO-2/home/1"]); // of one that is whole: not
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

test("without breachd the history says so, and comes back with it", async () => {
    const page = await testbed.desk("view");
    await testbed.kill("breachd");
    await page.keyboard.press("i");
    await page.locator("#history-error", { hasText: "breachd is away" }).waitFor();
    await testbed.start("breachd");
    await page.selectOption("#history [name=state]", "open");
    await past(page, 3).waitFor();
    assert.equal(await page.locator("#history-error").textContent(), "");
    assert.equal(await past(page, 1).count(), 0);
    await page.context().close();
});

test("what is over and was taken is no more taken by nobody, its time is that of its place, and no More leads nowhere",
    async () => {
    const page = await testbed.desk("view"), received = "2026-06-23T20:14:05.000Z";
    const item = { incident: "OLD/home/1", state: "closed", by: "rob", note: null, shelved: null, alert: { sequence: "9",
        type: "breachd.cleared", time: "2026-05-01T01:02:03.000Z", data: { incident: "OLD/home/1", severity: "info", received } } };
    await page.route("**/incidents?*", (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(
        route.request().url().includes("after=7") ? { incidents: [], next: null } : { incidents: [item], next: "7" }) }));
    await page.keyboard.press("i");
    const old = page.locator("#history-list li", { hasText: "OLD/home/1" });
    await old.waitFor();
    assert.match(await old.innerText(), /over.*closed: rob/s);
    assert.doesNotMatch(await old.innerText(), /nobody/);
    assert.equal(await old.locator("time").getAttribute("datetime"), received);
    assert.ok(await page.locator("#history-more").isHidden());
    assert.match(await page.locator("#history-says").innerText(), /1 shown, no more/);
    await page.context().close();
});
