// SPDX-License-Identifier: Apache-2.0
// moments.js - the moments of alerts as signs: by type a shape, a colour and a word, on the map as in its
// legend. As breachctl explain --svg draws them.

import { type_of } from "./labels.js";

const UP = 0, ON_CORNER = 0, FLAT = Math.PI / 4, DOWN = Math.PI;

// Shapes are those of the list's severities, as far as a type has one of its own.
const MOMENTS = {
    approach: { says: "approach", ink: "warning", points: 4, angle: ON_CORNER, radius: 10 },
    possible: { says: "possible", ink: "high", points: 3, angle: UP, radius: 10 },
    breach: { says: "breach", ink: "critical", points: 8, angle: Math.PI / 8, radius: 10 },
    update: { says: "goes on", ink: "critical", points: 4, angle: FLAT, radius: 6 },
    cleared: { says: "cleared", ink: "info", points: 0, radius: 8 },
    retrospective: { says: "seen later", ink: "high", points: 3, angle: DOWN, radius: 10 },
};
const OTHER = { says: "another alert", ink: "ink", points: 5, angle: UP, radius: 9 };

// Which of them a type is; types that have none of their own are one.
export function moment_of(type) {
    return MOMENTS[type_of({ type })] ?? OTHER;
}
