// SPDX-License-Identifier: Apache-2.0
// map_test.mjs - the map of an incident: what is on it, and that its signs are told apart.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Testbed } from "./testbed.mjs";

let testbed;

// An approach, a breach that goes on, its end; and a leap that nobody believes.
before(async () => {
    testbed = await Testbed.build({ orders: 1, rehearse: true });
    const way = [[0, 700], [60, 500], [90, 380], [120, 330], [180, 150], [195, 120], [300, 60], [600, 40],
        [660, 240], [700, 500], [730, 900]];
    for (const [second, north] of [...way, [735, 9000], [750, 1000]])
        await testbed.ping(1, north, new Date(Date.parse("2020-06-23T20:00:00Z") + second * 1000).toISOString());
});
after(async () => testbed?.close());

async function shown(colorScheme) {
    const page = await testbed.desk("inspector", { colorScheme });
    await page.locator(".row[data-incident='DVPO-1/home/1']").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    await page.keyboard.type("a test");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    return page;
}

test("moments of alerts are told apart by shape, colour and word, and the legend says which", async () => {
    for (const colorScheme of ["light", "dark"]) {
        const page = await shown(colorScheme);
        const words = await page.locator("#legend dd.moment").allInnerTexts();
        for (const word of ["approach", "breach", "goes on", "cleared"])
            assert.ok(words.includes(word), `${word} of ${words}`);
        const signs = await page.locator("#legend canvas").evaluateAll((all) => all.map((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const mid = 4 * (Math.floor(canvas.height / 2) * canvas.width + Math.floor(canvas.width / 2));
            let shape = `${canvas.width}:`;
            for (let i = 3; i < data.length; i += 4)
                shape += data[i] > 127 ? "1" : "0";
            return { shape, ink: data.slice(mid, mid + 3).join() };
        }));
        assert.equal(signs.length, words.length);
        assert.equal(new Set(signs.map(({ shape }) => shape)).size, words.length, "shapes");
        assert.ok(new Set(signs.map(({ ink }) => ink)).size >= 3, "colours"); // a breach that goes on keeps its
        assert.deepEqual(page.complaints, []);
        await page.context().close();
    }
});

// Of the texts on the map: those that lie over another one or over the edge.
function crowded() {
    const frame = document.querySelector(".frame").getBBox(), all = [...document.querySelectorAll(".label")];
    const boxes = all.map((label) => [label.textContent, label.getBBox()]), bad = [];
    for (const [text, a] of boxes) {
        if (a.x < frame.x || a.y < frame.y || a.x + a.width > frame.x + frame.width ||
            a.y + a.height > frame.y + frame.height)
            bad.push(`${text}: over the edge`);
        for (const [other, b] of boxes)
            if (a !== b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 2 &&
                b.y < a.y + a.height - 2)
                bad.push(`${text}: over ${other}`);
    }
    return bad;
}

test("breachctl explain --svg draws the same: labels apart, times local, a leap no part of the way", async () => {
    testbed.ctl("explain", "-c", "breachd.conf", "--reason", "a test", "--svg", "a.svg", "DVPO-1/home/1");
    const page = await testbed.browser.newPage({ viewport: { width: 900, height: 960 } });
    await page.goto(pathToFileURL(join(testbed.dir, "a.svg")).href);
    const texts = await page.locator("text").allTextContents();
    assert.ok(texts.includes("EXERCISE: DVPO-1/home/1"), texts.join("; "));
    assert.ok(texts.some((text) => /^Tuesday 23 June 2020, 21:0\d:\d\d to 21:1\d:\d\d, local time \(Europe\/London\)$/
        .test(text)), texts.join("; "));
    for (const word of ["approach", "breach", "cleared"])
        assert.ok(texts.some((text) => new RegExp(`^${word} 21:\\d\\d:\\d\\d$`).test(text)), word);
    assert.deepEqual(await page.evaluate(crowded), []);
    assert.ok(texts.includes("1 not believed: beyond the edge"), texts.join("; "));
    assert.ok(await page.locator(".ring").count() > 0 && await page.locator(".arrow").count() > 0);
    if (process.env.KEEP)
        await page.screenshot({ path: join(process.env.KEEP, "explain.png") });
    await page.close();
});
