/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_gpx.h"

#include "support/taken.h"

#include <string.h>

#include "support/rows.h"

#define GPX  "<gpx xmlns=\"http://www.topografix.com/GPX/1/1\">"
#define TRK  "<trk><trkseg>"
#define ENDS "</trkseg></trk></gpx>"
#define TIME "<time>2020-06-23T20:14:05Z</time>"
#define IS   "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"

static const struct row {
    const char *says, *body, *want;
} rows[] = {
    { "a track point", GPX TRK "<trkpt lat=\"51.5\" lon=\"0.4\">" TIME "</trkpt>" ENDS, IS },
    { "a way point and one of a route",
      GPX "<wpt lat=\"51.5\" lon=\"0.4\">" TIME "</wpt><rte><rtept lat=\"51.6\" lon=\"0.4\">" TIME
          "</rtept></rte></gpx>",
      IS "\n1 tag-1 2020-06-23T20:14:05.000Z 51.6 0.4" },
    { "with hdop, speed and course in extensions",
      GPX TRK "<trkpt lat=\"51.5\" lon=\"0.4\"><ele>12</ele>" TIME "<hdop>1.5</hdop><extensions>"
              "<x:TrackPointExtension xmlns:x=\"urn:x\"><x:speed>1.4</x:speed>"
              "<x:course>85</x:course></x:TrackPointExtension></extensions></trkpt>" ENDS,
      IS " speed 1.4 course 85" },
    { "white space around a time",
      GPX TRK "<trkpt lat=\"51.5\" lon=\"0.4\"><time>\n 2020-06-23T20:14:05Z\n</time></trkpt>" ENDS,
      IS },
    { "a point without time", GPX TRK "<trkpt lat=\"51.5\" lon=\"0.4\"/>" ENDS, "0 time: missing" },
    { "a point without place", GPX TRK "<trkpt lat=\"51.5\">" TIME "</trkpt>" ENDS,
      "0 lon: missing" },
    { "the time of the file is no point's", GPX "<metadata>" TIME "</metadata></gpx>", "" },
    { "what stands before a mistake counts",
      GPX TRK "<trkpt lat=\"51.5\" lon=\"0.4\">" TIME "</trkpt></trk>",
      IS "\n1 line 1: mismatched tag" },
    { "no XML", "device,time", "line 1: syntax error" },
    { "nothing", "", "line 1: no element found" },
    { "entities are not followed",
      "<!DOCTYPE g [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" GPX TRK
      "<trkpt lat=\"&b;\"/>" ENDS,
      "line 1: parsing aborted" },
    { "nor are files", "<!DOCTYPE g [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><gpx>&a;</gpx>",
      "line 1: parsing aborted" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct taken taken;

    taken_all(
        ping_gpx_read,
        &(struct ping_body){ .bytes = row->body, .n = strlen(row->body), .names = { "tag-1" } },
        &taken);
    assert_string_equal(taken.text, row->want);
}

int main(void)
{
    return rows_hold("ping_gpx", rows, row_holds);
}
