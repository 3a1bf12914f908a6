// SPDX-License-Identifier: Apache-2.0
// parts_test.mjs - the page's modules that need no page: what the desk knows, its stream and the words
// that were sent from it, before a server and a stream that are this test's own.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, mock, test } from "node:test";
import { pathToFileURL } from "node:url";

const dir = mkdtempSync(join(tmpdir(), "breachd-parts."));
cpSync(join(import.meta.dirname, "../../daemon/web/page"), dir, { recursive: true });
writeFileSync(join(dir, "package.json"), '{"type":"module"}'); // as a browser takes them
const part = (name) => import(pathToFileURL(join(dir, name)));
const { Model } = await part("model.js"), { Events } = await part("events.js");
const { set_now, until, when } = await part("labels.js");
const { Pending } = await part("pending.js"), { post, who_am_i } = await part("api.js");

after(() => rmSync(dir, { recursive: true, force: true }));

const entry = (more = {}) => ({ by: null, alert: { sequence: "1", type: "breachd.breach",
    time: "2026-11-30T07:00:00Z", data: { severity: "critical" } }, ...more });

/* ---- the list ---- */

test("whatever stands in the list, what can be read is in order and sounds", () => {
    const odd = [{}, { alert: null }, { alert: {} }, { alert: { type: 7, time: "x" } }, [], "x", 7,
        { alert: { type: "breachd.breach" } }, { alert: "breach" }];
    for (const one of odd) {
        const model = new Model();
        model.put("good/home/1", entry());
        model.put("x", one);
        assert.deepEqual([...model.odd], ["x"], JSON.stringify(one));
        assert.deepEqual([model.order(), model.alarming()], [["good/home/1"], ["good/home/1"]]);
        model.put("good/home/1", one); // what was known of it stays
        assert.deepEqual(model.alarming(), ["good/home/1"]);
        model.put("good/home/1", entry({ by: "PC 1" }));
        model.put("x", null);
        assert.equal(model.odd.size, 0);
        assert.deepEqual(model.alarming(), []);
        assert.throws(() => model.told(one?.alert ?? one));
        assert.deepEqual(model.story("undefined"), []);
    }
});

test("a list that was asked for before hides nothing that the stream told since", () => {
    const model = new Model();
    for (const incident of ["taken", "gone", "left", "odd"])
        model.put(incident, entry());
    const touched = model.begin_list();
    model.put("taken", entry({ by: "PC 1" }));
    model.put("gone", null);
    model.put("new", entry());
    model.put("odd", {});
    assert.ok(model.take_list([{ incident: "taken", entry: entry() }, { incident: "gone", entry: entry() },
        { incident: "listed", entry: entry() }, { incident: "odd", entry: entry() }], touched));
    assert.deepEqual([...model.items.keys()].sort(), ["listed", "new", "odd", "taken"]);
    assert.equal(model.items.get("taken").by, "PC 1");
    assert.deepEqual([...model.odd], ["odd"]);
    assert.ok(model.take_list([], model.begin_list()));
    assert.deepEqual([model.items.size, model.odd.size], [0, 0]);
});

test("of two lists that were asked for the later one stands", () => {
    const model = new Model(), first = model.begin_list(), second = model.begin_list();
    assert.ok(!model.take_list([{ incident: "old", entry: entry() }], first));
    assert.ok(model.take_list([{ incident: "new", entry: entry() }], second));
    assert.deepEqual(model.order(), ["new"]);
});

test("of what was told no more is kept than the limit, and what needs nobody goes first", () => {
    const model = new Model(), told = (n) => ({ sequence: String(n), type: "breachd.update",
        time: "2026-11-30T07:00:00Z", data: { incident: `A-${n % 1000}/home/1` } });
    model.put("A-0/home/1", entry());
    for (let n = 0; n < 20000; n++)
        assert.ok(model.told({ ...told(n), data: { incident: `A-${n < 1000 ? n : 1 + n % 999}/home/1` } }));
    const kept = [...model.stories.values()].reduce((sum, story) => sum + story.length, 0);
    assert.equal(kept, model.n_alerts);
    assert.ok(kept <= 5000, `${kept}`);
    assert.equal(model.story("A-0/home/1").length, 2); // told once, at the beginning; and as it stands in the list
    for (let n = 30000; n < 31000; n++)
        model.told({ ...told(n), data: { incident: "A-0/home/1" } });
    assert.equal(model.stories.get("A-0/home/1").length, 200);
    assert.equal([...model.stories.values()].reduce((sum, story) => sum + story.length, 0), model.n_alerts);
});

