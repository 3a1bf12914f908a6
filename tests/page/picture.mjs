// SPDX-License-Identifier: Apache-2.0
// picture.mjs - screenshots that are held against those of before: a quarter as wide and high, each pixel
// the middle of sixteen, so that neither a letter's edge nor a digit of a time counts for much.

import { deflateSync, inflateSync } from "node:zlib";

const SHRUNK = 4; // times, in each direction
const FAR = 40; // of 255: a pixel that is another one

const MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function* chunks(png) {
    for (let at = MAGIC.length; at < png.length; at += 12 + png.readUInt32BE(at))
        yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))];
}

// Of a filter of PNG, 0 to 4: what is to be added, by the bytes to the left, above, and left above.
function predicted(filter, left, above, corner) {
    if (filter === 4) {
        const p = left + above - corner;
        const [a, b, c] = [Math.abs(p - left), Math.abs(p - above), Math.abs(p - corner)];
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }
    return [0, left, above, (left + above) >> 1][filter];
}

// {width, height, of}: three bytes a pixel. As Chromium writes them, and we: 8 bits, RGB or RGBA, no interlace.
export function read_png(png) {
    const all = [...chunks(png)], head = all.find(([kind]) => kind === "IHDR")[1];
    const [width, height, deep] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3];
    const raw = inflateSync(Buffer.concat(all.filter(([kind]) => kind === "IDAT").map(([, data]) => data)));
    const line = width * deep, of = Buffer.alloc(width * height * 3);
    let above = Buffer.alloc(line);
    for (let y = 0; y < height; y++) {
        const filter = raw[y * (line + 1)], here = Buffer.from(raw.subarray(y * (line + 1) + 1, (y + 1) * (line + 1)));
        for (let x = 0; x < line; x++)
            here[x] += predicted(filter, x < deep ? 0 : here[x - deep], above[x], x < deep ? 0 : above[x - deep]);
        for (let x = 0; x < width; x++)
            here.copy(of, (y * width + x) * 3, x * deep, x * deep + 3);
        above = here;
    }
    return { width, height, of };
}

function crc(data) {
    let value = 0xffffffff;
    for (const byte of data) {
        value ^= byte;
        for (let k = 0; k < 8; k++)
            value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return (value ^ 0xffffffff) >>> 0;
}

export function write_png({ width, height, of }) {
    const head = Buffer.alloc(13), lines = Buffer.alloc(height * (width * 3 + 1));
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 2], 8);
    for (let y = 0; y < height; y++)
        of.copy(lines, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
    const chunk = (kind, data) => {
        const out = Buffer.alloc(12 + data.length);
        out.writeUInt32BE(data.length, 0);
        out.write(kind, 4, "latin1");
        data.copy(out, 8);
        out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
        return out;
    };
    return Buffer.concat([MAGIC, chunk("IHDR", head), chunk("IDAT", deflateSync(lines, { level: 9 })),
        chunk("IEND", Buffer.alloc(0))]);
}

export function shrink({ width, height, of }) {
    const [wide, high] = [Math.floor(width / SHRUNK), Math.floor(height / SHRUNK)];
    const small = Buffer.alloc(wide * high * 3);
    for (let i = 0; i < small.length; i++) {
        const [x, y, c] = [Math.floor(i / 3) % wide, Math.floor(i / 3 / wide), i % 3];
        let sum = 0;
        for (let k = 0; k < SHRUNK * SHRUNK; k++)
            sum += of[((y * SHRUNK + (k >> 2)) * width + x * SHRUNK + (k & 3)) * 3 + c];
        small[i] = sum / (SHRUNK * SHRUNK);
    }
    return { width: wide, height: high, of: small };
}

// The share of pixels that are others, 0 to 1; of another size all are.
export function apart(a, b) {
    if (a.width !== b.width || a.height !== b.height)
        return 1;
    let n = 0;
    for (let i = 0; i < a.of.length; i += 3)
        n += [0, 1, 2].some((c) => Math.abs(a.of[i + c] - b.of[i + c]) > FAR);
    return n / (a.width * a.height);
}
