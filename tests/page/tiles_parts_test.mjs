// SPDX-License-Identifier: Apache-2.0
// tiles_parts_test.mjs - the page's readers of map tiles, before files that mean harm: each is refused in
// words, and no more is read, unpacked or drawn than the limits say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { credit_text } from "../../daemon/web/page/credit.js";
import { Archive, id_of } from "../../daemon/web/page/pmtiles.js";
import { image_of } from "../../daemon/web/page/tile_image.js";
import { check_vector_tile } from "../../daemon/web/page/vector_tile.js";
import { directory, field, HEAD, layer, number, pmtiles, town } from "./tiles.mjs";

const SEED = Number(process.env.DICE_SEED ?? Date.now() % 1e6);
const MIB = 1 << 20;

// As breachd-web hands ranges out; `asked` counts them and their bytes.
function reader(file, asked = { n: 0, bytes: 0 }) {
    return async (from, n) => {
        asked.n++;
        asked.bytes += n;
        assert.ok(Number.isSafeInteger(from) && from >= 0 && n > 0 && n <= MIB, `${from}, ${n}`);
        return { bytes: new Uint8Array(file.subarray(from, from + n)), size: file.length };
    };
}

const tile = (z, x, y, text) => ({ z, x, y, bytes: Buffer.from(text) });
const text_of = async (archive, ...at) => {
    const bytes = await archive.tile(...at);
    return bytes && Buffer.from(bytes).toString();
};

test("tiles are numbered along Hilbert's curve", () => {
    const known = [[0, 0, 0, 0], [1, 0, 0, 1], [1, 0, 1, 2], [1, 1, 1, 3], [1, 1, 0, 4], [2, 0, 0, 5],
        [12, 3423, 1763, 19078479]];
    for (const [z, x, y, id] of known)
        assert.equal(id_of(z, x, y), id);
    for (const z of [3, 5]) { // each number of a zoom once
        const ids = Array.from({ length: 4 ** z }, (_, i) => id_of(z, i % 2 ** z, i >> z)).sort((a, b) => a - b);
        assert.deepEqual(ids, ids.map((_, i) => (4 ** z - 1) / 3 + i));
    }
    assert.equal(id_of(26, 2 ** 26 - 1, 0), (4 ** 27 - 1) / 3 - 1); // the last there is
});

test("what is there is found, in one directory or below it, and what is not is not", async () => {
    for (const leaf of [false, true]) {
        const archive = await Archive.open(reader(pmtiles({ kind: "vector", leaf, metadata: { attribution: "x" },
            tiles: [tile(3, 1, 2, "a"), tile(3, 7, 7, "b"), tile(4, 0, 0, "c")] })));
        assert.deepEqual([archive.kind, archive.min_zoom, archive.max_zoom, archive.credit], ["vector", 3, 4, "x"]);
        assert.deepEqual([await text_of(archive, 3, 1, 2), await text_of(archive, 3, 7, 7),
            await text_of(archive, 4, 0, 0)], ["a", "b", "c"]);
        assert.deepEqual([await archive.tile(3, 1, 3), await archive.tile(0, 0, 0), await archive.tile(9, 5, 5)],
            [null, null, null]);
    }
});

// A whole file, less that its root directory and its leaves are these.
function with_directories(root, leaves = Buffer.alloc(0), data = Buffer.alloc(64)) {
    const head = Buffer.alloc(HEAD), said = gzipSync("{}");
    head.write("PMTiles\x03", "latin1");
    let from = HEAD;
    for (const [i, part] of [root, said, leaves, data].entries()) {
        head.writeBigUInt64LE(BigInt(from), 8 + 16 * i);
        head.writeBigUInt64LE(BigInt(part.length), 16 + 16 * i);
        from += part.length;
    }
    head.set([1, 2, 2, 1, 0, 14], 96);
    return Buffer.concat([head, root, said, leaves, data]);
}

