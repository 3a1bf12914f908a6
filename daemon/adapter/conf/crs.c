/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/conf/crs.h"

#include "core/projected.h"

#include <fnmatch.h>
#include <string.h>

/* Characters of a name that is known: fnmatch goes over it again and again. */
enum { NAME_MOST = 100 };

/*
 * OGC 07-092r3 (URNs, and their x-ogc before it), OGC 09-048r5 (addresses), EPSG codes: 4326, and
 * 4979 with heights. A version may stand before the code.
 */
#define URN     "urn:@(ogc|x-ogc):def:crs:"
#define ADDRESS "http?(s)://www.opengis.net/def/crs/"
#define VERSION "*([0-9.])"

static const char *const wgs84[] = {
    URN "OGC:" VERSION ":@(CRS84|CRS84h|84)",
    URN "EPSG:" VERSION ":@(4326|4979)",
    URN "@(OGC:CRS84|EPSG:4326)",
    ADDRESS "OGC/" VERSION "/@(CRS84|CRS84h)",
    ADDRESS "EPSG/" VERSION "/@(4326|4979)",
    "http?(s)://www.opengis.net/gml/srs/epsg.xml#4326",
    "?(OGC:)CRS?(:)84?(h)",
    "EPSG:?(:)@(4326|4979)",
    "SRID*( )=*( )@(4326|4979)",
    "WGS?([ _-])?(19)84",
};

/* OSGB36 / British National Grid, and the same with heights over Newlyn. */
static const char *const national_grid[] = {
    "*[:/#=]*( )@(27700|7405)",
    "*[Bb]ritish*[Nn]ational*[Gg]rid*",
};

/* Web Mercator: of EPSG, as Google, as ESRI before it had a number, and by name. */
static const char *const web_mercator[] = {
    "*[:/#=]*( )@(3857|3785|900913|102100|102113)",
    "*Pseudo?Mercator*",
    "*Web?Mercator*",
};

static bool is_among(const char *name, const char *const *patterns, size_t n)
{
    for (size_t i = 0; i < n && strlen(name) <= NAME_MOST; i++) {
        if (fnmatch(patterns[i], name, FNM_CASEFOLD | FNM_EXTMATCH) == 0)
            return true;
    }
    return false;
}

bool crs_is_wgs84(const char *name, struct fault *why)
{
    if (is_among(name, wgs84, sizeof wgs84 / sizeof *wgs84))
        return true;
    if (is_among(name, national_grid, sizeof national_grid / sizeof *national_grid))
        return fault_set(why, "%.80s: " PROJECTED_GRID ": " PROJECTED_WANTED, name);
    if (is_among(name, web_mercator, sizeof web_mercator / sizeof *web_mercator))
        return fault_set(why, "%.80s: " PROJECTED_MERCATOR ": " PROJECTED_WANTED, name);
    return fault_set(why, "%.80s is not WGS84: " PROJECTED_WANTED, name);
}
