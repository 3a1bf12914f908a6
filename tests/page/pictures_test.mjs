// SPDX-License-Identifier: Apache-2.0
// pictures_test.mjs - how the page looks, held against how it looked: a list, a breach with its map, on tiles
// too, nobody watching, an exercise, each on a desk's screen, a large one and a tablet. And README's picture.
// UPDATE=1 makes them anew: look at each of them before it is committed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AT, Testbed } from "./testbed.mjs";
import { apart, read_png, shrink, write_png } from "./picture.mjs";
import { around, pmtiles, town } from "./tiles.mjs";

const HERE = import.meta.dirname, SHOWN = join(HERE, "../../config/demo/page.png");
const SIZES = [[1280, 800], [1920, 1080], [820, 1180]];
const APART_MOST = 0.02; // ages, times, and where the map's labels found room
const SHOWN_MOST = 200 * 1024; // bytes
const update = process.env.UPDATE === "1";

// Another font sets everything elsewhere: then there is nothing to hold against.
const font = execFileSync("fc-match", ["-f", "%{family} %{fontversion}", "system-ui"]).toString();
const FONT = join(HERE, "golden", "font");
const skip = !update && (!existsSync(FONT) || readFileSync(FONT, "utf8") !== font) &&
    `made with another font than ${font}`;

let real, played;

before(async () => {
    if (skip)
        return;
    [real, played] = [await Testbed.build({ orders: 3 }), await Testbed.build({ orders: 1, rehearse: true })];
    for (const n of [1, 2])
        await real.ping(n, 20);
    const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
    for (const [seconds, north] of [[180, 700], [120, 500], [60, 380], [0, 330]])
        await real.ping(3, north, ago(seconds));
    real.ctl("ack", "-c", "breachd.conf", "--by", "inspector", "--note", "car 12 is on its way", "DVPO-2/home/1");
    const way = [[0, 600], [60, 500], [90, 380], [120, 330], [180, 150], [195, 120], [255, 60], [300, -30]];
    for (const [second, north] of way)
        await played.ping(1, north, new Date(Date.parse("2020-06-23T20:00:00Z") + second * 1000).toISOString());
});
after(async () => {
    await real?.close();
    await played?.close();
});

async function holds(page, name) {
    for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await settled(page);
        const seen = shrink(read_png(await page.screenshot({ animations: "disabled" })));
        const path = join(HERE, "golden", `${name}-${width}.png`);
        if (update)
            writeFileSync(path, write_png(seen));
        const share = apart(seen, read_png(readFileSync(path)));
        if (share > APART_MOST)
            writeFileSync(join(process.env.BREACHD_BUILD, `${name}-${width}.png`), write_png(seen));
        assert.ok(share <= APART_MOST, `${name}, ${width} px: ${(100 * share).toFixed(2)} % are others; ` +
            `what was seen is in the build's folder`);
    }
}

// Nothing is under way any more: two frames in a row are the same.
async function settled(page) {
    let before = null;
    for (let n = 0; n < 50; n++) {
        const now = await page.screenshot({ animations: "disabled" });
        if (before !== null && apart(read_png(before), read_png(now)) < 0.001)
            return;
        before = now;
    }
}

async function map_of(page, incident) {
    await page.locator(`.row[data-incident="${incident}"] button`).click();
    await page.keyboard.press("m");
    await page.keyboard.type("a picture");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    await page.mouse.move(0, 0);
}

test("a list", { skip }, async () => {
    const page = await real.desk("inspector");
    await page.locator(".row").nth(2).waitFor();
    await holds(page, "list");
    await page.context().close();
});

test("a breach, and where", { skip }, async () => {
    const page = await real.desk("inspector");
    await map_of(page, "DVPO-1/home/1");
    await holds(page, "breach");
    await page.context().close();
});

test("an exercise, and README's picture", { skip }, async () => {
    const page = await played.desk("inspector");
    await map_of(page, "DVPO-1/home/1");
    await settled(page);
    const shot = await page.screenshot({ animations: "disabled" });
    if (update)
        writeFileSync(SHOWN, shot);
    assert.ok(statSync(SHOWN).size <= SHOWN_MOST);
    const share = apart(shrink(read_png(shot)), shrink(read_png(readFileSync(SHOWN))));
    assert.ok(share <= APART_MOST, `README's picture is another: ${(100 * share).toFixed(2)} %`);
    await holds(page, "exercise");
    await page.context().close();
});

test("a breach on tiles of a file", { skip }, async () => {
    await real.kill("web");
    writeFileSync(join(real.dir, "tiles.pmtiles"), pmtiles({ kind: "vector", tiles: around(AT, 14, 2)
        .map((at) => ({ ...at, bytes: town() })), metadata: { attribution: "&copy; OpenStreetMap" } }));
    execFileSync("sed", ["-i", "s/^users = .*/&\\ntiles = tiles.pmtiles/", join(real.dir, "web.conf")]);
    await real.start("web");
    const page = await real.desk("inspector");
    await map_of(page, "DVPO-1/home/1");
    await page.locator("#credit", { hasText: "Map: © OpenStreetMap" }).waitFor();
    await holds(page, "tiles");
    await page.context().close();
});

test("nobody watches", { skip }, async () => {
    const page = await real.desk("inspector");
    await page.locator(".row").nth(2).waitFor();
    await real.kill("breachd");
    await page.waitForSelector("#troubles [data-kind=beat]");
    await holds(page, "blind");
    await page.context().close();
    if (update)
        writeFileSync(FONT, font);
});