const bomb = () => gzipSync(Buffer.alloc(64 * MIB));

test("directories that lead in circles, say too much or unpack without end are refused", async () => {
    const circle = gzipSync(directory([{ id: 0, run: 0, n: 200, at: 0 }]));
    const round = gzipSync(directory([{ id: 0, run: 0, n: circle.length, at: 0 }]));
    const cases = [
        [with_directories(round, gzipSync(directory([{ id: 0, run: 0, n: circle.length, at: 0 }]))), /too deep|cannot/],
        [with_directories(gzipSync(number(2 ** 40))), /says that it has more/],
        [with_directories(gzipSync(Buffer.alloc(100, 0xff))), /cannot be read/],
        [with_directories(gzipSync(Buffer.from([5, 1]))), /says that it has more/],
        [with_directories(gzipSync(directory([{ id: 0, run: 1, n: 2 ** 40, at: 0 }]))), /says of its tiles/],
        [with_directories(gzipSync(directory([{ id: 0, run: 1, n: 8, at: 2 ** 50 }]))), /says of its tiles/],
        [with_directories(gzipSync(directory([{ id: 0, run: 1, n: 64, at: 0 }]))), /tiles cannot be unpacked/],
        [with_directories(gzipSync(directory([{ id: 0, run: 0, n: 9, at: 4 }])), Buffer.alloc(9)), /says of its leaves/],
    ];
    const vast = bomb();
    cases.push([with_directories(gzipSync(directory([{ id: 0, run: 1, n: vast.length, at: 0 }])), undefined, vast),
        /far too large/]);
    cases.push([with_directories(gzipSync(directory([{ id: 0, run: 0, n: vast.length, at: 0 }])), vast), /far too large/]);
    for (const [file, why] of cases) {
        const asked = { n: 0, bytes: 0 };
        await assert.rejects(async () => (await Archive.open(reader(file, asked))).tile(0, 0, 0), why);
        assert.ok(asked.n < 10, `${asked.n} ranges`);
    }
});

test("metadata that cannot be read name nobody, and hide no tile", async () => {
    const file = pmtiles({ kind: "vector", metadata: { attribution: "x" }, tiles: [tile(0, 0, 0, "a")] });
    file[Number(file.readBigUInt64LE(24))] ^= 1;
    const archive = await Archive.open(reader(file));
    assert.deepEqual([archive.credit, await text_of(archive, 0, 0, 0)], ["", "a"]);
});

test("leaves that are looked at are kept, and no more of them than the limit", async () => {
    const leaf = gzipSync(directory([{ id: 0, run: 1, n: 64, at: 0 }]));
    const many = Array.from({ length: 100 }, (_, i) => ({ id: i * 4, run: 0, n: leaf.length, at: i * leaf.length }));
    const asked = { n: 0, bytes: 0 };
    const archive = await Archive.open(reader(with_directories(gzipSync(directory(many)),
        Buffer.concat(many.map(() => leaf))), asked));
    for (let id = 0; id < 3; id++)
        await archive.tile(1, id >> 1, id & 1).catch(() => {});
    for (let x = 0; x < 64; x++)
        await archive.tile(4, x % 16, x >> 4).catch(() => {});
    assert.ok(archive.leaves.size <= 32, `${archive.leaves.size}`);
});

function dice(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = Math.imul(state, 1664525) + 1013904223 >>> 0;
        return Math.floor(state / 2 ** 32 * n);
    };
}

test("whatever bytes of a file are others, it is read or refused in words", async (t) => {
    t.diagnostic(`DICE_SEED=${SEED}`);
    const roll = dice(SEED), whole = pmtiles({ kind: "vector", leaf: true, metadata: { attribution: "x" },
        tiles: [{ z: 3, x: 1, y: 2, bytes: town() }] });
    for (let n = 0; n < 2000; n++) {
        const file = Buffer.from(whole);
        for (let k = roll(6); k >= 0; k--)
            file[roll(n % 2 ? HEAD : file.length)] = roll(256);
        try {
            const archive = await Archive.open(reader(file)), bytes = await archive.tile(3, 1, 2);
            if (bytes !== null)
                check_vector_tile(bytes);
        } catch (why) {
            assert.equal(why.constructor, Error, why.stack);
        }
    }
});

