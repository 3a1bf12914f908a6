/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/shape_kind.h"

#include <string.h>
#include <strings.h>

/* The first that fits; of XML KML before the rest. */
static const struct kind {
    const char *begins;
    const char *holds; // somewhere in it, when not NULL
    const char *is;
} kinds[] = {
    { "{", NULL, SHAPE_GEOJSON },
    { "[", NULL, SHAPE_GEOJSON },
    { "SRID", NULL, SHAPE_WKT },
    { "POLYGON", NULL, SHAPE_WKT },
    { "MULTIPOLYGON", NULL, SHAPE_WKT },
    { "GEOMETRYCOLLECTION", NULL, SHAPE_WKT },
    { "\"", NULL, "a text in quotation marks" },
    { "'", NULL, "a text in quotation marks" },
    { "\xE2\x80\x9C", NULL, "a text in quotation marks" }, // as word processors make them
    { "\xE2\x80\x9E", NULL, "a text in quotation marks" },
    { "<http", NULL, "GeoSPARQL's WKT, with its system before it" },
    { "<", "<kml", "KML (breachctl order import reads it)" },
    { "<", "<Placemark", "KML (breachctl order import reads it)" },
    { "<", NULL, "XML (GML, GPX, KML?)" },
    { "PK\003\004", NULL, "a zip archive (KMZ, a shapefile?)" },
    { "\xFF\xFE", NULL, "UTF-16" },
    { "\xFE\xFF", NULL, "UTF-16" },
    { "\x1E", NULL, "a sequence of JSON texts (RFC 8142)" },
    { "010", NULL, "WKB in hexadecimal digits" }, // 01: least byte first
    { "000000", NULL, "WKB in hexadecimal digits" },
};

static bool fits(const struct kind *kind, const char *text)
{
    return strncasecmp(text, kind->begins, strlen(kind->begins)) == 0 &&
           (kind->holds == NULL || strcasestr(text, kind->holds) != NULL);
}

bool shape_kind_is(const char *wanted, const char *text, struct fault *why)
{
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (fits(&kinds[i], text))
            return strcmp(kinds[i].is, wanted) == 0 ||
                   fault_set(why, "this is %s, and no %s", kinds[i].is, wanted);
    }
    return true;
}
