// SPDX-License-Identifier: Apache-2.0
// map.js - where it was, when somebody has asked and said why. By OpenLayers (ol.js), on tiles of ours
// where it has some, else on a grid, with a scale. No request leaves it.

/* global ol */
import { by_id, make, say } from "./dom.js";
import { Ground } from "./ground.js";
import { fill, ink, stroke } from "./inks.js";
import { moment_of } from "./moments.js";
import { local, type_of } from "./labels.js";

const GAP_MS = 180e3; // nobody knows where he was in between
const DOUBTED = ["no-fix", "late"]; // grades of pings that are no part of the way

let map = null, layer = null, ground = null;

function words(text) {
    return new ol.style.Text({ text, font: "600 13px system-ui", offsetY: -14, fill: fill("ink"),
        stroke: stroke("paper", 4), overflow: true });
}

// Signs are never left out for want of room, as words are.
function sign(Shape, options) {
    return new Shape({ ...options, declutterMode: "none" });
}

function moment_sign({ points, angle, radius, ink: name }) {
    const looks = { radius, fill: fill(name), stroke: stroke("paper", 2) };
    return points === 0 ? sign(ol.style.Circle, looks) : sign(ol.style.RegularShape, { ...looks, points, angle });
}

const STYLES = {
    zone: () => ({ stroke: stroke("critical", 3), fill: fill("zone") }),
    ring: () => ({ stroke: stroke("critical", 2, [10, 8]) }),
    circle: () => ({ stroke: stroke("way", 1), fill: fill("circle") }),
    way: (feature) => ({ stroke: stroke("way", 3, feature.get("gap") ? [2, 8] : undefined) }),
    arrow: (feature) => ({ image: sign(ol.style.RegularShape, { points: 3, radius: 7,
        rotation: feature.get("rotation"), rotateWithView: true, fill: fill("way") }) }),
    alert: (feature) => ({ zIndex: 3, text: words(feature.get("says")),
        image: moment_sign(moment_of(feature.get("type"))) }),
    ping: (feature) => ({ zIndex: 2, text: words(String(feature.get("nth"))),
        image: feature.get("believed")
            ? sign(ol.style.Circle, { radius: 4, fill: fill("ink"), stroke: stroke("paper", 1) })
            : sign(ol.style.RegularShape, { points: 4, radius: 7, radius2: 0, angle: Math.PI / 4,
                stroke: stroke("ink", 2) }) }),
};

function style_of(feature) {
    return new ol.style.Style(STYLES[feature.get("kind")](feature));
}

// His way from place to place: dotted where nothing was heard for long, an arrow in its middle.
function way_of(places) {
    const features = [];
    for (let i = 1; i < places.length; i++) {
        const [from, to] = [places[i - 1], places[i]].map((p) => p.getGeometry().getCoordinates());
        const [before, now] = [places[i - 1], places[i]].map((p) => Date.parse(p.get("time")));
        features.push(new ol.Feature({ kind: "way", gap: now - before > GAP_MS,
            geometry: new ol.geom.LineString([from, to]) }));
        if (Math.hypot(to[0] - from[0], to[1] - from[1]) > 0)
            features.push(new ol.Feature({ kind: "arrow",
                rotation: Math.PI / 2 - Math.atan2(to[1] - from[1], to[0] - from[0]),
                geometry: new ol.geom.Point([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]) }));
    }
    return features;
}

function circle_of(place) {
    const [lon, lat] = ol.proj.toLonLat(place.getGeometry().getCoordinates());
    const circle = new ol.geom.Polygon([circle_around([lon, lat], place.get("accuracy"))]);
    return new ol.Feature({ kind: "circle", geometry: circle.transform("EPSG:4326", "EPSG:3857") });
}

function circle_around(at, metres) {
    return Array.from({ length: 65 }, (_, i) => ol.sphere.offset(at, metres, i * Math.PI / 32));
}

// What only tells how it goes on is marked without words.
function says(type, time) {
    return type === "update" ? "" : `${type} ${local(time)}`;
}

