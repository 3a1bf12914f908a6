/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_scan.h"

#include "adapter/ping/ping_member.h"
#include "adapter/ping/plain_number.h"
#include "adapter/ping/reading.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { TIME_TEXT_MAX = 39 }; // of what utc_parse_any() knows, with room for a long fraction

struct scan {
    const char *at, *end;
};

/* A text without its quotes. */
struct plain_text {
    const char *at;
    size_t n;
};

/* Values of one object, while it is read. */
struct members {
    struct ping *ping;
    double number[PING_MEMBERS]; // those of numbers: NaN is absent
    bool fix, tamper;
    uint32_t seen, given; // bits by member; `seen` with those that are null
};

/* ---- tokens ---- */

static void pass_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

static bool take_char(struct scan *scan, char wanted)
{
    pass_blanks(scan);
    if (scan->at == scan->end || *scan->at != wanted)
        return false;
    scan->at++;
    return true;
}

static bool take_word(struct scan *scan, const char *word, size_t n)
{
    if ((size_t)(scan->end - scan->at) < n || memcmp(scan->at, word, n) != 0)
        return false;
    scan->at += n;
    return true;
}

/* Printable ASCII and DEL, but for what ends or bends a text. */
static bool is_plain(char letter)
{
    return letter >= ' ' && letter != '"' && letter != '\\'; // a char is signed: above 7f, too
}

/* The first byte from `at` on that is not plain, or `end`. */
static const char *plain_end(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(' ' - 1);

    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, escape));
        __m128i plain = _mm_andnot_si128(marks, _mm_cmpgt_epi8(bytes, control));
        unsigned others = ~(unsigned)_mm_movemask_epi8(plain) & 0xFFFF;

        if (others != 0)
            return at + __builtin_ctz(others);
    }
#endif
    while (at < end && is_plain(*at))
        at++;
    return at;
}

static bool take_text(struct scan *scan, struct plain_text *out)
{
    const char *end;

    if (!take_char(scan, '"'))
        return false;
    end = plain_end(scan->at, scan->end);
    if (end == scan->end || *end != '"')
        return false;
    *out = (struct plain_text){ scan->at, (size_t)(end - scan->at) };
    scan->at = end + 1;
    return true;
}

static bool take_number(struct scan *scan, struct plain_number *out)
{
    const char *end = plain_number_read(scan->at, scan->end, out);

    if (end == NULL)
        return false;
    scan->at = end;
    return true;
}

/* ---- members ---- */

static bool take_device(struct scan *scan, struct ping *ping)
{
    struct plain_text text;

    if (!take_text(scan, &text) || text.n > NAME_MAX_CHARS)
        return false;
    memcpy(ping->device, text.at, text.n);
    ping->device[text.n] = '\0';
    return name_valid(ping->device);
}

static bool take_time(struct scan *scan, struct utc *out)
{
    char copy[TIME_TEXT_MAX + 1];
    struct plain_number number;
    struct plain_text text;

    if (*scan->at != '"')
        return take_number(scan, &number) && reading_epoch(number.value, out);
    if (!take_text(scan, &text) || text.n > TIME_TEXT_MAX)
        return false;
    memcpy(copy, text.at, text.n);
    copy[text.n] = '\0';
    return utc_parse_any(copy, out);
}

static bool take_bool(struct scan *scan, bool *out)
{
    *out = *scan->at == 't';
    return *out ? take_word(scan, "true", 4) : take_word(scan, "false", 5);
}

static bool take_alarm(struct scan *scan, struct ping *ping)
{
    struct plain_text text;

    if (!take_text(scan, &text))
        return false;
    ping_alarm(ping, text.at, text.n);
    return true;
}

static bool take_value(struct scan *scan, enum ping_member member, struct members *out)
{
    struct plain_number number;
    struct plain_text text;

    switch (member) {
    case PING_DEVICE:
        return take_device(scan, out->ping);
    case PING_TIME:
        return take_time(scan, &out->ping->time);
    case PING_SOURCE:
        return take_text(scan, &text);
    case PING_TAMPER:
        return take_bool(scan, &out->tamper);
    case PING_FIX:
        return take_bool(scan, &out->fix);
    case PING_ALARM:
        return take_alarm(scan, out->ping);
    case PING_SEQ:
        return take_number(scan, &number) && number.whole;
    case PING_LAT:
    case PING_LON:
    case PING_ACCURACY:
    case PING_SPEED:
    case PING_COURSE:
    case PING_BATTERY:
        if (!take_number(scan, &number))
            return false;
        out->number[member] = number.value;
        return true;
    case PING_MEMBERS:
        break;
    }
    return false;
}