/* ---- tiles ---- */

const area = (words) => Buffer.concat([number(3 * 8), number(3), field(4, Buffer.concat(words.map(number)))]);

test("a vector tile that would take a browser's memory is refused", () => {
    check_vector_tile(new Uint8Array(town()));
    const close_often = area([1 << 3 | 1, 2, 2, 2 ** 28 * 8 + 7, 0, 0]);
    const cases = [layer("x", [close_often]), layer("x", [area([2 ** 28 * 8 + 1, 2, 2])]), layer("x", [area([3, 1, 1])]),
        layer("x", Array(20001).fill(Buffer.alloc(0))), Buffer.concat(Array(65).fill(layer("x", []))),
        Buffer.alloc(9, 0xff), Buffer.from([3 * 8 + 2, 127, 1]), Buffer.from([3 * 8, 5]),
        layer("x", [Buffer.from([4 * 8, 2, 15, 7])]), field(3, Buffer.concat([number(5 * 8), number(0)]))];
    for (const [i, bytes] of cases.entries())
        assert.throws(() => check_vector_tile(new Uint8Array(bytes)), /a tile/, `case ${i}`);
});

test("an image is as large as it says before anybody unpacks it, or refused", () => {
    const png = (w, h) => {
        const bytes = Buffer.from("89504e470d0a1a0a0000000d4948445200000000000000000806000000", "hex");
        bytes.writeUInt32BE(w, 16);
        bytes.writeUInt32BE(h, 20);
        return bytes;
    };
    const webp = (kind, rest) => Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP"), Buffer.from(kind), Buffer.alloc(4),
        Buffer.from(rest, "hex")]);
    const jpeg = (w, h) => Buffer.from(`ffd8ffe00004000affc0000b08${h}${w}01011100`, "hex");
    const good = [[png(256, 512), "image/png", 256, 512], [jpeg("0100", "0200"), "image/jpeg", 256, 512],
        [webp("VP8 ", "0000009d012a00010002"), "image/webp", 256, 512],
        [webp("VP8L", "2fffc07f00"), "image/webp", 256, 512], [webp("VP8X", "00000000ff0000ff0100"), "image/webp", 256, 512]];
    for (const [bytes, type, width, height] of good)
        assert.deepEqual(image_of(new Uint8Array(bytes)), { type, width, height });
    const bad = [png(1025, 1), png(0, 1), png(2 ** 31, 2 ** 31), jpeg("ffff", "ffff"), png(1, 1).subarray(0, 18),
        Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'>"), Buffer.alloc(0), Buffer.from("ffd8ffd8", "hex"),
        Buffer.concat([Buffer.from("ffd8", "hex"), Buffer.alloc(MIB, 0xff)]), webp("VP8X", "00000000ffffffffffff")];
    for (const bytes of bad)
        assert.throws(() => image_of(new Uint8Array(bytes)), /a tile is no image/);
});

test("whose work it is, is text, with where its links lead", () => {
    const rows = [['<a href="https://www.openstreetmap.org/copyright" target="_blank">&copy; OpenStreetMap</a>',
        "© OpenStreetMap (openstreetmap.org/copyright)"], ["<script>alert(1)</script>&#60;b&#62;", "alert(1) <b>"],
    ["The town &amp; the county", "The town & the county"], ["<img src=x onerror=alert(1)", ""], ["&nope; x", "&nope; x"],
    ["<a ".repeat(400), ""], ["y".repeat(5000), "y".repeat(300)]];
    for (const [markup, text] of rows)
        assert.equal(credit_text(markup), text);
});
