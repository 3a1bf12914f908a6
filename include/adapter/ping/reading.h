/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reading.h - what trackers say, in the units and spellings that they
 * use, as members of a ping. Pure.
 */
#ifndef ADAPTER_PING_READING_H
#define ADAPTER_PING_READING_H

#include "core/instant.h"

/* Metres a second in one of these. */
#define READING_KNOT (1852.0 / 3600)
#define READING_KMH  (1000.0 / 3600)

/*
 * Metres of 68 % radius for each 1 of an HDOP over READING_HDOP_USUAL: of a tracker that tells HDOP
 * and no accuracy. HDOP is how the satellites stand, and no accuracy: what walls reflect adds tens
 * of metres at an HDOP of 1, so a good one says nothing. Taken for 5 m each it made false breaches
 * of real receivers (tests/bench/detect/RESULTS.md).
 */
#define READING_HDOP_METRES 10.0
#define READING_HDOP_USUAL  3.0

/*
 * No receiver of a higher one has a fix at all, and there are trackers that tell hundredths, 81 of
 * 11 satellites: so one above this says no more than this one, which is worse than `coarse` by its
 * default. At 810 m nobody would ever be told to be in a zone of 200 m.
 */
#define READING_HDOP_MOST 21.0

/*
 * The accuracy as it was said, or if that is none what a poor HDOP makes of it: 3 is unknown, as
 * is none at all, 3.5 is 35 m, 21 and more is 210 m. NaN: unknown.
 */
double reading_accuracy(double metres, double hdop);

/*
 * A number of the whole of `text`: digits, sign, point, exponent;
 * nothing else, no blanks, no "inf".
 */
bool reading_number(const char *text, double *out);

/*
 * The same as apps write it: with blanks around it, and a comma for the point ("51,5712"), as the
 * phone's language has it.
 */
bool reading_number_of_app(const char *text, double *out);

/*
 * true, yes, on, 1 and false, no, off, 0, in any case, as JSON, Python ("True") and PHP ("1", "")
 * write it; "" is false.
 */
bool reading_truth(const char *text, bool *out);

/*
 * Seconds since 1970, or from 1e11 on milliseconds: by utc_within, as a clock that is wrong by
 * thousands of years, or counts microseconds, is no reason to hear nothing of the place. False for
 * what is no finite number.
 */
bool reading_epoch(double number, struct utc *out);

/*
 * RFC 3339 (utc_parse_any), and what trackers make of it: an offset without its colon
 * (+0000), with a blank for the `+` that a query has lost, or none at all, which is UTC;
 * or reading_epoch's number as text.
 */
bool reading_time(const char *text, struct utc *out);

#endif
