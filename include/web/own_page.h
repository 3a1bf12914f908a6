/* SPDX-License-Identifier: Apache-2.0 */
/* own_page.h - whether a request that changes something comes from a page of ours. Pure. */
#ifndef WEB_OWN_PAGE_H
#define WEB_OWN_PAGE_H

#include "core/fault.h"

/* As the headers of those names have them; NULL: absent. */
struct own_page_said {
    const char *host, *origin, *fetch_site; /* Sec-Fetch-Site */
};

/*
 * A browser says where a POST comes from, by Origin or Sec-Fetch-Site, and no page can have it say
 * otherwise: at least one is wanted, and each must be ours. Ours is `origin`
 * ("https://breachd.example"), or where that is "", what Host says, by https: where it is `secure`.
 * Without either Host must be an address or localhost: anybody's name may lead here, and a page
 * there would seem ours; with TLS only a name of our certificate does.
 */
bool own_page_is(const struct own_page_said *said, const char *origin, bool secure,
                 struct fault *why);

#endif
