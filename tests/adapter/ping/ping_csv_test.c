/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_csv.h"

#include "adapter/ping/csv_line.h"

#include "support/taken.h"

#include <string.h>

#include "support/rows.h"

#define HEAD "device,time,lat,lon,accuracy\n"
#define IS   "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"
#define NONE "no line of names like device,time,lat,lon,accuracy"

static const struct taken_row rows[] = {
    { "the least", "device,time,lat,lon\ntag-1,1592943245,51.5,0.4\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "other names, capitals, any order",
      "Longitude,LATITUDE,Timestamp,DEVICE\n0.4,51.5,1592943245,tag-1\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "no end of the last line, lines of Windows",
      "device,time,lat,lon\r\ntag-1,2020-06-23T20:14:05Z,51.5,0.4\r\ntag-2,1592943245,51.5,0.4",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4\n1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "quotes, and commas in them", HEAD "\"tag-1\",\"1592943245\",\"51.5\",\"0.4\",\"8\"\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8" },
    { "a column that nobody knows, with commas and quotes",
      "note,device,time,lat,lon\n\"at 5, he \"\"said\"\"\",tag-1,1592943245,51.5,0.4\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "all that a ping may have",
      "device,time,lat,lon,accuracy,speed,course,battery,tamper\n"
      "tag-1,1592943245,51.5,0.4,8,1.4,85,64,true\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8 speed 1.4 course 85 battery 64 "
      "tamper" },
    { "empty is not given, accuracy 0 is unknown",
      HEAD "tag-1,1592943245,51.5,0.4,\ntag-1,1592943246,51.5,0.4,0\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4\n1 tag-1 2020-06-23T20:14:06.000Z 51.5 0.4" },
    { "a poor hdop: 10 m each", "device,time,lat,lon,hdop\ntag-1,1592943245,51.5,0.4,3.5\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 35" },
    { "blank lines do not count, nor lines of delimiters",
      "device;time;lat;lon\n;;;\n\ntag-1;1592943245;51.5;0.4\n;;;\n", IS },
    { "blank lines do not count", HEAD "\n\ntag-1,1592943245,51.5,0.4,8\n\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8" },
    { "a short line lacks what is at its end", HEAD "tag-1,1592943245,51.5\n", "0 lon: missing" },
    { "off the map", HEAD "tag-1,1592943245,151.5,0.4,8\n", "0 lat: 151.5 is outside -90..90" },
    { "no number", HEAD "tag-1,1592943245,north,0.4,8\n", "0 lat: not a number" },
    { "no time", HEAD "tag-1,yesterday,51.5,0.4,8\n",
      "0 time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z" },
    { "no device", HEAD ",1592943245,51.5,0.4,8\n", "0 device: missing" },
    { "no name of a device", HEAD "tag 1,1592943245,51.5,0.4,8\n",
      "0 device: not 1..64 letters, digits, - _ ." },
    { "a quote that does not end", HEAD "\"tag-1,1592943245,51.5,0.4,8\n",
      "0 device: not 1..64 letters, digits, - _ ." },
    // umap-project/umap#1556, mendhak/gpslogger#921, #1249: what spreadsheets of other countries
    // do.
    { "semicolons", "device;time;lat;lon\ntag-1;1592943245;51.5;0.4\n", IS },
    { "semicolons and decimal commas",
      "device;time;lat;lon;accuracy;speed\ntag-1;2020-06-23T20:14:05,250Z;51,5;0,4;8,5;1\n",
      "0 tag-1 2020-06-23T20:14:05.250Z 51.5 0.4 accuracy 8.5 speed 1" },
    { "decimal commas in quotes between commas",
      "device,time,lat,lon,accuracy\ntag-1,1592943245,\"51,5\",\"0,4\",\"8,5\"\n",
      IS " accuracy 8.5" },
    { "a comma of thousands is none of decimals",
      "device;time;lat;lon;accuracy\ntag-1;1592943245;51.5;0.4;1,234\n",
      "0 accuracy: not a number" },
    { "points of thousands", "device;time;lat;lon\ntag-1;1592943245;3.946.166;0,4\n",
      "0 lat: not a number" },
    { "tabs", "device\ttime\tlat\tlon\taccuracy\ntag-1\t1592943245\t51.5\t0.4\t\n", IS },
    { "bars", "device|time|lat|lon\ntag-1|1592943245|51.5|0.4\n", IS },
    // GPSBabel/gpsbabel#1286, #591.
    { "semicolons in quotes between commas, and blanks behind them",
      "\"note; a\", \"device\", \"time\", \"lat\", \"lon\"\nx; y , tag-1 , 1592943245 , 51.5, "
      "0.4\n",
      IS },
    { "the delimiter told as Excel does",
      "sep=;\r\ndevice;time;lat;lon\r\ntag-1;1592943245;51.5;0.4\r\n", IS },
    // dotCMS/core#36508, MainfluxLabs/mainflux#1268: the first column was lost.
    { "a byte order mark",
      "\xEF\xBB\xBF"
      "device,time,lat,lon\ntag-1,1592943245,51.5,0.4\n",
      IS },
    { "a byte order mark and quotes",
      "\xEF\xBB\xBF\"device\",\"time\",\"lat\",\"lon\"\ntag-1,1592943245,51.5,0.4\n", IS },
    { "UTF-16",
      "\xFF\xFE"
      "d",
      "UTF-16, not UTF-8: save it as UTF-8" },
    { "a spreadsheet", "PK\x03\x04",
      "zip, as .xlsx and .kmz are, compressed: only plain text is read" },
    { "lines of an old Mac", "device,time,lat,lon\rtag-1,1592943245,51.5,0.4\r", IS },
    { "a line end in quotes",
      "note,device,time,lat,lon\n\"x\ntag-9,1592943245,51.5,0.4\",tag-1,1592943245,51.5,0.4\n",
      IS },
    { "milliseconds", "device,timestamp_ms,lat,lon\ntag-1,1592943245250,51.5,0.4\n",
      "0 tag-1 2020-06-23T20:14:05.250Z 51.5 0.4" },
    { "no offset is UTC", HEAD "tag-1,2020-06-23 20:14:05.000,51.5,0.4,\n", IS },
    { "so is UTC, and one without a colon",
      HEAD "tag-1,2020/06/23 20:14:05 UTC,51.5,0.4,\ntag-1,2020-06-23T21:14:05+0100,51.5,0.4,\n",
      IS "\n1 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "a day of a spreadsheet is no second of 1970", HEAD "tag-1,44005.8431,51.5,0.4,8\n",
      "0 time: 44005.8431 is neither seconds nor milliseconds since 1970" },
    { "the time of a trip is none either", HEAD "tag-1,12,51.5,0.4,8\n",
      "0 time: 12 is neither seconds nor milliseconds since 1970" },
    // Freika/dawarich#3423: all of 2008 was today; and W was E.
    { "date and time apart, and sides of the world",
      "INDEX,RCR,DATE,TIME,VALID,LATITUDE,N/S,LONGITUDE,E/W,HEIGHT,SPEED\n"
      "1,T,2020/06/23,20:14:05,SPS,51.5,N,0.4,W,10,0\n2,T,2020/06/23,20:14:06,NO "
      "FIX,51.5,S,0.4,E,,\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 -0.4 speed 0\n"
      "1 tag-1 2020-06-23T20:14:06.000Z -51.5 0.4 no-fix" },
    { "a side that is none", "time,lat,n/s,lon\n1592943245,51.5,x,0.4\n",
      "0 lat: its side is neither N nor S" },
    { "a sign and its side", "time,lat,lon,e/w\n1592943245,51.5,-0.4,W\n",
      "0 tag-1 2020-06-23T20:14:05.000Z 51.5 -0.4" },
    { "a whole time beside a date", "date,time,lat,lon\n2019-01-01,2020-06-23T20:14:05Z,51.5,0.4\n",
      IS },
    // GPSBabel/gpsbabel#1097.
    { "a date without a time, a time without a date",
      "date,time,lat,lon\n2020-06-23,,51.5,0.4\n,20:14:05,51.5,0.4\n",
      "0 time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z\n"
      "1 time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z" },
    { "a date that is a time too", "Date,lat,lon\n2020-06-23 20:14:05,51.5,0.4\n", IS },
    { "a day before its month", "date,time,lat,lon\n23/06/2020,20:14:05,51.5,0.4\n",
      "0 time: neither seconds, milliseconds nor like 2020-06-23T20:14:05Z" },
    { "GPSLogger",
      "time,lat,lon,elevation,accuracy,bearing,speed,satellites,provider,hdop,battery,annotation,"
      "timestamp_ms\n"
      "2020-06-23T20:14:05.000Z,51.5,0.4,70.0,8.0,85.0,1.4,5,gps,1.1,64,\"a, b\",1592943245000\n",
      IS " accuracy 8 speed 1.4 course 85 battery 64" },
    // BasicAirData/GPSLogger#147: UTC, whatever the phone shows.
    { "BasicAirData's GPS Logger",
      "type,date "
      "time,latitude,longitude,accuracy(m),altitude(m),geoid_height(m),speed(m/"
      "s),bearing(deg),sat_used,name\n"
      "T,2020-06-23 20:14:05,51.5,0.4,8.00,65.131,-28.534,1.400,85,15,20200623-161405\n",
      IS " accuracy 8 speed 1.4 course 85" },
    { "Traccar, as its server exports it: knots, and numbers of its own for devices",
      "id,deviceId,protocol,serverTime,deviceTime,fixTime,outdated,valid,latitude,longitude,speed,"
      "course,accuracy,attributes\n"
      "7001,3,osmand,2020-06-23T20:20:00.000+00:00,2020-06-23T20:14:06.000+00:00,2020-06-23T20:14:"
      "05.000+00:00,false,true,51.5,0.4,10,85,0.0,\"{\"\"a\"\":1}\"\n"
      "7002,3,osmand,,,2020-06-23T20:14:06.000+00:00,true,true,51.5,0.4,0,0,0.0,\n"
      "7003,3,osmand,,,2020-06-23T20:14:07.000+00:00,false,false,51.5,0.4,0,0,0.0,\n",
      IS " speed 5.144444444 course 85\n1 tag-1 2020-06-23T20:14:06.000Z 51.5 0.4 speed 0 course 0 "
         "no-fix\n"
         "2 tag-1 2020-06-23T20:14:07.000Z 51.5 0.4 speed 0 course 0 no-fix" },
    { "Traccar's page",
      "Valid,Time,Latitude,Longitude,Altitude,Speed,Address,Attributes\ntrue,2020-06-23 "
      "20:14:05,51.5,0.4,0,10,\"a, b\",\n",
      IS " speed 5.144444444" },
    // owntracks/pista#31.
    { "OwnTracks' recorder: km/h",
      "tst,acc,lat,lon,vel,cog,batt,tid\n1592943245,8,51.5,0.4,36,85,64,t1\n",
      IS " accuracy 8 speed 10 course 85 battery 64" },
    { "Movebank",
      "event-id,visible,timestamp,location-long,location-lat,eobs:horizontal-accuracy-estimate,"
      "ground-speed,heading,manually-marked-outlier,sensor-type,tag-local-identifier\n"
      "1,true,2020-06-23 20:14:05.000,0.4,51.5,8.5,1.4,85,,\"gps\",\"1072\"\n"
      "2,false,2020-06-23 20:14:06.000,0.4,51.5,,,,true,\"gps\",\"1072\"\n3,true,2020-06-23 "
      "20:14:07.000,,,,,,,\"gps\",\"1072\"\n",
      IS " accuracy 8.5 speed 1.4 course 85\n1 tag-1 2020-06-23T20:14:06.000Z 51.5 0.4 "
         "no-fix\n2 lat: missing" },
    { "Movebank by way of R",
      "\"\",\"timestamp\",\"location.long\",\"location.lat\",\"eobs.horizontal.accuracy."
      "estimate\"\n"
      "\"1\",\"2020-06-23 20:14:05.000\",0.4,51.5,NA\n\"2\",\"2020-06-23 20:14:06.000\",NA,NA,NA\n",
      IS "\n1 lat: missing" },
    { "GPX by way of GPSBabel",
      "No,Latitude,Longitude,Altitude,Speed,Course,Date,Time\n1,51.5,0.4,12.0,1.4,85,2020/06/"
      "23,20:14:05\n",
      IS " speed 1.4 course 85" },
    { "GPS Visualizer",
      "type,time,latitude,longitude,altitude (m),speed (km/h),name\nT,2020-06-23 "
      "20:14:05,51.5,0.4,12,36,\n",
      IS " speed 10" },
    { "a unit that nobody knows, and feet",
      "time,lat,lon,speed (furlongs),accuracy (ft)\n1592943245,51.5,0.4,9,26\n", IS },
    { "another program's device, and one that is told", "id,time,lat,lon\n17,1592943245,51.5,0.4\n",
      IS },
    // spirokai/OVRLEY#15.
    { "a time in words",
      "GPS Time,Latitude,Longitude\nWed Aug 05 18:57:56 GMT+01:00 2026,51.5,0.4\n",
      "0 time: missing" },
    { "National Grid", "device,time,easting,northing\ntag-1,1592943245,568000,189000\n", NONE },
    { "quotes that end too soon are no number", HEAD "tag-1,1592943245,\"51.5\"7,0.4,8\n",
      "0 lat: not a number" },
    { "a quote in a note hides no line",
      "device,time,lat,lon,note\ntag-1,1592943245,51.5,0.4,\"5 inch\n"
      "tag-2,1592943245,51.5,0.4,6\" long\n",
      IS "\n1 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4" },
    { "lines of JSON behind a time",
      "2020-06-23T20:14:05Z\t*\t{\"_type\":\"location\",\"lat\":51.5,\"lon\":0.4}\n", NONE },
    // mapbox/csv2geojson#69: which would be which?
    { "no names", "tag-1,1592943245,51.5,0.4\n", NONE },
    { "nothing", "", NONE },
};

