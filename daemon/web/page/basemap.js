// SPDX-License-Identifier: Apache-2.0
// basemap.js - the ground under a map: tiles of the installation's own file, which web.conf names, as a layer of
// OpenLayers. Whatever is wrong with the file, or with a tile, is told, and the map goes on.

/* global ol */
import { get_range } from "./api.js";
import { basemap_style } from "./basemap_style.js";
import { credit_text } from "./credit.js";
import { Archive } from "./pmtiles.js";
import { image_of } from "./tile_image.js";
import { check_vector_tile } from "./vector_tile.js";

const PATH = "/tiles.pmtiles";
const ERROR = 3; // a state of a tile of OpenLayers

// Ranges of one file: of another one that has taken its place, a tile's bytes would be anything.
class Reader {
    async read(from, n) {
        const range = await get_range(PATH, from, n);
        if (this.etag !== undefined && range.etag !== this.etag)
            throw new Error("the file is another one now: ask for the map again");
        this.etag = range.etag;
        return range;
    }

    // Whether it is the one that was read.
    async is_same() {
        return (await get_range(PATH, 0, 1)).etag === this.etag;
    }
}

function grid_of({ min_zoom, max_zoom, kind }) {
    return ol.tilegrid.createXYZ({ minZoom: min_zoom, maxZoom: max_zoom, tileSize: kind === "vector" ? 512 : 256 });
}

async function fill_tile(archive, tile, options) {
    const bytes = await archive.tile(...tile.getTileCoord());
    if (bytes !== null)
        check_vector_tile(bytes);
    tile.setFeatures(bytes === null ? [] : tile.getFormat().readFeatures(bytes.buffer, options));
}

function vector_layer(archive, on_trouble) {
    const load = (tile) => tile.setLoader((extent, resolution, projection) =>
        fill_tile(archive, tile, { extent, featureProjection: projection }).catch((why) => {
            on_trouble(why);
            tile.setState(ERROR);
        }));
    return new ol.layer.VectorTile({ style: basemap_style, declutter: true, source: new ol.source.VectorTile({
        format: new ol.format.MVT(), url: `${PATH}#{z}/{x}/{y}`, tileLoadFunction: load, tileGrid: grid_of(archive),
        wrapX: false }) });
}

// A tile that is not there is as empty as one that is.
async function image_at(archive, z, x, y) {
    const bytes = await archive.tile(z, x, y);
    if (bytes === null)
        return createImageBitmap(new ImageData(256, 256));
    const { type } = image_of(bytes);
    return createImageBitmap(new Blob([bytes], { type }));
}

function image_layer(archive, on_trouble) {
    const loader = (z, x, y) => image_at(archive, z, x, y).catch((why) => {
        on_trouble(why);
        throw why;
    });
    return new ol.layer.Tile({ source: new ol.source.ImageTile({ loader, tileGrid: grid_of(archive), wrapX: false,
        transition: 0 }) });
}

// {layer, credit, extent, min_zoom, is_same}: whose work it is, how far it reaches, from which zoom on it is
// drawn, and, when asked, whether it is that file still. `on_trouble` is called with the Error
// of each tile that cannot be drawn.
export async function open_basemap(on_trouble) {
    const reader = new Reader(), archive = await Archive.open((from, n) => reader.read(from, n));
    const layer = (archive.kind === "vector" ? vector_layer : image_layer)(archive, on_trouble);
    layer.setMinZoom(archive.min_zoom - 1); // further out it would ask for thousands of tiles
    return { layer, credit: credit_text(archive.credit), extent: extent_of(archive.bounds),
        min_zoom: archive.min_zoom - 1, is_same: () => reader.is_same() };
}

// Mercator ends short of the poles.
function extent_of([west, south, east, north]) {
    return ol.proj.transformExtent([Math.max(west, -180), Math.max(south, -85), Math.min(east, 180),
        Math.min(north, 85)], "EPSG:4326", "EPSG:3857");
}
