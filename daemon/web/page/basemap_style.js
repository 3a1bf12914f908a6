// SPDX-License-Identifier: Apache-2.0
// basemap_style.js - how vector tiles look: quiet, so that zone, way and alerts are what is seen. By the
// names that layers have with Protomaps, OpenMapTiles and Shortbread.

/* global ol */
import { shown } from "./dom.js";
import { fill, ink, stroke } from "./inks.js";

const NAME_MOST = 60; // letters

// What is drawn first lies lowest; of a layer that is none of these, its lines.
const GROUNDS = [
    [/^(earth|land|landcover|landuse|land_use|park|natural|sites)/, { area: "ground-land" }],
    [/^(water|ocean|dam|pier)/, { area: "ground-water", line: ["ground-water", 2] }],
    [/^(road|street|transport|transit|bridge|ferr|aerial|rail|path)/, { line: ["ground-road", 2], area: "ground-road" }],
    [/^building/, { area: "ground-building" }],
    [/^(boundar|admin)/, { line: ["ground-name", 1, [6, 4]] }],
    [/^(place|poi|address|house|name|label)/, {}],
    [/^/, { line: ["ground-building", 1] }],
];

const styles = new Map(); // ground -> kind of geometry -> style; of one scheme, dark or light

function style_of(ground, of) {
    const zIndex = GROUNDS.findIndex(([, looks]) => looks === of);
    if (ground === "area")
        return of.area && new ol.style.Style({ zIndex, fill: fill(of.area) });
    return of.line && new ol.style.Style({ zIndex, stroke: stroke(...of.line) });
}

// A name is drawn where it does not stand in another's way.
function named(feature, kind) {
    const name = feature.get("name:en") ?? feature.get("name");
    if (typeof name !== "string" || name === "" || kind === "area")
        return [];
    return [new ol.style.Style({ zIndex: GROUNDS.length, text: new ol.style.Text({
        text: shown(name.slice(0, NAME_MOST)), font: "12px system-ui", fill: fill("ground-name"),
        placement: kind === "line" ? "line" : "point", stroke: new ol.style.Stroke({ color: ink("paper"), width: 3 }) }) })];
}

// The colours are looked up anew: the scheme may be another.
export function forget_styles() {
    styles.clear();
}

export function basemap_style(feature) {
    const kind = { Polygon: "area", MultiPolygon: "area", LineString: "line", MultiLineString: "line" }[feature.getType()];
    const layer = String(feature.get("layer")), [, of] = GROUNDS.find(([names]) => names.test(layer));
    const key = `${GROUNDS.findIndex(([, looks]) => looks === of)} ${kind}`;
    if (!styles.has(key))
        styles.set(key, kind === undefined ? [] : [style_of(kind, of)].filter((style) => style));
    return [...styles.get(key), ...named(feature, kind)];
}
