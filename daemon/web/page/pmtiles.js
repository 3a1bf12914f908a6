// SPDX-License-Identifier: Apache-2.0
// pmtiles.js - one file of map tiles, PMTiles version 3 (github.com/protomaps/PMTiles, spec/v3), read by
// ranges of bytes. Nothing in it is believed: whatever it says of sizes, no more is read or unpacked than
// is named here, and what cannot be is an Error that says why.

const HEAD = 127, ROOT_MOST = 16384; // bytes; the root directory ends there, by the specification
const PART_MOST = 1 << 20; // bytes in the file of a directory, the metadata or a tile: as the server's ranges,
const UNPACKED_MOST = 1 << 22; // and unpacked
const DEPTH_MOST = 4; // directories on the way to a tile
const KEPT_MOST = 32; // leaf directories in memory, the newest
const ZOOM_MOST = 26; // finer: a tile's number is no exact double
const KINDS = [undefined, "vector", "png", "jpeg", "webp"];
const GZIP = 2, PACKINGS = [1, GZIP];

export class Archive {
    // `read(from, n)` gives {bytes, size}: n bytes from there on, and how many there are in all.
    static async open(read) {
        const archive = new Archive(), { bytes, size } = await read(0, HEAD);
        archive.read = read;
        archive.leaves = new Map(); // offset -> promise of a directory
        archive.take_head(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), size);
        const [root, metadata] = await Promise.all([archive.part(archive.at.root, 0),
            archive.part(archive.at.metadata, 0).catch(() => new Uint8Array())]);
        archive.root = directory_of(root);
        archive.credit = credit_of(metadata);
        return archive;
    }

    take_head(head, size) {
        if (head.byteLength !== HEAD || head.getUint32(0) !== 0x504d5469 || head.getUint32(3) !== 0x696c6573)
            throw new Error("it is no PMTiles file");
        if (head.getUint8(7) !== 3)
            throw new Error("it is PMTiles of another version than 3");
        const parts = ["root", "metadata", "leaves", "tiles"].map((name, i) => [name, { name,
            from: Number(head.getBigUint64(8 + 16 * i, true)), n: Number(head.getBigUint64(16 + 16 * i, true)) }]);
        this.at = Object.fromEntries(parts);
        if (parts.some(([, { from, n }]) => from + n > size))
            throw new Error("it is cut");
        if (this.at.root.from + this.at.root.n > ROOT_MOST)
            throw new Error("its root directory is too large");
        [this.packed, this.tiles_packed] = [head.getUint8(97), head.getUint8(98)];
        this.kind = KINDS[head.getUint8(99)];
        [this.min_zoom, this.max_zoom] = [head.getUint8(100), head.getUint8(101)];
        this.bounds = [102, 106, 110, 114].map((at) => head.getInt32(at, true) / 1e7); // W S E N
        if (this.kind === undefined || !PACKINGS.includes(this.packed) || !PACKINGS.includes(this.tiles_packed))
            throw new Error("its tiles are of a kind that is not known here");
        if (this.min_zoom > this.max_zoom || this.max_zoom > ZOOM_MOST)
            throw new Error("its zooms cannot be");
    }

    // `n` bytes of a part, from there on, as the file's own parts are packed.
    async part({ from, n, name }, at, bytes = n) {
        return this.unpacked(name, from + at, bytes, at + bytes <= n, this.packed);
    }

    async unpacked(name, from, n, fits, packed) {
        if (!fits || n > PART_MOST)
            throw new Error(`what it says of its ${name} cannot be`);
        if (n === 0)
            return new Uint8Array();
        const { bytes } = await this.read(from, n);
        if (bytes.length !== n)
            throw new Error("it is cut");
        return packed === GZIP ? gunzip(bytes, name) : bytes;
    }

    // Its bytes, unpacked; null: there is none there.
    async tile(z, x, y) {
        const id = id_of(z, x, y);
        let directory = this.root;
        for (let depth = 0; depth < DEPTH_MOST; depth++) {
            const at = found(directory.ids, id);
            if (at < 0)
                return null;
            const run = directory.runs[at], from = directory.offsets[at], n = directory.lengths[at];
            if (run > 0)
                return id - directory.ids[at] >= run ? null : this.unpacked("tiles", this.at.tiles.from + from, n,
                    from + n <= this.at.tiles.n, this.tiles_packed);
            directory = await this.leaf(from, n);
        }
        throw new Error("its directories are too deep");
    }

    leaf(from, n) {
        const known = this.leaves.get(from) ?? this.part(this.at.leaves, from, n).then(directory_of);
        this.leaves.delete(from); // the newest used is the last to be forgotten
        this.leaves.set(from, known);
        known.catch(() => this.leaves.delete(from)); // which is asked for anew
        if (this.leaves.size > KEPT_MOST)
            this.leaves.delete(this.leaves.keys().next().value);
        return known;
    }
}

