// SPDX-License-Identifier: Apache-2.0
// stalled_test.mjs - a path that carries nothing any more, and a shift that is over: no desk is quiet then.
// (aebrer/dreb#365, Shopify/dashing#448: a stream that stalls is shown as it was until somebody reloads.)

import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { Testbed, free_port, until } from "./testbed.mjs";

let testbed, path;

before(async () => {
    testbed = await Testbed.build();
    path = await Path.open(testbed);
});
after(async () => {
    await testbed?.close();
    path?.close();
});

// Between browser and breachd-web; what runs through it can be stopped, and new connections go on.
class Path {
    static async open(testbed) {
        const path = new Path(), port = await free_port();
        path.pairs = new Set();
        path.server = net.createServer((near) => path.carry(near, testbed.web_port));
        await new Promise((done) => path.server.listen(port, "127.0.0.1", done));
        testbed.url = `http://127.0.0.1:${port}`;
        return path;
    }

    carry(near, port) {
        const pair = { near, far: net.connect(port, "127.0.0.1"), stalled: false };
        this.pairs.add(pair);
        pass(pair, near, pair.far);
        pass(pair, pair.far, near);
    }

    stall() {
        for (const pair of this.pairs)
            pair.stalled = true;
    }

    close() {
        this.server.close();
        for (const { near, far } of this.pairs)
            near.destroy(), far.destroy();
    }
}

function pass(pair, from, to) {
    from.on("data", (bytes) => pair.stalled || to.write(bytes));
    from.on("error", () => {});
    from.on("close", () => pair.stalled || to.destroy());
}

const row = (page, n) => page.locator(`.row[data-incident="DVPO-${n}/home/1"]`);

test("what came while the path was stalled is seen without anybody's doing", async () => {
    const page = await testbed.desk("sergeant");
    await testbed.ping(1, 20);
    await row(page, 1).waitFor();
    const beats = new Set(); // how often one comes is known from there on
    await until("some beats", async () => beats.add(await page.locator("#beat").innerText()).size > 3);
    path.stall();
    await testbed.ping(2, 20);
    await page.locator("#troubles [data-kind=beat]").waitFor();
    await row(page, 2).waitFor({ timeout: 90000 }); // each connection that was left waits for itself
    await page.waitForFunction(() => document.querySelector("#troubles [data-kind=beat]") === null);
    assert.ok(await page.locator("#desk").isVisible());
    await page.context().close();
});

test("a shift that is over is as loud as a breach until somebody logs in", async () => {
    const page = await testbed.desk("sergeant");
    await testbed.kill("web");
    await testbed.start("web"); // whose sessions are gone
    await page.locator("#login-says", { hasText: "nothing is watched here" }).waitFor();
    await page.keyboard.press("Shift");
    await page.waitForSelector("html[data-sounds=true]");
    await page.fill("[name=password]", "correct horse battery staple");
    await page.fill("[name=name]", "sergeant");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#desk:not([hidden])");
    assert.equal(await page.locator("#troubles [data-kind=session]").count(), 0);
    await page.context().close();
});
