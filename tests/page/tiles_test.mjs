// SPDX-License-Identifier: Apache-2.0
// tiles_test.mjs - the map on tiles of its own file: what of them is drawn, whose work it is, who may have
// them, and that whatever is wrong with the file leaves the map its grid.

import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AT, Testbed, until } from "./testbed.mjs";
import { read_png, write_png } from "./picture.mjs";
import { around, pmtiles, town } from "./tiles.mjs";

const CREDIT = '<a href="https://www.openstreetmap.org/copyright" onclick="document.title=\'owned\'">&copy; OpenStreetMap' +
    "</a><img src=x onerror=\"document.title='owned'\">";
const SAID = "Map: © OpenStreetMap (openstreetmap.org/copyright)";
const LAND = [0xf4, 0xf3, 0xee], WATER = [0xc3, 0xdc, 0xee], ROAD = [0xcf, 0xcb, 0xc2], PAPER = [255, 255, 255];
const GRID = [0xd4, 0xda, 0xdf];
let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 1, web: "tiles = tiles.pmtiles" });
    await testbed.ping(1, 20);
});
after(async () => testbed?.close());

function image(side, of) {
    return write_png({ width: side, height: side, of: Buffer.alloc(side * side * 3, Buffer.from(of)) });
}

// Written beside it and put into its place, as one should; breachd-web reads it at SIGHUP.
function lay(bytes) {
    writeFileSync(join(testbed.dir, "new"), bytes);
    renameSync(join(testbed.dir, "new"), join(testbed.dir, "tiles.pmtiles"));
    testbed.running.web.kill("SIGHUP");
}

const vector = (more = {}) => pmtiles({ kind: "vector", metadata: { attribution: CREDIT },
    tiles: around(AT, 14, 2).map((at) => ({ ...at, bytes: town() })), ...more });

// The desk's map, after that file was laid; `tiles`: whether breachd-web has taken it.
async function map_on(bytes, tiles = true, options = {}) {
    lay(bytes);
    const page = await testbed.desk("inspector", options);
    await until("the file is taken", () => page.evaluate(async (want) =>
        (await (await fetch("/me")).json()).tiles === want, tiles));
    await page.reload();
    await page.locator(".row").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    await page.keyboard.type("a test");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#where:not([hidden]) canvas");
    await page.locator("#map").scrollIntoViewIfNeeded();
    return page;
}

// The share of the map's pixels that are of that colour.
async function share(page, [r, g, b]) {
    const { width, height, of } = read_png(await page.locator("#map").screenshot());
    let n = 0;
    for (let i = 0; i < of.length; i += 3)
        n += Math.abs(of[i] - r) < 4 && Math.abs(of[i + 1] - g) < 4 && Math.abs(of[i + 2] - b) < 4;
    return n / (width * height);
}

const has = (page, colour, least) => until(`colour ${colour}`, async () => await share(page, colour) >= least);

test("vector tiles are drawn, from a directory below the first too, and whose work they are is said", async () => {
    for (const leaf of [false, true]) {
        const page = await map_on(vector({ leaf }));
        await has(page, LAND, 0.1);
        await has(page, WATER, 0.1);
        await has(page, ROAD, 0.0005);
        assert.equal(await page.locator("#credit").innerText(), SAID);
        assert.ok(await page.locator("#map-says").isHidden());
        if (process.env.KEEP)
            await page.locator("#where").screenshot({ path: join(process.env.KEEP, "tiles.png") });
        assert.notEqual(await page.title(), "owned");
        assert.deepEqual(page.complaints, []); // a request to elsewhere, a word of the policy's, an error
        await page.context().close();
    }
});

test("images are drawn, of 256 pixels and of 512", async () => {
    for (const side of [256, 512]) {
        const colour = side === 256 ? [40, 160, 90] : [150, 60, 160];
        const page = await map_on(pmtiles({ kind: "png", metadata: { attribution: "The town" },
            tiles: around(AT, 14, 2).map((at) => ({ ...at, bytes: image(side, colour) })) }));
        await has(page, colour, 0.5);
        assert.equal(await page.locator("#credit").innerText(), "Map: The town");
        assert.deepEqual(page.complaints, []);
        await page.context().close();
    }
});

