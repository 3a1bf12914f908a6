// SPDX-License-Identifier: Apache-2.0
// dom.js - elements. Whatever comes from outside is text here, and never markup.

export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        element.setAttribute(name, value);
    element.append(...children);
    return element;
}

export function say(tag, name, text) {
    const element = make(tag, { class: name });
    element.textContent = text;
    return element;
}

export function by_id(id) {
    return document.getElementById(id);
}