function features_of(where) {
    const read = new ol.format.GeoJSON().readFeatures(where, { featureProjection: "EPSG:3857" });
    read.forEach((feature) => feature.set("kind", feature.get("what")));
    const pings = read.filter((f) => f.get("kind") === "ping");
    pings.forEach((ping) => ping.setProperties({ nth: ping.get("number"),
        believed: !DOUBTED.includes(ping.get("grade")) }));
    const way = way_of(pings.filter((ping) => ping.get("believed")));
    const circles = pings.filter((ping) => ping.get("accuracy") > 0).map(circle_of);
    for (const alert of read.filter((f) => f.get("kind") === "alert"))
        alert.set("says", says(type_of({ type: alert.get("type") }), alert.get("time")));
    const of = (kind) => read.filter((f) => f.get("kind") === kind);
    return [...of("zone"), ...of("ring"), ...circles, ...way, ...pings, ...of("alert")];
}

function open_map() {
    layer = new ol.layer.Vector({ source: new ol.source.Vector(), style: style_of, declutter: true });
    const grid = new ol.layer.Graticule({ showLabels: false, targetSize: 80, wrapX: false,
        strokeStyle: new ol.style.Stroke({ color: ink("grid"), width: 1 }) });
    ground = new Ground(grid);
    map = new ol.Map({ target: "map", layers: [ground.layers, layer],
        controls: ol.control.defaults.defaults({ attribution: false, rotate: false })
            .extend([new ol.control.ScaleLine(), new ol.control.Rotate({ autoHide: false, label: "N" })]),
        view: new ol.View({ maxZoom: 21, minZoom: 4 }) });
    map.on("moveend", look);
}

// Wherever somebody has gone to.
function look() {
    const view = map.getView();
    ground.look(view.calculateExtent(map.getSize()), view.getZoom());
}

function legend(features) {
    const entries = [["zone", "the zone"], ["ring", "its ring"], ["way", "his way"],
        ["gap", "nothing heard"], ["circle", "accuracy"], ["doubted", "not believed"]];
    by_id("legend").replaceChildren(...entries.map(([name, text]) =>
        make("div", {}, make("dt", { class: `sample ${name}`, "aria-hidden": "true" }), say("dd", "", text))),
        ...moments(features).map((moment) => make("div", {}, make("dt", { "aria-hidden": "true" }, drawn(moment)),
            say("dd", "moment", moment.says))));
}

// The kinds of moments that are on the map, as they came.
function moments(features) {
    return [...new Set(features.filter((f) => f.get("kind") === "alert")
        .map((f) => moment_of(f.get("type"))))];
}

// The sign itself, as the map has it.
function drawn(moment) {
    const from = moment_sign(moment).getImage(1), canvas = make("canvas", { class: "moment" });
    [canvas.width, canvas.height] = [from.width, from.height];
    canvas.getContext("2d").drawImage(from, 0, 0);
    return canvas;
}

// The zone and the way: a wide ring around would make them a dot.
function extent() {
    return layer.getSource().getFeatures().filter((feature) => feature.get("kind") !== "ring")
        .reduce((all, feature) => ol.extent.extend(all, feature.getGeometry().getExtent()),
            ol.extent.createEmpty());
}

// `me` is who looks, as breachd-web knows him: with whether there are tiles.
export function draw_map(where, me) {
    if (typeof ol === "undefined")
        throw new Error("this page was installed without OpenLayers");
    by_id("where").hidden = false;
    if (map === null)
        open_map();
    map.updateSize();
    layer.getSource().clear();
    layer.getSource().addFeatures(features_of(where));
    legend(layer.getSource().getFeatures());
    ground.lay(me).then(look);
    map.getView().fit(extent(), { padding: [40, 40, 40, 40], maxZoom: 19 });
    const pings = where.features.map((f) => f.properties).filter(({ what }) => what === "ping");
    by_id("as-of").textContent = as_of(pings);
    by_id("map-more").hidden = !where.more;
    by_id("map").setAttribute("aria-label", `Map of ${pings.length} pings`);
}

// What is drawn is as old as its newest ping, whenever it was asked for.
function as_of(pings) {
    const newest = pings.map(({ time }) => Date.parse(time)).filter((ms) => !Number.isNaN(ms))
        .reduce((a, b) => Math.max(a, b), -Infinity);
    return newest === -Infinity ? "No ping is drawn" : `As of ${local(newest)}, the newest ping that is drawn: ` +
        "it does not move by itself, m asks again";
}

// Another incident is chosen: nobody has asked where that was.
export function forget_map() {
    by_id("where").hidden = true;
    layer?.getSource().clear();
}
