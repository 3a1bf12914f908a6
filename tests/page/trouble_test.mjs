// SPDX-License-Identifier: Apache-2.0
// trouble_test.mjs - the page when something is wrong with what it is given: each is said in red, and hides
// nothing that somebody must see to; and people whom a proxy names.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Testbed, until } from "./testbed.mjs";

const { BREACHD_BUILD: build } = process.env;
let testbed;

before(async () => {
    testbed = await Testbed.build({ web: "proxy = 127.0.0.2\nproxy-header = X-Person" });
});
after(async () => testbed?.close());

const row = (page, n) => page.locator(`.row[data-incident="DVPO-${n}/home/1"]`);
const red = (page, kind) => page.locator(`#troubles [data-kind="${kind}"]`);
const well = (page) => page.waitForFunction(() =>
    document.querySelectorAll("#troubles .trouble:not([data-kind=sound])").length === 0);

test("an entry that cannot be read is said, and a breach after it is seen and heard", async () => {
    const page = await testbed.desk("sergeant");
    await well(page);
    await testbed.kill("breachd"); // which makes todo anew when somebody else has written there
    testbed.redis("HSET", "{breachd}:todo", "x", "{}");
    await red(page, "odd").waitFor();
    assert.match(await red(page, "odd").innerText(), /^x: what stands of it .* somebody may be inside by it/);
    testbed.redis("HSET", "{breachd}:todo", "new/home/1", JSON.stringify({ by: null, note: null, alert: {
        sequence: "5", type: "breachd.breach", subject: "new/home", time: new Date().toISOString(),
        data: { incident: "new/home/1", severity: "critical", reason: "inside" } } }));
    await page.locator(".row[data-incident='new/home/1']").waitFor();
    assert.match(await page.locator("#said-now").textContent(), /critical new\/home\/1/);
    testbed.redis("HDEL", "{breachd}:todo", "x");
    await red(page, "odd").waitFor({ state: "detached" });
    testbed.redis("HSET", "{breachd}:todo", "x", "[]");
    await red(page, "left-out").waitFor();
    await page.reload(); // the list itself says so
    await red(page, "left-out").waitFor();
    testbed.redis("DEL", "{breachd}:todo");
    await red(page, "left-out").waitFor({ state: "detached" });
    await testbed.start("breachd");
    await well(page);
    await page.context().close();
});

// Each change of the page is looked at: true as long as its head says what its red lines say.
function agree(page) {
    return page.evaluate(() => {
        const loud = "beat blind redis connection list session".split(" ").map((kind) => `[data-kind=${kind}]`).join();
        globalThis.apart = [];
        new MutationObserver(() => {
            const head = document.querySelector("#beat").textContent, red = document.querySelector("#troubles").querySelector(loud);
            if ((head === "NOT WATCHING") !== (red !== null))
                globalThis.apart.push(`${head}; ${red?.textContent}`);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
}

test("head and red lines never disagree, also of a page that is opened while nobody watches", async () => {
    const page = await testbed.desk("sergeant");
    await well(page);
    await page.locator("#beat", { hasText: /^watching, heard/ }).waitFor();
    await agree(page);
    await testbed.kill("breachd");
    await red(page, "beat").waitFor();
    const late = await testbed.desk("view");
    await red(late, "beat").waitFor();
    await agree(late);
    assert.equal(await late.locator("#beat").textContent(), "NOT WATCHING");
    await testbed.start("breachd");
    await well(page);
    await page.locator("#beat", { hasText: /^watching, heard/ }).waitFor();
    for (const one of [page, late])
        assert.deepEqual(await one.evaluate(() => globalThis.apart), []);
    await late.context().close();
    await page.context().close();
});

test("loaded anew while Redis is away the desk says so, sounds, and is whole when Redis is back", async () => {
    const page = await testbed.desk("sergeant");
    await testbed.ping(1, 20);
    await row(page, 1).waitFor();
    await testbed.kill("redis");
    await page.reload();
    await red(page, "redis").waitFor();
    await red(page, "list").waitFor();
    assert.ok(await page.locator("#login").isHidden());
    assert.ok(await page.locator("#nothing").isHidden()); // nobody knows
    await page.keyboard.press("Shift");
    await page.waitForSelector("html[data-sounds=true]");
    await testbed.start("redis");
    await row(page, 1).waitFor();
    await well(page);
    await page.context().close();
});

test("a map that is not whole says so, and is as old as its newest ping", async () => {
    const page = await testbed.desk("inspector"), time = "2026-01-02T20:14:05.000Z";
    const ping = { type: "Feature", geometry: { type: "Point", coordinates: [0.47, 51.57] },
        properties: { what: "ping", number: 1, time, accuracy: 8, grade: "good" } };
    await page.route("**/map", (route) => route.fulfill({ contentType: "application/geo+json",
        body: JSON.stringify({ type: "FeatureCollection", incident: "x", more: true, features: [ping] }) }));
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    await page.keyboard.type("a test");
    await page.keyboard.press("Enter");
    await page.locator("#map-more", { hasText: "Not all is drawn" }).waitFor();
    assert.match(await page.locator("#as-of").textContent(), /^As of (2 Jan|Jan 2),? (at )?20:14.*, the newest ping/);
    await page.context().close();
});

test("a map that was asked for stays when its own row is chosen again", async () => {
    const page = await testbed.desk("inspector");
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    await page.keyboard.type("a test");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    await row(page, 1).locator("button").click();
    assert.ok(await page.locator("#where").isVisible());
    await page.context().close();
});

// Of the users file: that role from now on, with the password as it was.
function change_role(name, role) {
    const users = join(testbed.dir, "users"), lines = readFileSync(users, "utf8").split("\n");
    execFileSync("sed", ["-i", `s/^${name} [a-z]* /${name} ${role} /`, users]);
    assert.ok(lines.some((line) => line.startsWith(`${name} `)));
}

test("whom a proxy names goes on when sessions end, and can act", async () => {
    await testbed.kill("web");
    execFileSync("sed", ["-i", "s/127\\.0\\.0\\.2/127.0.0.1/", join(testbed.dir, "web.conf")]);
    await testbed.start("web");
    const page = await testbed.page({ extraHTTPHeaders: { "X-Person": "sergeant" } });
    const note = async (text) => {
        await page.keyboard.press("n");
        await page.locator("#ask[open] [name=note]").fill(text);
        await page.keyboard.press("Enter");
        await until(text, async () => (await row(page, 1).innerText()).includes(text));
    };
    await row(page, 1).waitFor();
    await page.keyboard.press("j");
    await note("the first");
    await testbed.kill("web");
    await red(page, "connection").waitFor();
    await testbed.start("web");
    await well(page);
    await note("the second");
    change_role("sergeant", "map"); // ends the sessions of before
    await page.locator("#me", { hasText: "sergeant (map)" }).waitFor();
    await well(page);
    assert.ok(await page.locator("#desk").isVisible() && await page.locator("#login").isHidden());
    await note("the third");
    await page.context().close();
});

test("where sound is off in web.conf no desk rings", async () => {
    await testbed.kill("web");
    execFileSync("sed", ["-i", "s/^proxy = .*/sound = off/; /^proxy-header/d", join(testbed.dir, "web.conf")]);
    await testbed.start("web");
    const page = await testbed.desk("sergeant");
    await testbed.ping(2, 20);
    await row(page, 2).waitFor();
    await page.keyboard.press("q");
    await page.waitForSelector("html[data-sounds=false]");
    assert.equal(await page.locator("#sound").innerText(), "Sound OFF");
    assert.ok(await page.locator("#sound").isDisabled());
    await page.context().close();
});