/* `"name": value`; *next is the member that is awaited, then the one behind this one. */
static bool take_member(struct scan *scan, struct members *out, enum ping_member *next)
{
    struct plain_text name;
    enum ping_member member;

    if (!take_text(scan, &name) || !take_char(scan, ':'))
        return false;
    member = ping_member_find(name.at, name.n, *next);
    if (member == PING_MEMBERS || (out->seen >> member & 1) != 0)
        return false;
    *next = member + 1;
    out->seen |= 1U << member;
    pass_blanks(scan);
    if (scan->at == scan->end)
        return false;
    if (*scan->at == 'n') // as good as absent
        return take_word(scan, "null", 4);
    out->given |= 1U << member;
    return take_value(scan, member, out);
}

/* Whether those are there without which it is no ping. */
static bool is_whole(const struct members *members)
{
    const uint32_t needed = 1U << PING_DEVICE | 1U << PING_TIME,
                   place = 1U << PING_LAT | 1U << PING_LON;

    if ((members->given & needed) != needed)
        return false;
    return (members->given & place) == place || (!members->fix && (members->given & place) == 0);
}

static bool take_object(struct scan *scan, struct ping *out)
{
    struct members members = { .ping = out, .fix = true };
    enum ping_member next = PING_DEVICE;

    *out = (struct ping){ 0 };
    for (int i = 0; i < PING_MEMBERS; i++)
        members.number[i] = NAN;
    if (!take_char(scan, '{'))
        return false;
    // Each member at most once.
    do {
        if (!take_member(scan, &members, &next))
            return false;
    } while (take_char(scan, ','));
    if (!take_char(scan, '}') || !is_whole(&members))
        return false;
    out->at = (struct lonlat){ members.number[PING_LON], members.number[PING_LAT] };
    out->accuracy = members.number[PING_ACCURACY];
    out->speed = members.number[PING_SPEED];
    out->course = members.number[PING_COURSE];
    out->battery = members.number[PING_BATTERY];
    out->no_fix = !members.fix;
    out->tamper |= members.tamper;
    return true;
}

static bool has_ended(struct scan *scan)
{
    pass_blanks(scan);
    return scan->at == scan->end;
}

bool ping_scan_one(const char *bytes, size_t n, struct ping *out)
{
    struct scan scan = { bytes, bytes + n };

    return take_object(&scan, out) && has_ended(&scan);
}

/* ---- a body ---- */

struct body {
    struct scan scan;
    bool lines, array;
    size_t n; // objects so far
};

enum step { STEP_PING, STEP_END, STEP_OTHER };

static struct body begin(const char *bytes, size_t n, enum ping_scan_form form)
{
    struct body body = { .scan = { bytes, bytes + n }, .lines = form == PING_SCAN_LINES };

    body.array = !body.lines && take_char(&body.scan, '[');
    return body;
}

/* Whether another object comes. */
static enum step go_on(struct body *body)
{
    struct scan *scan = &body->scan;

    if (body->lines)
        return has_ended(scan) ? STEP_END : STEP_PING;
    if (body->n == 0 || (body->array && take_char(scan, ',')))
        return STEP_PING;
    if (body->array && !take_char(scan, ']'))
        return STEP_OTHER;
    return has_ended(scan) ? STEP_END : STEP_OTHER;
}

/* No object goes on in the next line. */
static bool take_line(struct scan *scan, struct ping *out)
{
    const char *eol = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
    struct scan line = { scan->at, eol != NULL ? eol : scan->end };

    scan->at = line.end;
    return take_object(&line, out) && has_ended(&line);
}

static enum step next(struct body *body, struct ping *out)
{
    enum step step = go_on(body);

    if (step != STEP_PING)
        return step;
    body->n++;
    return (body->lines ? take_line(&body->scan, out) : take_object(&body->scan, out)) ? STEP_PING
                                                                                       : STEP_OTHER;
}

static void hand_over(struct ping *ping, size_t index, ping_taker *take, void *arg)
{
    struct fault why;

    if (ping_settle(ping, &why))
        take(ping, index, NULL, arg);
    else
        take(ping, index, why.text, arg);
}

bool ping_scan(const char *bytes, size_t n, enum ping_scan_form form, ping_taker *take, void *arg)
{
    struct ping kept[PING_SCAN_KEPT + 1]; // the last is each one that is read again
    struct body body = begin(bytes, n, form), rest = body;
    enum step step;

    // The objects of the body.
    while ((step = next(&body, &kept[body.n < PING_SCAN_KEPT ? body.n : PING_SCAN_KEPT])) ==
           STEP_PING) {
        if (body.n <= PING_SCAN_KEPT)
            rest = body;
    }
    if (step == STEP_OTHER)
        return false;
    for (size_t i = 0; i < rest.n; i++)
        hand_over(&kept[i], i, take, arg);
    // The same objects, of which each was plain.
    while (next(&rest, &kept[PING_SCAN_KEPT]) == STEP_PING)
        hand_over(&kept[PING_SCAN_KEPT], rest.n - 1, take, arg);
    return true;
}
