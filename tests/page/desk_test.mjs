// SPDX-License-Identifier: Apache-2.0
// desk_test.mjs - the control room's page in a real browser, before a real breachd, Redis and
// breachd-web: what a duty sergeant sees, and what happens to it when one of them dies.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Testbed, until } from "./testbed.mjs";

let testbed;

before(async () => {
    testbed = await Testbed.build();
});
after(async () => testbed?.close());

const row = (page, n) => page.locator(`.row[data-incident="DVPO-${n}/home/1"]`);

// The first that is ever heard of tag-N is inside.
async function breach(n) {
    await testbed.ping(n, 20);
}

test("an alert is on the page, with its word, its sign and its sound", async (t) => {
    const page = await testbed.desk("sergeant");
    await page.waitForSelector("#nothing:not([hidden])");
    const began = Date.now();
    await breach(1);
    await row(page, 1).waitFor();
    t.diagnostic(`ping to page: ${Date.now() - began} ms`);
    assert.match(await row(page, 1).innerText(), /critical/i);
    assert.match(await page.locator("#said-now").textContent(), /critical DVPO-1\/home\/1/);
    await page.waitForSelector("html[data-sounds=true]");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

test("it is taken by keyboard alone, and another desk sees who has it", async (t) => {
    const [mine, other] = [await testbed.desk("sergeant"), await testbed.desk("inspector")];
    await row(mine, 1).waitFor();
    await mine.keyboard.press("j");
    await mine.keyboard.press("a");
    await mine.keyboard.type("car 12 goes");
    const began = Date.now();
    await mine.keyboard.press("Enter");
    for (const page of [mine, other])
        await until("who has it", async () => /has it: sergeant/.test(await row(page, 1).innerText()));
    t.diagnostic(`both desks have it: ${Date.now() - began} ms`);
    assert.match(await row(other, 1).innerText(), /car 12 goes/);
    await other.waitForSelector("html[data-sounds=false]");
    for (const page of [mine, other]) {
        assert.deepEqual(page.complaints, []);
        await page.context().close();
    }
});

test("what breachd refuses is said each time, where it was asked alone", async () => {
    const [mine, other] = [await testbed.desk("sergeant"), await testbed.desk("inspector")];
    await row(mine, 1).waitFor();
    await mine.keyboard.press("j");
    for (let n = 0; n < 4; n++) {
        await mine.keyboard.press("h");
        await mine.locator("#ask[open] [name=to]").waitFor();
        await mine.keyboard.type("sergeant");
        await mine.keyboard.press("Enter");
        await mine.locator("#troubles [data-kind=sent]", { hasText: "refused: sergeant has it already" }).waitFor();
        await mine.keyboard.press("n"); // the next word takes the line away
        await mine.keyboard.press("Escape");
        await mine.locator("dialog[open]").waitFor({ state: "detached" });
        await mine.locator("#troubles [data-kind=sent]").waitFor({ state: "detached" });
    }
    assert.equal(await other.locator("#troubles [data-kind=sent]").count(), 0);
    for (const page of [mine, other])
        await page.context().close();
});

test("what cannot be sent is said in the dialog, and what was typed stays", async () => {
    const page = await testbed.desk("sergeant");
    const says = (text) => page.locator("#ask[open] #ask-error", { hasText: text }).waitFor();
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("s");
    await page.locator("#ask[open] [name=until]").waitFor();
    await page.fill("[name=reason]", "he is in custody");
    for (const [until, why] of [["soon", "22:30, 30 min and 2 h are read"], ["9 h", "8 h at most"],
        ["0 min", "later than now"]]) {
        await page.fill("[name=until]", until);
        await page.keyboard.press("Enter");
        await says(why);
        assert.equal(await page.inputValue("[name=until]"), until);
        assert.equal(await page.inputValue("[name=reason]"), "he is in custody");
    }
    await testbed.kill("web");
    await page.fill("[name=until]", "2 h");
    await page.keyboard.press("Enter");
    await says("breachd-web does not answer");
    assert.equal(await page.inputValue("[name=reason]"), "he is in custody");
    await page.context().close();
    await testbed.start("web");
});

test("a map is shown to who may and says why, and the look is in the evidence", async () => {
    const page = await testbed.desk("inspector");
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    await page.keyboard.type("is she at Søndergade – or not?");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    assert.match(await page.locator("#as-of").textContent(), /^As of \d\d:\d\d:\d\d/);
    assert.match(testbed.explained("DVPO-1/home/1"), /is she at Søndergade – or not\?/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    const view = await testbed.desk("view");
    await row(view, 1).waitFor();
    await view.keyboard.press("j");
    await view.keyboard.press("a");
    assert.equal(await view.locator("dialog[open]").count(), 0);
    assert.equal(await view.locator("#actions button:enabled").count(), 0);
    await view.context().close();
});

// What the stream has of an incident stands in its story once each, in order.
async function story_is_whole(page, n) {
    const told = testbed.redis("--raw", "XRANGE", "{breachd}:alerts", "-", "+").split("\n")
        .filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
        .filter(({ data }) => data.incident === `DVPO-${n}/home/1`);
    const types = told.map(({ type }) => type.replace("breachd.", ""));
    await row(page, n).locator("button").click();
    await until(`the story of ${n}`, async () => await page.locator("#story li").count() === told.length);
    assert.deepEqual(await page.locator("#story li b").evaluateAll((all) => all.map((b) => b.textContent.trim().split(" ")[0])),
        types);
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
    await page.locator("h1").last().click();
}

test("whatever dies, the page is red, and whole again after it", async () => {
    const page = await testbed.desk("sergeant");
    await row(page, 1).waitFor();
    const red = (kind) => page.waitForSelector(`#troubles [data-kind="${kind}"]`);
    const well = () => page.waitForFunction(() =>
        document.querySelectorAll("#troubles .trouble:not([data-kind=sound])").length === 0);

    await testbed.kill("breachd");
    await red("beat");
    await testbed.start("breachd");
    await well();
    await testbed.kill("redis");
    await red("redis");
    await breach(3); // on disk, and in the stream as soon as there is one
    await testbed.start("redis");
    await row(page, 3).waitFor();
    await well();
    await testbed.kill("web");
    await red("connection");
    await breach(2);
    await testbed.start("web");
    // Sessions do not outlive it: the page asks by itself, and who logs in has missed nothing.
    await page.waitForSelector("#login:not([hidden])");
    await page.fill("[name=name]", "sergeant");
    await page.fill("[name=password]", "correct horse battery staple");
    await page.keyboard.press("Enter");
    await row(page, 2).waitFor();
    await well();
    for (const n of [1, 2, 3])
        await story_is_whole(page, n);
    await page.context().close();
});

test("what stands in Redis is text, whatever it is", async () => {
    const page = await testbed.desk("sergeant");
    const evil = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const alert = { sequence: "999999", specversion: "1.0", id: evil, type: `breachd.${evil}`, subject: evil,
        time: new Date().toISOString(), data: { incident: evil, severity: evil, reason: evil, area: evil } };
    await testbed.kill("breachd"); // which makes todo anew when somebody else has written there
    testbed.redis("HSET", "{breachd}:todo", evil, JSON.stringify({ alert, by: evil, note: evil }));
    await until("the row", async () => (await page.locator(".row").allInnerTexts())
        .some((text) => text.includes("<img")));
    testbed.redis("HDEL", "{breachd}:todo", evil);
    assert.notEqual(await page.title(), "owned");
    assert.equal(await page.locator(".row img, .row script").count(), 0);
    await testbed.start("breachd");
    await page.context().close();
});

test("each fact stands beside its name, however narrow it gets", async () => {
    const page = await testbed.desk("sergeant");
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    for (const width of [1920, 1280, 800, 480]) {
        await page.setViewportSize({ width, height: 800 });
        const apart = await page.locator("#facts .fact").evaluateAll((facts) => facts
            .filter((fact) => fact.children.length > 1 &&
                fact.children[0].getClientRects()[0].top !== fact.children[1].getClientRects()[0].top)
            .map((fact) => fact.textContent));
        assert.ok(await page.locator("#facts .fact").count() > 5);
        assert.deepEqual(apart, [], `${width} px`);
    }
    await page.context().close();
});

test("a thousand are listed, unseen and worst first, and scroll", async (t) => {
    const page = await testbed.desk("sergeant");
    const time = new Date().toISOString(), fields = [];
    await testbed.kill("breachd");
    for (let n = 0; n < 1000; n++) {
        const incident = `MANY-${n}/home/1`, severity = n === 999 ? "critical" : "high";
        fields.push(incident, JSON.stringify({ by: n % 2 ? null : "PC 1", note: null, alert: {
            sequence: String(100000 + n), type: "breachd.possible", subject: incident, time,
            data: { incident, severity, reason: "may be inside" } } }));
    }
    testbed.redis("HSET", "{breachd}:todo", ...fields);
    await page.waitForFunction(() => document.querySelectorAll("#list .row").length >= 1000);
    const order = await page.locator("#list .row").evaluateAll((rows) =>
        rows.map((r) => r.dataset.incident).filter((incident) => incident.startsWith("MANY")));
    assert.equal(order[0], "MANY-999/home/1");
    assert.ok(order.slice(0, 500).every((incident) => Number(/\d+/.exec(incident)) % 2 === 1));
    const frames = await page.evaluate(() => new Promise((done) => {
        const list = document.getElementById("list"), from = performance.now();
        let n = 0;
        (function step() {
            list.scrollBy(0, 40);
            n++;
            performance.now() - from < 1000 ? requestAnimationFrame(step) : done(n);
        })();
    }));
    t.diagnostic(`${frames} frames in a second of scrolling`);
    assert.deepEqual(page.complaints, []);
    testbed.redis("DEL", "{breachd}:todo");
    await testbed.start("breachd");
    await page.context().close();
});

test("axe finds nothing in log-in, list, dialog, help, light and dark, desk and tablet", async () => {
    const axe = readFileSync(join(process.env.BREACHD_NPM, "node_modules", "axe-core", "axe.min.js"), "utf8");
    for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 800]]) {
        const page = await testbed.desk("inspector", { colorScheme, viewport: { width, height: 800 } });
        await row(page, 1).waitFor();
        await page.keyboard.press("j");
        for (const key of [null, "a", "Escape", "i", "Escape", "?"]) {
            if (key !== null)
                await page.keyboard.press(key);
            const found = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
            assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [],
                `${colorScheme}, ${width} px, after ${key}`);
        }
        await page.context().close();
    }
});
