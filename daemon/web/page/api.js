// SPDX-License-Identifier: Apache-2.0
// api.js - breachd-web's own door, and nobody else's.

const PATIENCE_MS = 15000; // breachd-web itself waits 10 s for breachd,
const OWN_PATIENCE_MS = 4000; // and for what it knows by itself nobody has to
const TOO_MUCH_MS = 1000;

let csrf = "";

// The server's sentence, and its number: 401 is told apart by who asks.
export class Refused extends Error {
    constructor(status, text) {
        super(text || `refused (${status})`);
        this.status = status;
    }
}

async function ask(path, options = {}, patience = PATIENCE_MS) {
    let answer, text;
    try {
        answer = await fetch(path, { credentials: "same-origin", cache: "no-store",
            signal: AbortSignal.timeout(patience), ...options });
        text = await answer.text();
    } catch {
        throw new Refused(0, "breachd-web does not answer");
    }
    let body = null;
    try {
        body = text === "" ? null : JSON.parse(text);
    } catch {
        throw new Refused(answer.status, answer.ok ? "an answer that is no JSON" : text.slice(0, 200));
    }
    if (!answer.ok)
        throw new Refused(answer.status, body?.error ?? "");
    return body;
}

export function get(path, headers = {}) {
    return ask(path, { headers });
}

// The list, and what was told of late.
export function get_own(path) {
    return ask(path, {}, OWN_PATIENCE_MS);
}

// Of a file: {bytes, size, etag}, of what is there of `n` bytes from there on; `size` is all it has.
// Where much is under way it waits, and asks again.
export async function get_range(path, from, n, tries = 3) {
    let answer, bytes;
    try {
        answer = await fetch(path, { credentials: "same-origin", cache: "no-store",
            headers: { Range: `bytes=${from}-${from + n - 1}` }, signal: AbortSignal.timeout(PATIENCE_MS) });
        bytes = new Uint8Array(await answer.arrayBuffer());
    } catch {
        throw new Refused(0, "breachd-web does not answer");
    }
    if (answer.status === 429 && tries > 1) {
        await new Promise((done) => setTimeout(done, TOO_MUCH_MS));
        return get_range(path, from, n, tries - 1);
    }
    const size = Number(/\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "")?.[1]);
    if (answer.status !== 206 || Number.isNaN(size))
        throw new Refused(answer.status, error_of(bytes));
    return { bytes, size, etag: answer.headers.get("ETag") };
}

function error_of(bytes) {
    try {
        return JSON.parse(new TextDecoder().decode(bytes.subarray(0, 1000))).error;
    } catch {
        return "";
    }
}

function path_of(incident) {
    return `/incidents/${incident.split("/").map(encodeURIComponent).join("/")}`;
}

// All that was told of it, the newest first, without places.
export function get_incident(incident) {
    return get(path_of(incident));
}

// Where it was: why somebody looks is written down. A header's characters are bytes: those of UTF-8.
export function get_map(incident, reason) {
    return get(`${path_of(incident)}/map`,
        { "X-Reason": String.fromCharCode(...new TextEncoder().encode(reason)) });
}

export function post(path, body) {
    return ask(path, {
        method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRF": csrf },
    });
}

export async function who_am_i() {
    const me = await get_own("/me");
    csrf = me.csrf;
    return me;
}
