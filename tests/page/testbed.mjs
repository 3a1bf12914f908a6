// SPDX-License-Identifier: Apache-2.0
// testbed.mjs - what the tests of the page stand on: a real redis-server, breachd and breachd-web in a
// folder of their own, a browser before them, and what a tag or a stranger may do to them. Nothing but 127.0.0.1.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, existsSync, openSync } from "node:fs";
import { createHash } from "node:crypto";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { BREACHD_BUILD: build, BREACHD_NPM: npm, CHROMIUM: chromium } = process.env;
const PATIENCE_MS = 20000;

export const AT = { lat: 51.5712, lon: 0.4712 }; // the protected address; 200 m around it are the zone
const TOKENS = { page: "page-0123456789abcdef0123456789", tags: "tags-0123456789abcdef0123456789" };
export const PASSWORD = "correct horse battery staple";

export async function module_of(name) {
    return import(pathToFileURL(join(npm, "node_modules", name)));
}

// Until `so` is true: what is waited for happens, or the test fails by name.
export async function until(what, so, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    for (;;) {
        const is = await so();
        if (is)
            return is;
        if (Date.now() > end)
            throw new Error(`waited in vain: ${what}`);
        await new Promise((done) => setTimeout(done, 10));
    }
}

export function free_port() {
    return new Promise((done) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

const ORDER = (n) => `
[order DVPO-${n}]
kind       = restraining
clause     = 3
respondent = R-${n}
devices    = tag-${n}
area       = Basildon
monitoring = consent
from       = 2020-06-09T12:00:00+01:00
served     = 2020-06-09T15:30:00+01:00
until      = 2099-06-09T15:30:00+01:00

[zone DVPO-${n}/home]
centre     = ${AT.lat}, ${AT.lon}
radius     = 200 m
warn       = 400 m
`;

export class Testbed {
    // `orders`: how many, numbered from 1; `rehearse`: an exercise, whose clock is that of the pings;
    // `web`: further lines of web.conf's first section.
    static async build({ orders = 3, prefix = "breachd", rehearse = false, web = "" } = {}) {
        const testbed = new Testbed();
        testbed.rehearse = rehearse;
        testbed.web_lines = web;
        try {
            await testbed.start_all(orders, prefix);
        } catch (why) {
            await testbed.close();
            throw why;
        }
        return testbed;
    }

    async start_all(orders, prefix) {
        this.dir = mkdtempSync(join(tmpdir(), "breachd-page."));
        this.prefix = prefix;
        this.web_port = await free_port();
        this.url = `http://127.0.0.1:${this.web_port}`;
        this.running = {};
        mkdirSync(join(this.dir, "orders.d"));
        for (let n = 1; n <= orders; n++)
            writeFileSync(join(this.dir, "orders.d", `${n}.conf`), ORDER(n));
        this.write_settings();
        for (const [name, role] of [["view", "view"], ["sergeant", "room"], ["inspector", "map"]])
            execFileSync(join(build, "breachctl"), ["user", "add", name, "--role", role, join(this.dir, "users")],
                { input: `${PASSWORD}\n` });
        for (const program of ["redis", "breachd", "web"])
            await this.start(program);
        const { chromium: browser } = (await module_of("playwright-core/index.js")).default;
        this.browser = await browser.launch({ executablePath: chromium,
            args: ["--no-sandbox", "--autoplay-policy=user-gesture-required"] });
    }

    write_settings() {
        const write = (name, text, mode = 0o600) => writeFileSync(join(this.dir, name), text, { mode });
        const hash = (token) => createHash("sha256").update(token).digest("hex");
        write("token", `${TOKENS.page}\n`);
        write("tokens", `page ${hash(TOKENS.page)} map\ntags ${hash(TOKENS.tags)} *\n`);
        write("breachd.conf", `
[site]
name = essex
region = 51.40,-0.05 52.12,1.35
timezone = Europe/London
orders = orders.d
[ledger]
path = ledger.db
[http]
listen = unix:http.sock
tokens = tokens
[redis]
url = unix:redis.sock
prefix = ${this.prefix}
heartbeat = 1s
`);
        write("web.conf", `
[web]
listen = 127.0.0.1:${this.web_port}
page = ${join(build, "page")}
users = users
${this.web_lines}
[redis]
url = unix:redis.sock
prefix = ${this.prefix}
[door]
url = unix:http.sock
token-file = token
`);
    }

    async start(program) {
        const said = openSync(join(this.dir, `${program}.log`), "a");
        const [command, ...args] = {
            redis: ["redis-server", "--port", "0", "--unixsocket", "redis.sock", "--dir", this.dir,
                "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            breachd: [join(build, "breachd"), ...(this.rehearse ? ["--rehearse"] : []), "-c", "breachd.conf"],
            web: [join(build, "breachd-web"), "-c", "web.conf"],
        }[program];
        const child = spawn(command, args, { cwd: this.dir, stdio: ["ignore", said, said] });
        this.running[program] = child;
        await until(`${program} answers`, () => this.is_up(program));
    }

    async is_up(program) {
        if (this.running[program].exitCode !== null)
            throw new Error(`${program} ended by itself: see ${this.dir}/${program}.log`);
        if (program === "redis")
            return existsSync(join(this.dir, "redis.sock")) && this.redis("PING") === "PONG\n";
        return program === "breachd" ? (await this.door("GET", "/readyz")).status === 200
            : (await fetch(`${this.url}/`).catch(() => ({}))).status === 200;
    }

    // For real: -9.
    async kill(program) {
        const child = this.running[program];
        child.kill("SIGKILL");
        await until(`${program} is gone`, () => child.signalCode !== null || child.exitCode !== null);
    }

    redis(...words) {
        try {
            return execFileSync("redis-cli", ["-s", join(this.dir, "redis.sock"), ...words],
                { stdio: ["ignore", "pipe", "ignore"] }).toString();
        } catch {
            return "";
        }
    }

    ctl(...words) {
        return execFileSync(join(build, "breachctl"), words, { cwd: this.dir }).toString();
    }

    // What the evidence has of an incident; that look is one too.
    explained(incident) {
        return this.ctl("explain", "-c", "breachd.conf", "--reason", "a test", incident);
    }

    door(method, path, body) {
        return new Promise((done) => {
            const request = http.request({ socketPath: join(this.dir, "http.sock"), method, path,
                headers: { "Content-Type": "application/json", Authorization: `Bearer ${TOKENS.tags}` } }, (answer) => {
                answer.resume().on("end", () => done({ status: answer.statusCode }));
            });
            request.on("error", () => done({ status: 0 }));
            request.end(body);
        });
    }

    // A ping of tag-N, so many metres north of the address, as of now or of that time.
    async ping(n, north, time = new Date().toISOString()) {
        const { status } = await this.door("POST", "/v1/pings", JSON.stringify({ device: `tag-${n}`,
            time, lat: AT.lat + north / 111200, lon: AT.lon, accuracy: 8 }));
        if (status !== 200)
            throw new Error(`the ping of tag-${n} got ${status}`);
    }

    async desk(name, options = {}) {
        const page = await this.page(options);
        await page.waitForSelector("#login:not([hidden])");
        await page.fill("[name=name]", name);
        await page.fill("[name=password]", PASSWORD);
        await page.keyboard.press("Enter");
        await page.waitForSelector("#desk:not([hidden])");
        page.complaints = page.complaints.filter((text) => !text.includes("401")); // before the login
        return page;
    }

    // Before anybody has logged in.
    async page(options) {
        const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
        const page = await context.newPage();
        page.complaints = [];
        page.on("console", (line) => line.type() === "error" && page.complaints.push(line.text()));
        page.on("pageerror", (error) => page.complaints.push(error.message));
        page.on("request", (request) => request.url().startsWith(this.url) ||
            request.url().startsWith("data:") || request.url().startsWith("blob:") ||
            page.complaints.push(`asked elsewhere: ${request.url()}`));
        await page.goto(this.url);
        return page;
    }

    async close() {
        await this.browser?.close();
        for (const child of Object.values(this.running))
            child.kill("SIGKILL");
        rmSync(this.dir, { recursive: true, force: true });
    }
}
