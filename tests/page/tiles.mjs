// SPDX-License-Identifier: Apache-2.0
// tiles.mjs - files of map tiles, PMTiles version 3, made up: whole ones, and such as nobody should make.

import { gzipSync } from "node:zlib";
import { id_of } from "../../daemon/web/page/pmtiles.js";

export const HEAD = 127;
const KINDS = ["", "vector", "png", "jpeg", "webp"];

export function number(value) {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128))
        bytes.push(value % 128 | 128);
    return Buffer.from([...bytes, value]);
}

// A directory, of entries {id, run, n, at}; run 0: a leaf.
export function directory(entries) {
    const column = (of) => Buffer.concat(entries.map((entry, i) => number(of(entry, entries[i - 1]))));
    return Buffer.concat([number(entries.length), column(({ id }, before) => id - (before?.id ?? 0)),
        column(({ run }) => run), column(({ n }) => n), column(({ at }) => at + 1)]);
}

// `tiles`: [{z, x, y, bytes}]; `leaf`: they stand in a directory below the first.
export function pmtiles({ kind, tiles, metadata = {}, leaf = false, zooms, bounds = [0, 51, 1, 52] }) {
    const sorted = tiles.map((tile) => ({ ...tile, id: id_of(tile.z, tile.x, tile.y) })).sort((a, b) => a.id - b.id);
    const data = [], entries = [];
    let at = 0;
    for (const { id, bytes } of sorted) {
        const packed = kind === "vector" ? gzipSync(bytes) : bytes;
        entries.push({ id, run: 1, n: packed.length, at });
        data.push(packed);
        at += packed.length;
    }
    const leaves = leaf ? gzipSync(directory(entries)) : Buffer.alloc(0);
    const root = gzipSync(directory(leaf ? [{ id: 0, run: 0, n: leaves.length, at: 0 }] : entries));
    const said = gzipSync(JSON.stringify(metadata)), head = Buffer.alloc(HEAD);
    head.write("PMTiles\x03", "latin1");
    let from = HEAD;
    for (const [i, part] of [root, said, leaves, { length: at }].entries()) {
        head.writeBigUInt64LE(BigInt(from), 8 + 16 * i);
        head.writeBigUInt64LE(BigInt(part.length), 16 + 16 * i);
        from += part.length;
    }
    const zs = zooms ?? [sorted[0].z, sorted.at(-1).z];
    head.set([1, 2, kind === "vector" ? 2 : 1, KINDS.indexOf(kind), ...zs], 96);
    bounds.forEach((degrees, i) => head.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * i));
    return Buffer.concat([head, root, said, leaves, ...data]);
}

/* ---- vector tiles ---- */

export function field(of, bytes) {
    return Buffer.concat([number(of * 8 + 2), number(bytes.length), bytes]);
}

const zigzag = (n) => n < 0 ? -2 * n - 1 : 2 * n;
const TYPES = { point: 1, line: 2, area: 3 };

// `at`: the corners, in 4096ths of the tile.
export function feature({ type, at, name }) {
    const words = [];
    let [x, y] = [0, 0];
    for (const [i, [to_x, to_y]] of at.entries()) {
        if (i < 2)
            words.push(i === 0 ? 1 << 3 | 1 : at.length - 1 << 3 | 2);
        words.push(zigzag(to_x - x), zigzag(to_y - y));
        [x, y] = [to_x, to_y];
    }
    if (type === "area")
        words.push(1 << 3 | 7);
    return Buffer.concat([...(name ? [field(2, Buffer.from([0, 0]))] : []), number(3 * 8), number(TYPES[type]),
        field(4, Buffer.concat(words.map(number)))]);
}

// One name at the most in a layer.
export function layer(title, features) {
    const name = features.find((one) => one.name)?.name;
    return field(3, Buffer.concat([number(15 * 8), number(2), field(1, Buffer.from(title)),
        ...features.map((one) => field(2, one instanceof Buffer ? one : feature(one))),
        ...(name ? [field(3, Buffer.from("name")), field(4, field(1, Buffer.from(name)))] : []),
        number(5 * 8), number(4096)]));
}

// Land to the left, water to the right, a road through both, and a name.
export function town() {
    const square = (left, right) => ({ type: "area", at: [[left, 0], [right, 0], [right, 4096], [left, 4096]] });
    return Buffer.concat([layer("earth", [square(0, 4096)]), layer("water", [square(2048, 4096)]),
        layer("roads", [{ type: "line", at: [[0, 1000], [4096, 3000]] }]),
        layer("places", [{ type: "point", at: [[1000, 2000]], name: "Basildon" }])]);
}

// The tiles of a zoom around a place, so many in each direction.
export function around({ lat, lon }, z, span) {
    const n = 2 ** z, rad = lat * Math.PI / 180;
    const x = Math.floor((lon + 180) / 360 * n), y = Math.floor((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2 * n);
    const side = Array.from({ length: 2 * span + 1 }, (_, i) => i - span);
    return side.flatMap((right) => side.map((down) => ({ z, x: x + right, y: y + down })));
}
