// SPDX-License-Identifier: Apache-2.0
// inks.js - the page's own colours on a map, as the scheme has them now.

/* global ol */
import { by_id } from "./dom.js";

// OpenLayers reads rgb() alone.
export function ink(name) {
    const probe = by_id("map");
    probe.style.outlineColor = `var(--${name})`;
    return getComputedStyle(probe).outlineColor;
}

export function stroke(name, width, lineDash) {
    return new ol.style.Stroke({ color: ink(name), width, lineDash });
}

export function fill(name) {
    return new ol.style.Fill({ color: ink(name) });
}
