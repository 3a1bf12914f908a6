// SPDX-License-Identifier: Apache-2.0
// scroll_test.mjs - a list of a thousand that is scrolled by the wheel, at rest and while it changes: what
// Chromium's own trace says of its frames. Printed, and not asserted: tests/bench/README.md has figures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Testbed } from "./testbed.mjs";

const LISTED = 1000, WHEELS = 120, EACH_PX = 120, CHANGED = 20; // entries a second, while it changes
const FRAME_MS = 1000 / 60;
let testbed;

before(async () => {
    testbed = await Testbed.build({ orders: 1 });
    await testbed.kill("breachd"); // which makes todo anew when somebody else has written there
});
after(async () => testbed?.close());

function list(from, n, by) {
    const fields = [], time = new Date().toISOString();
    for (let i = from; i < from + n; i++) {
        const incident = `MANY-${i % LISTED}/home/1`;
        fields.push(incident, JSON.stringify({ by, note: null, alert: { sequence: String(100000 + i),
            type: "breachd.breach", subject: incident, time, data: { incident, severity: "critical", respondent: "R-1",
                area: "Basildon", reason: `inside by ${i} m, accuracy 8 m, 2 pings in 15 s` } } }));
    }
    testbed.redis("HSET", "{breachd}:todo", ...fields);
}

// What is traced while `work` goes on.
async function traced(work) {
    const cdp = await testbed.browser.newBrowserCDPSession(), events = [];
    cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
    await cdp.send("Tracing.start", { transferMode: "ReportEvents",
        traceConfig: { includedCategories: ["devtools.timeline", "cc", "benchmark"] } });
    await work();
    const ended = new Promise((done) => cdp.once("Tracing.tracingComplete", done));
    await cdp.send("Tracing.end");
    await ended;
    return events;
}

// Milliseconds between frames as requestAnimationFrame has them, from now until asked again.
function watch_frames() {
    let before = performance.now();
    window.frames_seen = [];
    window.frames_end = false;
    (function step(now) {
        window.frames_seen.push(now - before);
        before = now;
        if (!window.frames_end)
            requestAnimationFrame(step);
    })(before);
}

// What became of frames, by Chromium's own reporter; and the longest that script, style and layout took.
function judged(events) {
    const states = events.map(({ args }) => args?.frame_reporter?.state).filter((state) => state);
    const longest = (names) => Math.max(0, ...events.filter(({ name, dur }) => names.includes(name) && dur)
        .map(({ dur }) => dur / 1000));
    return { shown: states.filter((state) => state.startsWith("STATE_PRESENTED")).length,
        dropped: states.filter((state) => state === "STATE_DROPPED").length,
        script: longest(["FunctionCall", "TimerFire", "EventDispatch"]), layout: longest(["UpdateLayoutTree", "Layout"]) };
}

function say(t, what, frames, { shown, dropped, script, layout }) {
    const sorted = frames.slice(1).sort((a, b) => a - b), at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
    t.diagnostic(`${what}: ${frames.length} frames of ${at(0.5).toFixed(1)} ms (p50), ${at(0.99).toFixed(1)} ms (p99), ` +
        `${at(1).toFixed(1)} ms (worst), ${sorted.filter((ms) => ms > 1.5 * FRAME_MS).length} late; by the trace ${shown} ` +
        `shown, ${dropped} dropped, script at most ${script.toFixed(1)} ms, style and layout ${layout.toFixed(1)} ms`);
}

async function scroll(page) {
    await page.locator("#list").hover();
    for (let n = 0; n < WHEELS; n++) {
        await page.mouse.wheel(0, n < WHEELS / 2 ? EACH_PX : -EACH_PX);
        await page.evaluate(() => new Promise(requestAnimationFrame));
    }
}

test("a list of a thousand is scrolled by the wheel, at rest and while it changes", async (t) => {
    const page = await testbed.desk("sergeant");
    list(0, LISTED, null);
    await page.waitForFunction((n) => document.querySelectorAll("#list .row").length === n, LISTED);
    for (const what of ["at rest", "while it changes"]) {
        const timer = what === "at rest" ? null : setInterval(() => list(Math.floor(Math.random() * LISTED), CHANGED, "PC 1"), 1000);
        await page.evaluate(watch_frames);
        const events = await traced(() => scroll(page));
        clearInterval(timer);
        const frames = await page.evaluate(() => {
            window.frames_end = true;
            return window.frames_seen;
        });
        const trace = judged(events);
        say(t, what, frames, trace);
        assert.ok(trace.shown > 0 && frames.length > WHEELS / 2, "frames were shown");
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
});