async function gunzip(bytes, name) {
    const parts = [], reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    let all = 0;
    for (let part = await next_of(reader, name); part !== undefined; part = await next_of(reader, name)) {
        all += part.length;
        if (all > UNPACKED_MOST) {
            reader.cancel().catch(() => {});
            throw new Error(`what is unpacked of its ${name} is far too large`);
        }
        parts.push(part);
    }
    const out = new Uint8Array(all);
    let at = 0;
    for (const part of parts) {
        out.set(part, at);
        at += part.length;
    }
    return out;
}

async function next_of(reader, name) {
    try {
        return (await reader.read()).value;
    } catch {
        throw new Error(`its ${name} cannot be unpacked`);
    }
}

// Numbers of seven bits a byte, the lowest first.
class Numbers {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    next() {
        let value = 0;
        for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
            const byte = this.bytes[this.at++];
            if (byte === undefined)
                break;
            value += (byte & 127) * factor;
            if (byte < 128 && value <= Number.MAX_SAFE_INTEGER)
                return value;
        }
        throw new Error("a directory of it cannot be read");
    }
}

// Columns: ids as differences, runs (0: a leaf directory), lengths, offsets + 1 (0: behind the one before).
function directory_of(bytes) {
    const numbers = new Numbers(bytes), n = numbers.next();
    if (n > bytes.length / 4)
        throw new Error("a directory of it says that it has more than it has");
    const column = () => Array.from({ length: n }, () => numbers.next());
    const ids = column(), runs = column(), lengths = column(), offsets = column();
    for (let i = 0; i < n; i++) {
        ids[i] += i > 0 ? ids[i - 1] : 0;
        offsets[i] = offsets[i] > 0 ? offsets[i] - 1 : i > 0 ? offsets[i - 1] + lengths[i - 1] : 0;
    }
    return { ids, runs, lengths, offsets };
}

// The last that is not behind `id`; -1: all are.
function found(ids, id) {
    let low = 0, high = ids.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        ids[middle] <= id ? low = middle + 1 : high = middle;
    }
    return low - 1;
}

// Tiles are numbered zoom by zoom, along Hilbert's curve.
export function id_of(z, x, y) {
    let id = (4 ** z - 1) / 3;
    for (let half = 2 ** z / 2; half >= 1; half /= 2) {
        const right = (x & half) !== 0, down = (y & half) !== 0;
        id += half * half * (right ? down ? 2 : 3 : down ? 1 : 0);
        if (!down)
            [x, y] = right ? [half - 1 - y, half - 1 - x] : [y, x];
    }
    return id;
}

// Whose work it is, as its makers say it: text, which may have markup; "": nobody says.
function credit_of(metadata) {
    try {
        const credit = JSON.parse(new TextDecoder().decode(metadata))?.attribution;
        return typeof credit === "string" ? credit : "";
    } catch {
        return "";
    }
}