test("a story that began before the desk was opened lacks something, until it is read", () => {
    const model = new Model(), alert = (nth, sequence) => ({ id: `essex/A/home/1/${nth}`, sequence: String(sequence),
        type: "breachd.update", time: "2026-11-30T07:00:00Z", data: { incident: "A/home/1" } });
    const lacks = () => model.lacks("A/home/1");
    assert.ok(!lacks());
    model.told(alert(3, 30));
    assert.ok(lacks());
    model.told(alert("desk/1", 31));
    model.told(alert(1, 10));
    assert.ok(lacks());
    model.told(alert(2, 20));
    assert.ok(!lacks());
    model.told(alert("x", 40));
    model.told({ ...alert(1, 50), id: 7 });
    assert.ok(!lacks());
});

/* ---- the stream ---- */

let sources, server, troubles, calls, closing;

beforeEach(() => {
    sources = [];
    troubles = new Map();
    calls = [];
    server = { me: 200, csrf: "first" };
    globalThis.EventSource = class {
        static CLOSED = 2;
        constructor() {
            this.heard = {};
            this.readyState = 1;
            sources.push(this);
        }
        addEventListener(name, take) {
            this.heard[name] = (data) => take({ data: JSON.stringify(data) });
        }
        close() {}
    };
    globalThis.fetch = async (path, { headers }) => {
        const me = path === "/me", status = me ? server.me : headers["X-CSRF"] === server.csrf ? 202 : 403;
        const body = me ? { name: "sergeant", csrf: server.csrf } : status === 202 ? { id: "1-0" } : { error: "X-CSRF" };
        return { ok: status < 300, status, text: async () => JSON.stringify(body) };
    };
});

function trouble(kind, text) {
    text === "" ? troubles.delete(kind) : troubles.set(kind, text);
}

function listen() {
    const call = (name) => (value) => calls.push([name, value]);
    const events = new Events({ opened: call("opened"), known: call("known"), alert: call("alert"),
        todo: call("todo"), left_out: call("left_out"), beat: call("beat"), gap: call("gap"),
        refused: call("refused"), out: call("out"), trouble });
    events.open();
    closing = events;
    return events;
}

afterEach(() => closing?.close()); // its timers end with it, also of a test that failed

const called = (name) => calls.filter(([one]) => one === name).length;
const settled = () => new Promise((done) => setImmediate(done));

// The stream was refused, and two seconds have passed.
async function refuse_stream(source) {
    source.readyState = EventSource.CLOSED;
    source.onerror();
    mock.timers.tick(2000);
    await settled();
}

test("behind a proxy a session that begins anew can post, and the desk knows whose it is", async () => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    try {
        await who_am_i();
        const events = listen();
        assert.equal((await post("/ack", {})).id, "1-0");
        server.csrf = "second"; // breachd-web was started anew
        await refuse_stream(sources[0]);
        assert.equal(sources.length, 2);
        assert.equal((await post("/ack", {})).id, "1-0");
        assert.equal(called("known"), 1);
        server.me = 503;
        await refuse_stream(sources[1]);
        assert.equal(sources.length, 2);
        server.me = 401;
        mock.timers.tick(2000);
        await settled();
        assert.equal(called("out"), 1);
        events.close();
    } finally {
        mock.timers.reset();
    }
});

test("a stream that was closed opens none again", async () => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    try {
        const events = listen();
        sources[0].readyState = EventSource.CLOSED;
        sources[0].onerror();
        events.close();
        mock.timers.tick(60000);
        await settled();
        assert.equal(sources.length, 1);
    } finally {
        mock.timers.reset();
    }
});

test("a hole in the sequence is told until the list was read anew, each hole", () => {
    const events = listen(), alert = (sequence) => sources[0].heard.alert({ sequence: String(sequence) });
    [7, 8].forEach(alert);
    assert.equal(called("gap"), 0);
    for (const [sequence, says] of [[11, "Alerts 9 to 10 are missing"], [1000, "Alerts 12 to 999 are missing"]]) {
        alert(sequence);
        assert.equal(troubles.get("gap"), says);
        events.whole();
        assert.equal(troubles.get("gap"), undefined);
    }
    assert.equal(called("gap"), 2);
    assert.equal(called("alert"), 4);
    events.close();
});

// Seconds pass, one after the other, as a clock's do.
const pass = (seconds) => Array.from({ length: seconds }).forEach(() => mock.timers.tick(1000));

const WHOLE_S = 5;
const beat_of = (age, more = {}) => ({ time: new Date(Date.now() - age * 1000).toISOString(), interval: WHOLE_S,
    age, ...more });

for (const age of [0, 1, 2.5, 4, 4.9]) {
    test(`a page that is opened ${age} s after a beat knows how often one comes`, () => {
        mock.timers.enable({ apis: ["Date", "setInterval", "setTimeout"], now: 1e12 });
        try {
            const events = listen(), { heartbeat } = sources[0].heard;
            heartbeat(beat_of(age));
            mock.timers.tick((WHOLE_S - age) * 1000);
            for (let n = 0; n < 6; n++) { // one of a reload comes between two
                heartbeat(beat_of(n === 2 ? 0 : 0.9));
                pass(n === 2 ? 1 : WHOLE_S);
                assert.equal(troubles.get("beat"), undefined, `beat ${n}`);
            }
            pass(3 * WHOLE_S + 2 - WHOLE_S);
            assert.match(troubles.get("beat"), /^breachd has not been heard for 1[78] s$/);
            events.close();
        } finally {
            mock.timers.reset();
        }
    });
}

