// SPDX-License-Identifier: Apache-2.0
// tile_image.js - how large an image says it is, before a browser unpacks it: a few bytes of PNG, JPEG or
// WebP may say 30,000 pixels square, which are 3.6 GB.

const SIDE_MOST = 1024; // pixels; tiles have 256 or 512

const PNG = 0x89504e47, RIFF = 0x52494646, VP8 = 0x56503820, VP8L = 0x5650384c, VP8X = 0x56503858;

function png_size(view) {
    return [view.getUint32(16), view.getUint32(20)];
}

function webp_size(view) {
    const kind = view.getUint32(12), le24 = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    if (kind === VP8X)
        return [le24(24) + 1, le24(27) + 1];
    if (kind === VP8L) {
        const bits = view.getUint32(21, true);
        return [(bits & 0x3fff) + 1, (bits >>> 14 & 0x3fff) + 1];
    }
    return kind === VP8 ? [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff] : null;
}

// Marker after marker, to the first that begins a frame: each is two bytes and its length at the least.
function jpeg_size(view) {
    for (let at = 2; view.getUint8(at) === 0xff; at += 2 + Math.max(view.getUint16(at + 2), 2)) {
        const marker = view.getUint8(at + 1);
        if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
            return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
    return null;
}

// {width, height, type} of an image that may be unpacked; whatever else it is, an Error.
export function image_of(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let type = "", size = null;
    try {
        const magic = view.getUint32(0);
        if (magic === PNG)
            [type, size] = ["image/png", png_size(view)];
        else if (magic === RIFF)
            [type, size] = ["image/webp", webp_size(view)];
        else if (magic >>> 8 === 0xffd8ff)
            [type, size] = ["image/jpeg", jpeg_size(view)];
    } catch {
        size = null; // it is cut
    }
    if (size === null || size.some((side) => side < 1 || side > SIDE_MOST))
        throw new Error(`a tile is no image of 1 to ${SIDE_MOST} pixels a side`);
    return { type, width: size[0], height: size[1] };
}
