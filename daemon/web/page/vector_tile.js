// SPDX-License-Identifier: Apache-2.0
// vector_tile.js - a vector tile (Mapbox Vector Tile 2.1) is looked through before OpenLayers reads it: a
// byte that closes a line 200 million times, or a hundred thousand features, would take a browser's memory.

const FEATURES_MOST = 20000; // of a tile; busy ones have a few thousand
const LAYERS_MOST = 64;
const LAYER = 3, FEATURE = 2, EXTENT = 5, GEOMETRY = 4; // numbers of fields
const MOVE = 1, LINE = 2, CLOSE = 7; // commands

class Fields {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    number() {
        let value = 0;
        for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
            const byte = this.bytes[this.at++];
            if (byte === undefined)
                break;
            value += (byte & 127) * factor;
            if (byte < 128)
                return value;
        }
        throw new Error("a tile is cut");
    }

    // Each field: its number and what it has, bytes or a number.
    *all() {
        while (this.at < this.bytes.length) {
            const key = this.number(), kind = key % 8;
            if (kind === 0)
                yield [Math.floor(key / 8), this.number()];
            else
                yield [Math.floor(key / 8), this.run(kind === 2 ? this.number() : kind === 5 ? 4 : kind === 1 ? 8 : -1)];
        }
    }

    run(n) {
        if (n < 0 || n > this.bytes.length - this.at)
            throw new Error("a tile cannot be read");
        return this.bytes.subarray(this.at, this.at += n);
    }
}

// OpenLayers reads one whatever the field says that it is.
function message(what) {
    if (!(what instanceof Uint8Array))
        throw new Error("a tile cannot be read");
    return what;
}

// Commands have as many numbers behind them as they say.
function check_geometry(bytes) {
    const numbers = new Fields(bytes);
    while (numbers.at < bytes.length) {
        const word = numbers.number(), command = word % 8, times = Math.floor(word / 8);
        if (![MOVE, LINE, CLOSE].includes(command) || times < 1 || (command === CLOSE && times > 1) ||
            times > bytes.length - numbers.at + 1)
            throw new Error("a tile draws what cannot be");
        for (let n = command === CLOSE ? 0 : 2 * times; n > 0; n--)
            numbers.number();
    }
}

function check_layer(bytes) {
    let features = 0, extent = 4096;
    for (const [number, what] of new Fields(bytes).all()) {
        if (number === EXTENT)
            extent = what;
        if (number !== FEATURE)
            continue;
        features++;
        for (const [of, inner] of new Fields(message(what)).all()) {
            if (of === GEOMETRY)
                check_geometry(message(inner));
        }
    }
    if (!(extent >= 1 && extent <= 65536))
        throw new Error("a tile has no size that can be");
    return features;
}

// Nothing comes back: whatever is wrong with it is an Error.
export function check_vector_tile(bytes) {
    let features = 0, layers = 0;
    for (const [number, what] of new Fields(bytes).all()) {
        if (number !== LAYER)
            continue;
        features += check_layer(message(what));
        if (++layers > LAYERS_MOST || features > FEATURES_MOST)
            throw new Error("a tile has too much in it");
    }
}