test("a beat that is told again takes no alarm back, and is as old as it was", () => {
    mock.timers.enable({ apis: ["Date", "setInterval", "setTimeout"], now: 1e12 });
    try {
        const events = listen();
        sources[0].heard.heartbeat(beat_of(0));
        pass(19);
        assert.match(troubles.get("beat"), /not been heard for 1[89] s/);
        sources[0].heard.heartbeat(beat_of(19)); // the stream was opened anew
        assert.match(troubles.get("beat"), /not been heard for 19 s/);
        assert.equal(calls.findLast(([name]) => name === "beat")[1].age, 19);
        events.close();
    } finally {
        mock.timers.reset();
    }
});

test("of a breachd that does not say how often it beats the page waits for breachd-web's word", () => {
    mock.timers.enable({ apis: ["Date", "setInterval", "setTimeout"], now: 1e12 });
    try {
        const events = listen();
        for (const s of [0, 1]) {
            sources[0].heard.heartbeat({ time: new Date(Date.now() - s).toISOString() });
            pass(1);
        }
        pass(40);
        assert.equal(troubles.get("beat"), undefined);
        sources[0].heard.lost({ what: "heartbeat" });
        assert.match(troubles.get("beat"), /nobody watches/);
        events.close();
    } finally {
        mock.timers.reset();
    }
});

test("a beat that says it comes once in a year is waited for as one that comes each hour", () => {
    mock.timers.enable({ apis: ["Date", "setInterval", "setTimeout"], now: 1e12 });
    try {
        const events = listen();
        sources[0].heard.heartbeat(beat_of(0, { interval: 365 * 86400 }));
        pass(3 * 3600 + 1);
        assert.equal(troubles.get("beat"), undefined);
        pass(3);
        assert.match(troubles.get("beat"), /^breachd has not been heard for 1080[2-4] s$/);
        events.close();
    } finally {
        mock.timers.reset();
    }
});

/* ---- words that were sent ---- */

test("a refusal is told also after another desk has changed the incident", () => {
    const pending = new Pending(trouble);
    pending.sent("1-0", pending.begin("ack", "A/home/1"));
    pending.answered("A/home/1");
    pending.refused({ ack: "1-0", incident: "A/home/1", why: "PC 2 has it already" });
    assert.equal(troubles.get("sent"), "A/home/1: refused: PC 2 has it already");
});

test("that nobody answers is told until something does", () => {
    mock.timers.enable({ apis: ["Date"] });
    try {
        const pending = new Pending(trouble);
        for (const [id, answer] of [["1-0", () => pending.answered("A/home/1")],
            ["2-0", () => pending.refused({ ack: "2-0", incident: "A/home/1", why: "no" })]]) {
            pending.sent(id, pending.begin("ack", "A/home/1"));
            mock.timers.tick(5001);
            pending.look();
            assert.match(troubles.get("unanswered"), /breachd has not answered yet \(ack\)/);
            answer();
            pending.look();
            assert.equal(troubles.get("unanswered"), undefined);
        }
    } finally {
        mock.timers.reset();
    }
});

test("an answer that comes before the word's id is one", () => {
    mock.timers.enable({ apis: ["Date"] });
    try {
        const pending = new Pending(trouble), hand = pending.begin("hand", "A/home/1");
        pending.refused({ ack: "1-0", incident: "A/home/1", why: "nobody has it" });
        pending.sent("1-0", hand);
        const ack = pending.begin("ack", "A/home/1");
        pending.answered("A/home/1");
        pending.sent("2-0", ack);
        mock.timers.tick(5001);
        pending.look();
        assert.equal(troubles.get("unanswered"), undefined);
        assert.equal(troubles.get("sent"), "A/home/1: refused: nobody has it");
    } finally {
        mock.timers.reset();
    }
});

/* ---- times ---- */

test("until when something is shelved names the day when that is another one", () => {
    mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-30T22:00:00Z") });
    try {
        set_now("2026-11-30T22:00:00Z");
        assert.equal(when("2026-11-30T23:30:00Z"), "23:30");
        assert.match(when("2026-12-01T01:00:00Z"), /^(1 Dec|Dec 1),? (at )?01:00$/);
        assert.deepEqual(["2 h", "30 min", "8h", " 5 m "].map(until), ["2h", "30m", "8h", "5m"]);
        assert.equal(until("23:30"), "2026-11-30T23:30:00.000Z");
        assert.throws(() => until("9 h"));
    } finally {
        mock.timers.reset();
        set_now(new Date().toISOString());
    }
});
