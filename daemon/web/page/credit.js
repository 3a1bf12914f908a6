// SPDX-License-Identifier: Apache-2.0
// credit.js - whose work a map is, as its file says it in HTML, as text: a link's address stands behind it,
// for nothing here leads to another server. No browser reads the markup.

const MARKUP_MOST = 1000, TEXT_MOST = 300; // letters
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", copy: "©", reg: "®", mdash: "—", ndash: "–" };
const LINK = /<a\s[^>]*?href\s*=\s*["']?(?:https?:)?(?:\/\/)?(?:www\.)?([^"'\s>]*)[^>]*>([^<]*)<\/a>/gi;

function letter(all, of) {
    const code = /^#x/i.test(of) ? Number.parseInt(of.slice(2), 16) : Number.parseInt(of.slice(1), 10);
    if (of[0] === "#")
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    return NAMED[of] ?? all;
}

export function credit_text(markup) {
    return markup.slice(0, MARKUP_MOST).replace(LINK, "$2 ($1)").replace(/<[^>]*(>|$)/g, " ")
        .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,5});/gi, letter).replace(/\s+/g, " ").trim().slice(0, TEXT_MOST);
}
