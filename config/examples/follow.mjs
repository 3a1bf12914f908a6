#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// follow.mjs FILE: prints each alert once, from where it stopped, and says when one is missing.
// REDIS is the path of Redis's unix socket, or host:port; COUNT ends it after so many. Nothing but
// Node's own library is needed: what is spoken is RESP.
import { connect } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const mark = process.argv[2];
let [newest, sequence] = existsSync(mark) ? readFileSync(mark, 'utf8').split(/\s+/) : ['0', '0'];
let left = Number(process.env.COUNT ?? -1);
const [, host, port] = process.env.REDIS.match(/^(.+):(\d+)$/) ?? [];
const link = host ? connect(Number(port), host) : connect(process.env.REDIS);

// One reply of the bytes from `at` on: [value, the place behind it], or null while it is not whole.
function reply(bytes, at) {
  const end = bytes.indexOf('\r\n', at);
  if (end < 0) return null;
  const kind = String.fromCharCode(bytes[at]), text = bytes.toString('utf8', at + 1, end);
  if (kind === '-') throw new Error(text);
  if (kind === '$' && text !== '-1') {
    const last = end + 2 + Number(text);
    return bytes.length < last + 2 ? null : [bytes.toString('utf8', end + 2, last), last + 2];
  }
  if (kind !== '*' || text === '-1') return [kind === '+' || kind === ':' ? text : null, end + 2];
  const list = [];
  let next = end + 2;
  for (let i = 0; i < Number(text); i++) {
    const one = reply(bytes, next);
    if (one === null) return null;
    list.push(one[0]);
    next = one[1];
  }
  return [list, next];
}

function ask(...words) {
  link.write(`*${words.length}\r\n` +
    words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join(''));
}

function next() {
  if (left === 0) link.end();
  else ask('XREAD', 'COUNT', '1', 'BLOCK', '5000', 'STREAMS', '{breachd}:alerts', newest);
}

let bytes = Buffer.alloc(0);
link.on('connect', next);
link.on('data', (more) => {
  bytes = Buffer.concat([bytes, more]);
  const whole = reply(bytes, 0);
  if (whole === null) return;
  bytes = bytes.subarray(whole[1]);
  for (const [id, fields] of whole[0]?.[0][1] ?? []) {
    const event = JSON.parse(fields[fields.indexOf('event') + 1]);
    if (sequence !== '0' && Number(event.sequence) !== Number(sequence) + 1)
      console.error(`MISSING before ${event.sequence}: the last was ${sequence}`);
    [newest, sequence] = [id, event.sequence];
    console.log(sequence, event.data.severity, event.type, `${event.subject}:`, event.data.reason);
    writeFileSync(mark, `${newest} ${sequence}\n`);
    left--;
  }
  next();
});