/* tag-1 is whose they are where the file does not say. */
static void row_holds(void **state)
{
    const struct taken_row *row = *state;
    struct ping_body body = { .bytes = row->body, .n = strlen(row->body), .names = { "tag-1" } };
    struct taken taken;

    taken_all(ping_csv_read, &body, &taken);
    assert_string_equal(taken.text, row->want);
}

static void where_nobody_says_whose_they_are_the_file_does(void **state)
{
    static const char text[] = "id,deviceId,time,lat,lon\n9,tag-2,1592943245,51.5,0.4\n";
    struct taken taken;

    (void)state;
    taken_all(ping_csv_read, &(struct ping_body){ .bytes = text, .n = sizeof text - 1 }, &taken);
    assert_string_equal(taken.text, "0 tag-2 2020-06-23T20:14:05.000Z 51.5 0.4");
}

static void a_line_too_long_is_a_ping_without_anything(void **state)
{
    static char text[3 * CSV_LINE_MAX] = HEAD;
    struct taken taken;

    (void)state;
    memset(text + strlen(text), 'x', CSV_LINE_MAX);
    strcat(text, "\ntag-1,1592943245,51.5,0.4,8\n");
    taken_all(ping_csv_read, &(struct ping_body){ .bytes = text, .n = strlen(text) }, &taken);
    assert_string_equal(taken.text, "0 device: missing\n"
                                    "1 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4 accuracy 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nobody_says_whose_they_are_the_file_does),
        cmocka_unit_test(a_line_too_long_is_a_ping_without_anything),
    };

    return rows_hold("rows", rows, row_holds) +
           cmocka_run_group_tests_name("ping_csv", tests, NULL, NULL);
}
