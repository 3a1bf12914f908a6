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
        this.base = null; // those that are laid
        this.trouble = ""; // of a tile
    }

    // `me` says whether there are tiles.
    async lay(me) {
        forget_styles();
        this.trouble = "";
        this.says("");
        if (!me.tiles)
            return this.show(null, me.tiles_why ?? "");
        try {
            this.show(await this.current(), "");
        } catch (why) {
            this.opening = null; // the next map tries again
            this.show(null, why.message);
        }
    }

    // A file that has taken the place of the one that was opened is another map, with another credit.
    async current() {
        const before = await this.opening;
        if (before && !await before.is_same()) {
            this.layers.getLayers().remove(before.layer);
            this.opening = null;
        }
        this.opening ??= this.open();
        return this.opening;
    }

    async open() {
        const base = await open_basemap((why) => {
            this.trouble ||= why.message;
            this.says(this.trouble);
        });
        this.layers.getLayers().push(base.layer);
        return base;
    }

    show(base, why) {
        this.base = base;
        this.layers.getLayers().forEach((layer) => layer.setVisible(layer === this.grid || layer === base?.layer));
        this.grid.setVisible(base === null);
        by_id("map").classList.toggle("ground", base !== null);
        by_id("credit").textContent = base === null ? "" : `Map: ${shown(base.credit || "whose work it is, its file does not say")}`;
        if (why !== "")
            this.says(why);
    }

    // What is in sight has changed, of that extent, at that zoom. A grid between roads would be taken for
    // some: it stands where there are none alone.
    look(extent, zoom) {
        if (this.base === null)
            return;
        const why = zoom <= this.base.min_zoom ? "they begin nearer than this"
            : ol.extent.containsExtent(this.base.extent, extent) ? "" : "they do not reach all that is in sight";
        this.grid.setVisible(why !== "");
        this.says(this.trouble || why);
    }

    says(why) {
        by_id("map-says").textContent = why === "" ? "" : `The map's tiles: ${shown(why)}`;
        by_id("map-says").hidden = why === "";
    }
}
