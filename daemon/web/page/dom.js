// SPDX-License-Identifier: Apache-2.0
// dom.js - elements. Whatever comes from outside is text here, never markup, and turns no line round.

// What would move the line's direction, or is no character, as breachctl writes it.
export function shown(text) {
    return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
}

export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        element.setAttribute(name, value);
    element.append(...children);
    return element;
}

export function say(tag, name, text) {
    const element = make(tag, { class: name });
    element.textContent = shown(text);
    return element;
}

// The shape of a severity, which stands beside its word.
export function sign(severity) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#${severity}`);
    svg.setAttribute("class", "sign");
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
}

export function by_id(id) {
    return document.getElementById(id);
}
