// SPDX-License-Identifier: Apache-2.0
// exercise_test.mjs - an exercise on the page: unmistakable, and by its own clock, also when the page is
// loaded anew; and the demo that plays one.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { free_port, Testbed, until } from "./testbed.mjs";

const { BREACHD_BUILD: build } = process.env;
const DEMO = join(import.meta.dirname, "../../config/demo/run.sh");

test("an exercise says so, and its ages go on when the page is loaded anew", async () => {
    const testbed = await Testbed.build({ orders: 1, rehearse: true });
    try {
        await testbed.ping(1, 900, "2020-06-23T20:00:00Z");
        await testbed.ping(1, 20, "2020-06-23T20:05:00Z");
        const page = await testbed.desk("sergeant");
        const row = page.locator(".row[data-incident='DVPO-1/home/1']");
        const age = async () => Number.parseInt(await row.locator("time").textContent(), 10);
        await row.waitFor();
        assert.match(await row.innerText(), /EXERCISE critical/i);
        await page.waitForSelector("#exercise:not([hidden])");
        await page.keyboard.press("j");
        await until("it is 3 s old", async () => await age() >= 3);
        await page.locator("#facts .fact", { hasText: /told\s+[3-9] s ago/ }).waitFor(); // there too
        await page.reload();
        await row.waitFor();
        assert.ok(await age() >= 3, `${await age()} s`);
        await page.context().close();
    } finally {
        await testbed.close();
    }
});

test("the demo before the page says where it lives, and leaves nothing", async () => {
    const port = await free_port();
    const demo = spawn("sh", [DEMO, "--web"], { stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, BREACHD: join(build, "breachd"), PAGE_PORT: String(port), PACE: "0" } });
    let said = "";
    demo.stdout.on("data", (data) => said += data);
    try {
        await until("the page is open", () => said.includes("The evening begins"));
        const folder = /^ *D=(\/.*)$/m.exec(said)?.[1];
        assert.ok(folder, said);
        assert.ok(existsSync(join(folder, "http.sock")));
        assert.ok(existsSync(join(folder, "redis.sock")));
        demo.kill("SIGTERM");
        await until("it has ended", () => demo.exitCode !== null);
        assert.ok(!existsSync(folder));
    } finally {
        demo.kill("SIGTERM");
    }
});
