// SPDX-License-Identifier: Apache-2.0
// ground.js - what a map lies on: a grid, and over it tiles as soon as they are there. Which of them it is,
// and whose work, is said below the map.

/* global ol */
import { open_basemap } from "./basemap.js";
import { forget_styles } from "./basemap_style.js";
import { by_id, shown } from "./dom.js";

export class Ground {
    // `grid` is a layer of OpenLayers; `layers` is what goes below all else.
    constructor(grid) {
        this.grid = grid;
        this.layers = new ol.layer.Group({ layers: [grid] });
        this.opening = null; // promise of tiles
        this.trouble = "";
    }

    // Under that extent.
    async lay(me, extent) {
        forget_styles();
        this.says("");
        if (!me.tiles)
            return this.show(null, me.tiles_why ?? "");
        this.opening ??= this.open();
        try {
            const base = await this.opening;
            this.show(base, ol.extent.containsExtent(base.extent, extent) ? ""
                : "they do not reach all that is drawn here");
        } catch (why) {
            this.opening = null; // the next map tries again
            this.show(null, why.message);
        }
    }

    async open() {
        const base = await open_basemap((why) => this.says(why.message));
        this.layers.getLayers().push(base.layer);
        return base;
    }

    // A grid between roads would be taken for some.
    show(base, why) {
        this.grid.setVisible(base === null || why !== "");
        by_id("map").classList.toggle("ground", base !== null);
        by_id("credit").textContent = base === null ? "" : `Map: ${shown(base.credit || "whose work it is, its file does not say")}`;
        if (why !== "")
            this.says(why);
    }

    says(why) {
        by_id("map-says").textContent = why === "" ? "" : `The map's tiles: ${shown(why)}`;
        by_id("map-says").hidden = why === "";
    }
}
