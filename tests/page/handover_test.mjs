// SPDX-License-Identifier: Apache-2.0
// handover_test.mjs - the page that breachctl handover --html writes, as a browser sets it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Testbed } from "./testbed.mjs";

const LONG = "x".repeat(300); // a word that no column has room for
let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 2 });
    await testbed.ping(1, 20);
    await testbed.ping(2, 20);
    const told = ["-c", "breachd.conf", "--by", "Inspector Featherstonehaugh"];
    testbed.ctl("ack", ...told, "--note", "Neighbours telephoned the constabulary", "DVPO-1/home/1");
    testbed.ctl("shelve", ...told, "--until", "2h", "DVPO-1/home/1");
    testbed.ctl("note", ...told, "--note", LONG, "DVPO-2/home/1");
    testbed.ctl("handover", "-c", "breachd.conf", "--since", "1h", "--html", "handover.html");
});
after(async () => testbed?.close());

// Words of tables that stand on more than one line, less those that no line can hold.
function torn() {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("td, th"))
            continue;
        for (const { 0: word, index } of walk.currentNode.data.matchAll(/[\p{L}\p{N}:]+/gu)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, index);
            range.setEnd(walk.currentNode, index + word.length);
            if (word.length < 30 && new Set([...range.getClientRects()].map((r) => r.top)).size > 1)
                found.push(word);
        }
    }
    return found;
}

test("no word is torn, however narrow the window, and the page itself never scrolls sideways", async () => {
    for (const width of [1280, 1024, 794, 480]) { // 794: A4
        const page = await testbed.browser.newPage({ viewport: { width, height: 800 } });
        await page.goto(pathToFileURL(join(testbed.dir, "handover.html")).href);
        assert.ok(await page.locator("td", { hasText: "constabulary" }).count() > 0);
        assert.deepEqual(await page.evaluate(torn), [], `${width} px`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`);
        await page.close();
    }
});