test("axe finds nothing in a map, on tiles and on a grid, light and dark, desk and tablet", async () => {
    const axe = readFileSync(join(process.env.BREACHD_NPM, "node_modules", "axe-core", "axe.min.js"), "utf8");
    for (const [file, tiles, colorScheme, width] of [[vector(), true, "light", 1280], [vector(), true, "dark", 820],
        [Buffer.from("x"), false, "dark", 1280]]) {
        const page = await map_on(file, tiles, { colorScheme, viewport: { width, height: 800 } });
        await page.locator(tiles ? "#credit" : "#map-says").filter({ hasText: /\S/ }).waitFor();
        const found = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
        assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `${colorScheme}, ${width} px`);
        await page.context().close();
    }
});

test("where they do not reach is a grid, and that is said", async () => {
    const page = await map_on(vector({ bounds: [5, 45, 6, 46] }));
    await page.locator("#map-says", { hasText: "they do not reach" }).waitFor();
    await page.context().close();
});

test("whoever moves to where they do not reach, or too far out, sees the grid and why", async () => {
    const [west, south, east, north] = [AT.lon - 0.01, AT.lat - 0.006, AT.lon + 0.01, AT.lat + 0.006];
    const page = await map_on(vector({ bounds: [west, south, east, north] }));
    await has(page, LAND, 0.1);
    assert.ok(await page.locator("#map-says").isHidden());
    const box = await page.locator("#map").boundingBox(), at = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(...at);
    await page.mouse.down();
    await page.mouse.move(at[0] + 0.49 * box.width, at[1], { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(...at);
    await until("it is said", async () => {
        await page.mouse.wheel(0, 100);
        return page.locator("#map-says").isVisible();
    });
    await page.locator("#map-says", { hasText: /they (do not reach|begin nearer)/ }).waitFor();
    await has(page, GRID, 0.002);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});

test("new tiles are another map, with another credit, also for a page that is open; written over, there are none", async () => {
    const page = await map_on(vector()), ask_again = async () => {
        await page.keyboard.press("m");
        await page.keyboard.type("a test");
        await page.keyboard.press("Enter");
    };
    await page.locator("#credit", { hasText: SAID }).waitFor();
    lay(vector({ metadata: { attribution: "Another" } }));
    await until("the file is taken", () => /tiles: vector, zoom/.test(readFileSync(join(testbed.dir, "web.log"), "utf8")));
    await until("it is the other", async () => {
        await ask_again();
        await page.locator("#ask[open]").waitFor({ state: "hidden" });
        return await page.locator("#credit").innerText() === "Map: Another";
    });
    await has(page, LAND, 0.1);
    writeFileSync(join(testbed.dir, "tiles.pmtiles"), "x"); // in place
    await ask_again();
    await page.locator("#map-says", { hasText: "written over in place: reload" }).waitFor();
    assert.equal(await page.locator("#credit").innerText(), "");
    await page.context().close();
});

const whole = vector();
const WRONG = {
    "a file that is something else": [Buffer.from("<html>".repeat(100)), false, "is no PMTiles file"],
    "one that is cut": [whole.subarray(0, whole.length - 50), false, "is cut"],
    "one whose directory is none": [Buffer.concat([whole.subarray(0, 127), Buffer.alloc(whole.length - 127, 0xff)]),
        true, "its root cannot be unpacked"],
    "tiles that are none": [pmtiles({ kind: "vector", metadata: { attribution: CREDIT }, tiles: around(AT, 14, 2)
        .map((at) => ({ ...at, bytes: Buffer.alloc(200, 0xff) })) }), true, "a tile"],
    "images that unpack to gigabytes": [pmtiles({ kind: "png", metadata: { attribution: CREDIT },
        tiles: around(AT, 14, 2).map((at) => ({ ...at, bytes: vast() })) }), true, "no image of 1 to 1024 pixels"],
};

function vast() {
    const png = Buffer.from(image(4, PAPER));
    png.writeUInt32BE(60000, 16);
    png.writeUInt32BE(60000, 20);
    return png;
}

for (const [what, [bytes, tiles, says]] of Object.entries(WRONG)) {
    test(`${what}: it is said, and zone and way are drawn`, async () => {
        const page = await map_on(bytes, tiles);
        await page.locator("#map-says", { hasText: says }).waitFor();
        assert.ok(await share(page, [0xd0, 0x10, 0x2a]) >= 0 && await page.locator("#legend div").count() >= 6);
        assert.match(await page.locator("#as-of").innerText(), /the newest ping/);
        assert.deepEqual(page.complaints, []);
        await page.context().close();
    });
}
