/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong in a breachd.conf is complained of, each with its line. */
#include <stdio.h>

#include "support/rows.h"
#include "support/settings_load.h"

#define ANYBODY                                                                                    \
    "warning: device: any lets whoever may publish on a topic speak for any device: with topic "   \
    "its user speaks for his own alone\n"
#define NO_GLOB " is not 1..64 letters, digits, - _ . of an id, and * and ?\n"
#define X50     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define NAME64  "0123456789012345678901234567890123456789012345678901234567890123"

#define KIND "[devices a]\nmatch = a\n"
#define SILENT(after, every)                                                                       \
    "warning: [devices a] silent-after: " after " is shorter than ping-interval, " every           \
    ": such a device "                                                                             \
    "is told to be silent between any two pings\n"

/* `more` follows SITE, so it begins in line 4; none of them is complained of when `want` is "". */
static const struct row {
    const char *says, *more, *want;
} rows[] = {
    { "the least there can be", "", "" },
    { "a section twice", "[http]\nidle = 5s\n[site]\norders = o\n[http]\nmax-body = 2 KiB\n", "" },
    { "comments", "[http] ; the door\nidle = 5s ; not long\n# max-body = 1\n", "" },

    { "an unknown section", "[tls]\nkey = a\n",
      AT(4) "[tls]: no such section: site, ledger, devices, http, redis, mqtt, alerts, detect\n" },
    { "an unknown key", "[http]\ncolour = red\n", AT(5) "colour: no such key in [http]\n" },
    { "a key of another section", "[http]\nheartbeat = 5s\n",
      AT(5) "heartbeat: no such key in [http]\n" },
    { "a word that is none of two", "[alerts]\nposition = some\n",
      AT(5) "position: \"some\" is neither full nor none\n" },
    { "keys are told by case", "[http]\nIdle = 5s\n", AT(5) "Idle: no such key in [http]\n" },
    { "a key twice", "[http]\nidle = 5s\nidle = 6s\n", AT(6) "idle: given in line 5 already\n" },
    { "a key three times", "[http]\nidle = 5s\nidle = 6s\nidle = 7s\n",
      AT(6) "idle: given in line 5 already\n" AT(7) "idle: given in line 5 already\n" },
    { "a key twice over sections", "[http]\nidle = 5s\n[redis]\n[http]\nidle = 5s\n",
      AT(8) "idle: given in line 5 already\n" },
    { "a line that is nothing", "[http]\nidle\n", AT(5) "neither [section] nor key = value\n" },

    { "a second name", "name = kent\n", AT(4) "name: given in line 2 already\n" },
    { "orders nowhere", "orders =\n", AT(4) "orders: must not be empty\n" },
    { "a long time zone", "timezone = " X50 X50 "\n",
      AT(4) "timezone: longer than 64 characters\n" },
    { "a ledger nowhere", "[ledger]\npath =\n", AT(5) "path: must not be empty\n" },

    { "listen on the world", "[http]\nlisten = 0.0.0.0:80\n",
      AT(5) "listen: 0.0.0.0:80 is not loopback: without tokens only loopback and unix sockets\n" },
    { "listen on one of them", "[http]\nlisten = 127.0.0.1:80, 10.0.0.1:80\n",
      AT(5) "listen: 10.0.0.1:80 is not loopback: without tokens only loopback and unix "
            "sockets\n" },
    { "listen on the world with tokens", "[http]\nlisten = 0.0.0.0:80\ntokens = t\n",
      AT(5) "warning: listen: 0.0.0.0:80 is without TLS: whoever is on the way reads positions, "
            "and tokens that he can use\n" },
    { "listen on the world with tokens and TLS",
      "[http]\nlisten = 0.0.0.0:80\ntokens = t\ntls-certificate = c\ntls-key = k\n", "" },
    { "a certificate without key", "[http]\ntls-certificate = c\n",
      AT(5) "[http] tls-certificate and tls-key: neither does anything without the other\n" },
    { "a key without certificate", "[http]\ntls-key = k\n",
      AT(5) "[http] tls-certificate and tls-key: neither does anything without the other\n" },
    { "clients' certificates without ours", "[http]\ntls-client-ca = c\n",
      AT(5) "tls-client-ca: needs tls-certificate and tls-key\n" },
    { "a CA for a plain Redis", "[redis]\nurl = redis://h\ntls-ca = c\n",
      AT(5) "url: is not rediss://, so tls-ca and tls-certificate would do nothing\n" },
    { "a certificate without key for Redis", "[redis]\nurl = rediss://h\ntls-certificate = c\n",
      AT(6) "[redis] tls-certificate and tls-key: neither does anything without the other\n" },
    { "a key without certificate for Redis", "[redis]\nurl = rediss://h\ntls-key = k\n",
      AT(6) "[redis] tls-certificate and tls-key: neither does anything without the other\n" },
    { "a CA for a Redis that is not named", "[redis]\ntls-ca = c\n",
      AT(5) "url: is not rediss://, so tls-ca and tls-certificate would do nothing\n" },
    { "a certificate for a Redis that is not named", "[redis]\ntls-certificate = c\ntls-key = k\n",
      AT(5) "url: is not rediss://, so tls-ca and tls-certificate would do nothing\n" },
    { "listen nowhere", "[http]\nlisten = ,\n",
      AT(5) "listen: nowhere to listen: no door would be open\n" },
    { "listen at nine places",
      "[http]\nlisten = unix:1 unix:2 unix:3 unix:4 unix:5 unix:6 unix:7 "
      "unix:8 unix:9\n",
      AT(5) "listen: more than 8 places to listen\n" },
    { "a body too small", "[http]\nmax-body = 1023 B\n",
      AT(5) "max-body: 1023 B is outside 1 KiB..64 MiB\n" },
    { "a body too large", "[http]\nmax-body = 65 MiB\n",
      AT(5) "max-body: 65 MiB is outside 1 KiB..64 MiB\n" },
    { "a share without its sign", "[detect]\nprobability-possible = 60\n",
      AT(5) "probability-possible: \"60\" is not a share like 80 %\n" },
    { "too little to be probable", "[detect]\nprobability-possible = 4 %\n",
      AT(5) "probability-possible: 4 % is outside 5 %..90 %\n" },
    { "more than any ping proves", "[detect]\nprobability-breach = 99.95 %\n",
      AT(5) "probability-breach: 99.95 % is outside 50 %..99.9 %\n" },
    { "a body without unit", "[http]\nmax-body = 65536\n",
      AT(5) "max-body: \"65536\" is not a size like 64 KiB or 1 MiB\n" },
    { "no connections", "[http]\nmax-connections = 0\n",
      AT(5) "max-connections: 0 is outside 1..100000\n" },
    { "too many", "[http]\nmax-connections = 100001\n",
      AT(5) "max-connections: 100001 is outside 1..100000\n" },
    { "idle no time", "[http]\nidle = 0s\n", AT(5) "idle: 0s is outside 1s..1h\n" },
    { "idle for hours", "[http]\nidle = 2h\n", AT(5) "idle: 2h is outside 1s..1h\n" },

    { "no Redis", "[redis]\nurl = http://h\n",
      AT(5) "url: \"http://h\" is not redis://[user@]host:port/db, rediss://, "
            "unix:PATH or unix://user@/PATH\n" },
    { "a bad prefix", "[redis]\nprefix = {b}\n",
      AT(5) "prefix: \"{b}\" is not 1..64 letters, digits, - _ .\n" },
    { "keep too few", "[redis]\nalerts-keep = 999\n",
      AT(5) "alerts-keep: 999 is outside 1000..1000000000\n" },
    { "a bad heartbeat", "[redis]\nheartbeat = 5 bananas\n",
      AT(5) "heartbeat: \"5 bananas\" is not a duration like 15s, 5m, 2h or 28d\n" },

    { "no broker", "[mqtt]\nurl = h\n",
      AT(5) "url: \"h\" is not mqtt://[user@]host:port or mqtts://…\n" },
    { "no topics", "[mqtt]\ntopics = ,\n", AT(5) "topics: no topic: nothing would come\n" },
    { "a bad client", "[mqtt]\nclient-id = a/b\n",
      AT(5) "client-id: \"a/b\" is not 1..64 letters, digits, - _ .\n" },
    { "certificates without TLS", "[mqtt]\nurl = mqtt://h\ntls-ca = ca.pem\ndevice = topic\n",
      AT(6) "tls-ca: url is not mqtts://, so it would do nothing\n" },
    { "a password that is not there",
      "[mqtt]\nurl = mqtt://u@h\npassword-file = none\ndevice = topic\n",
      AT(6) "password-file: ./none: No such file or directory\n" },
    { "a password of nobody",
      "[mqtt]\nurl = mqtt://h\npassword-file = breachd.conf\ndevice = topic\n",
      AT(6) "password-file: whose? url has no user, as in mqtt://user@host\n" },
    { "two passwords that are not there",
      "[mqtt]\nurl = mqtt://u@h\npassword-file = none\ndevice = topic\n"
      "[redis]\npassword-file = nor-this\n",
      AT(9) "password-file: ./nor-this: No such file or directory\n" AT(
          6) "password-file: ./none: No such file or directory\n" },
    { "anybody speaks for any device, unasked", "[mqtt]\ntopics = a/+\nurl = mqtt://h\n",
      AT(6) ANYBODY },
    { "anybody speaks for any device, as told", "[mqtt]\nurl = mqtt://h\ndevice = any\n",
      AT(6) ANYBODY },
    { "without a broker nobody speaks", "[mqtt]\ndevice = any\ntopics = a\n", "" },
    { "who speaks is the topic's user", "[mqtt]\nurl = mqtt://h\ndevice = topic\n", "" },
    { "a topic of nobody",
      "[mqtt]\nurl = mqtt://h\ntopics = owntracks/a/b, gps/x\ndevice = topic\n",
      AT(6) "topics: \"gps/x\" has neither + nor #, so nobody could speak there with device = "
            "topic\n" },
    { "another speaker", "[mqtt]\ndevice = user\n",
      AT(5) "device: \"user\" is neither any nor topic\n" },

    { "update at once", "[detect]\nupdate = 999ms\n", AT(5) "update: 999ms is outside 1s..1d\n" },
    { "an old position", "[detect]\nlast-known = 31d\n",
      AT(5) "last-known: 31d is outside 1m..30d\n" },
    { "no interval", "[detect]\nping-interval = 0s\n",
      AT(5) "ping-interval: 0s is outside 1s..1d\n" },
    { "unknown is not perfect", "[detect]\nunknown-accuracy = 0 m\n",
      AT(5) "unknown-accuracy: 0 m is outside 1 m..10 km\n" },
    { "closing at no speed", "[detect]\nclosing-speed = 0 m/s\n",
      AT(5) "closing-speed: 0 m/s is outside 0.1 m/s..70 m/s\n" },
    { "more needed for possible than for a breach", "[detect]\nprobability-possible = 80 %\n",
      AT(5) "probability-possible: 80 % is above probability-breach, 70 %: a breach would be told "
            "before anything is possible\n" },
    { "as much needed", "[detect]\nprobability-possible = 80 %\nprobability-breach = 80 %\n", "" },
    { "less needed outside than inside", "[detect]\nprobability-breach = 95 %\n",
      AT(5) "probability-breach: 95 % is above probability-breach-outside, 94 %: a ping that lies "
            "outside would prove more than one inside\n" },
    { "where the other is the one that is given",
      "[detect]\ncoarse = 100 m\nprobability-breach-outside = 69 %\n",
      AT(6) "probability-breach: 70 % is above probability-breach-outside, 69 %: a ping that lies "
            "outside would prove more than one inside\n" },
    { "possible as it is cleared",
      "[detect]\nprobability-possible = 5 %\nprobability-cleared = 5 %\n",
      AT(6) "probability-cleared: 5 % is not below probability-possible, 5 %: what is possible "
            "would be over at once\n" },
    { "what was refused is not compared",
      "[detect]\nprobability-possible = 80 %\nprobability-breach = 80\n",
      AT(6) "probability-breach: \"80\" is not a share like 80 %\n" },
    { "coarser than a mast", "[detect]\ncoarse = 3 km\n",
      AT(5) "warning: coarse: 3 km is above mast, 2 km: it does nothing: a fix of a worse accuracy "
            "than mast is no position to believe\n" },
    { "silent later than ever", "[detect]\nsilent-least = 2h\n",
      AT(5) "warning: silent-least: 2h is above silent-after, 1h: it does nothing: every device is "
            "silent after silent-after\n" },
    { "kinds of devices",
      "[devices uk-tags]\nmatch = buddi-*, sct-??\naccuracy-percentile = 95\n[devices rest]\n"
      "match = *\n[devices uk-tags]\n",
      "" },
    { "a percentile with its sign", "[devices a]\nmatch = a\naccuracy-percentile = 99.9 %\n", "" },
    { "a kind without a name", "[devices]\nmatch = a\nmatsch = a\n",
      AT(4) "[devices]: needs a name: [devices uk-tags]\n" },
    { "a kind whose name is none", "[devices uk tags]\nmatch = a\n",
      AT(4) "[devices]: \"uk tags\" is not 1..64 letters, digits, - _ .\n" },
    { "a section that only begins so", "[devicesx]\n",
      AT(4) "[devicesx]: no such section: site, ledger, devices, http, redis, mqtt, alerts, "
            "detect\n" },
    { "a kind that matches nothing", "[http]\n[devices a]\naccuracy-percentile = 95\n",
      AT(5) "[devices a] match: must be given\n" },
    { "an empty match", "[devices a]\nmatch =\n", AT(5) "match: must not be empty\n" },
    { "a match of commas", "[devices a]\nmatch = , ,\n", AT(5) "match: must not be empty\n" },
    { "a match of brackets", "[devices a]\nmatch = ok-*, tag-[0-9]\n",
      AT(5) "match: \"tag-[0-9]\"" NO_GLOB },
    { "a long match", "[devices a]\nmatch = " NAME64 "*\n",
      AT(5) "match: \"" NAME64 "*\"" NO_GLOB },
    { "a match as long as may be", "[devices a]\nmatch = " NAME64 "\n", "" },
    { "as many globs as may be", "[devices a]\nmatch = 1 2 3 4 5 6 7 8 9 a b c d e f g\n", "" },
    { "too many of them", "[devices a]\nmatch = 1 2 3 4 5 6 7 8 9 a b c d e f g,h\n",
      AT(5) "match: more than 16 of them\n" },
    { "no percentile is so small", "[devices a]\nmatch = a\naccuracy-percentile = 0.95\n",
      AT(6) "accuracy-percentile: 0.95 is outside 10 %..99.9 %\n" },
    { "nothing holds all", "[devices a]\nmatch = a\naccuracy-percentile = 100 %\n",
      AT(6) "accuracy-percentile: 100 % is outside 10 %..99.9 %\n" },
    { "a percentile in words", "[devices a]\nmatch = a\naccuracy-percentile = cep\n",
      AT(6) "accuracy-percentile: \"cep\" is not a percentage like 95\n" },
    { "all that a kind may have",
      KIND "unknown-accuracy = 1 m\nping-interval = 1d\nsilent-after = 30d\nno-fix-after = 0s\n"
           "clock = trusted\n[devices b]\nmatch = b\nunknown-accuracy = 10 km\n"
           "ping-interval = 1s\nsilent-after = 1m\nno-fix-after = 30d\nclock = untrusted\n",
      "" },
    { "perfect when it is not told", KIND "unknown-accuracy = 0 m\n",
      AT(6) "unknown-accuracy: 0 m is outside 1 m..10 km\n" },
    { "an accuracy of a continent", KIND "unknown-accuracy = 11 km\n",
      AT(6) "unknown-accuracy: 11 km is outside 1 m..10 km\n" },
    { "a kind that never stops sending", KIND "ping-interval = 0s\n",
      AT(6) "ping-interval: 0s is outside 1s..1d\n" },
    { "a kind that sends each other day", KIND "ping-interval = 2d\nsilent-after = 3d\n",
      AT(6) "ping-interval: 2d is outside 1s..1d\n" },
    { "a kind silent at once", KIND "silent-after = 59s\n",
      AT(6) "silent-after: 59s is outside 1m..30d\n" },
    { "a kind never silent", KIND "silent-after = 31d\n",
      AT(6) "silent-after: 31d is outside 1m..30d\n" },
    { "a kind never without a fix", KIND "no-fix-after = 31d\n",
      AT(6) "no-fix-after: 31d is outside 0ms..30d\n" },
    { "a clock as it is", KIND "clock = judged\n",
      AT(6) "clock: \"judged\" is neither trusted nor untrusted\n" },
    { "a clock twice", KIND "clock = trusted\nclock = untrusted\n",
      AT(7) "clock: given in line 6 already\n" },
    { "silent between any two pings", KIND "ping-interval = 15m\nsilent-after = 10m\n",
      AT(7) SILENT("10m", "15m") },
    { "silent between any two, as all are", KIND "ping-interval = 2h\n", AT(6) SILENT("1h", "2h") },
    { "silent between any two, as all send",
      "[detect]\nping-interval = 10m\n[devices a]\nsilent-after = 5m\nmatch = a\n",
      AT(7) SILENT("5m", "10m") },
    { "silent just as it sends", KIND "ping-interval = 1h\n", "" },

    { "a key that kinds do not have", "[devices a]\nmatch = a\ncolour = red\n",
      AT(6) "colour: no such key in [devices a]\n" },
    { "a key of a kind twice",
      "[devices a]\nmatch = a\n[devices b]\nmatch = b\n[devices a]\n"
      "match = c\n",
      AT(9) "match: given in line 5 already\n" },

    { "all of it at once", "[http]\nidle = 0s\nsloth = 1\n[redis]\nheartbeat = 2h\n[x]\ny = z\n",
      AT(5) "idle: 0s is outside 1s..1h\n" AT(6) "sloth: no such key in [http]\n" AT(
          8) "heartbeat: 2h is outside 1s..1h\n" AT(9) "[x]: no such section: site, ledger, "
                                                       "devices, http, "
                                                       "redis, mqtt, alerts, detect\n" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct complaints complaints = { 0 };
    char text[2048];

    snprintf(text, sizeof text, SITE "%s", row->more);
    load(text, &complaints);
    assert_complaints(row->says, &complaints, row->want);
}

#define NO_NAME " is not 1..64 letters, digits, - _ .\n"
#define NO_REGION                                                                                  \
    " is not like `51.4,-0.1 52.1,1.4` (south-west latitude,longitude, then north-east)\n"

static const struct row sites[] = {
    { "no name", "[site]\nname =\nregion = 51,0 52,1\n", AT(2) "name: \"\"" NO_NAME },
    { "a name with a slash", "[site]\nname = a/b\nregion = 51,0 52,1\n",
      AT(2) "name: \"a/b\"" NO_NAME },
    { "a name of 64", "[site]\nname = " NAME64 "\nregion = 51,0 52,1\n", "" },
    { "a name of 65", "[site]\nname = " NAME64 "x\nregion = 51,0 52,1\n",
      AT(2) "name: \"" NAME64 "x\"" NO_NAME },
    { "a region with blanks", "[site]\nname = a\nregion = 51.4 , -0.1  52.1 , 1.4\n", "" },
    { "a region with commas", "[site]\nname = a\nregion = 51.4,-0.1,52.1,1.4\n", "" },
    { "half a region", "[site]\nname = a\nregion = 51.4,-0.1\n",
      AT(3) "region: \"51.4,-0.1\"" NO_REGION },
    { "a region and more", "[site]\nname = a\nregion = 51,0 52,1 7\n",
      AT(3) "region: \"51,0 52,1 7\"" NO_REGION },
    { "a region off the map", "[site]\nname = a\nregion = 51,0 91,1\n",
      AT(3) "region: \"51,0 91,1\"" NO_REGION },
    { "a region of no number", "[site]\nname = a\nregion = nan,0 52,1\n",
      AT(3) "region: \"nan,0 52,1\"" NO_REGION },
    { "a region upside down", "[site]\nname = a\nregion = 52,0 51,1\n",
      AT(3) "region: the first corner must lie south and west of the second\n" },
    { "a region without width", "[site]\nname = a\nregion = 51,0 52,0\n",
      AT(3) "region: the first corner must lie south and west of the second\n" },
    { "an empty file", "",
      "breachd.conf: [site] name: must be given\nbreachd.conf: [site] region: must be given\n" },
    { "a key before its section", "name = a\n[site]\nregion = 51,0 52,1\n",
      AT(1) "name: stands before any [section]\nbreachd.conf: [site] name: must be given\n" },
    { "a value complained of is not missing too", "[site]\nname = ?\nregion = ?\n",
      AT(2) "name: \"?\"" NO_NAME AT(3) "region: \"?\"" NO_REGION },
};

static void each_site_is_read_or_told_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        struct complaints complaints = { 0 };

        load(sites[i].more, &complaints);
        assert_complaints(sites[i].says, &complaints, sites[i].want);
    }
}

static void no_file_is_one_complaint(void **state)
{
    struct complaints complaints = { 0 };
    (void)state;

    settings_load("none.conf", &settings, &complaints);
    assert_complaints("no file", &complaints, "none.conf: No such file or directory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(each_site_is_read_or_told_why_not),
        scratch_test(no_file_is_one_complaint),
    };

    return rows_hold_in("settings_rows", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
