// SPDX-License-Identifier: Apache-2.0
// shelf_test.mjs - what is shelved, by whom, until when and why, in the list and in its story; and what of an
// incident is not there, or is too long, in its row.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Testbed, until } from "./testbed.mjs";

let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 2 });
});
after(async () => testbed?.close());

const row = (page, incident) => page.locator(`.row[data-incident="${incident}"]`);

test("a row that is shelved says by whom, until when and why, under a head of its own", async () => {
    const page = await testbed.desk("sergeant"), mine = row(page, "DVPO-1/home/1");
    for (const n of [1, 2])
        await testbed.ping(n, 20);
    for (const n of [1, 2])
        await row(page, `DVPO-${n}/home/1`).waitFor();
    await mine.locator("button").click();
    await page.keyboard.press("a");
    await page.locator("#ask[open] [name=note]").waitFor();
    await page.keyboard.press("Enter");
    await mine.locator(".who", { hasText: "has it: sergeant" }).waitFor();
    await page.keyboard.press("s");
    await page.locator("#ask[open] [name=until]").fill("2 h");
    await page.locator("#ask[open] [name=reason]").fill("he is in custody");
    await page.keyboard.press("Enter");
    await mine.locator(".who", { hasText: /^shelved by sergeant until (\d+ \w+,? (at )?)?\d\d:\d\d$/ }).waitFor();
    await mine.locator(".note", { hasText: "he is in custody" }).waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await page.mouse.move(0, 0);
    await until("the head", async () => await mine.getAttribute("data-head") === "Shelved");
    assert.equal(await page.locator(".row[data-head]").count(), 1);
    const story = await page.locator("#story").innerText();
    assert.match(story, / shelved by sergeant for 2 h 0 min: he is in custody/);
    assert.doesNotMatch(story, /shelved shelved/);
    for (const line of story.split("\n"))
        assert.ok(line.split("sergeant").length <= 2 && line.split("in custody").length <= 2, line);
    assert.match(await page.locator("#facts").innerText(), /shelved until\s.* by sergeant/);
    await page.context().close();
});

test("an order without a clause has none, and a long word stays in its row", async () => {
    const page = await testbed.desk("sergeant"), long = "x".repeat(400);
    await testbed.kill("breachd"); // which makes todo anew when somebody else has written there
    testbed.redis("HSET", "{breachd}:todo", "new/home/1", JSON.stringify({ by: null, note: long, alert: {
        sequence: "5", type: "breachd.breach", subject: "new/home", time: new Date().toISOString(), data: {
            incident: "new/home/1", severity: "critical", reason: long, order: "new", kind: "DVPO", clause: null } } }));
    await row(page, "new/home/1").locator("button").click();
    assert.match(await page.locator("#facts").innerText(), /order\s+new \(DVPO\)/);
    const wide = await row(page, "new/home/1").locator(".note, .what").evaluateAll((parts) =>
        parts.map((part) => part.getBoundingClientRect().right - document.querySelector("#list").getBoundingClientRect().right));
    assert.ok(wide.length === 2 && wide.every((over) => over <= 0), `${wide}`);
    assert.ok(await page.evaluate(() => document.querySelector("#list").scrollWidth <= document.querySelector("#list").clientWidth));
    await page.context().close();
});
