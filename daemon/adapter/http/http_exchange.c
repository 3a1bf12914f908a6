/* SPDX-License-Identifier: Apache-2.0 */
/* http_exchange.c - one request as app sees it, and the answer as it goes out. */
#include "adapter/clock.h"
#include "adapter/http/http_parts.h"
#include "adapter/sanitizer.h"
#include "adapter/tls.h"

#include <event2/buffer.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The first line, date, type and length of the body, and what was added. */
enum { HTTP_ANSWER_HEAD_MAX = HTTP_ADDED_MAX + 512 };

/* One that was used before, or a new one. Where memory is watched none is used twice. */
static struct http_exchange *take_spare(struct http_door *door)
{
    struct http_exchange *spare = TAILQ_FIRST(&door->spares);

    if (spare == NULL)
        return malloc(sizeof *spare);
    TAILQ_REMOVE(&door->spares, spare, all);
    door->n_spares--;
    return spare;
}

static void give_back(struct http_door *door, struct http_exchange *exchange)
{
    if (UNDER_SANITIZER || door->n_spares >= HTTP_SPARES) {
        free(exchange);
        return;
    }
    TAILQ_INSERT_HEAD(&door->spares, exchange, all);
    door->n_spares++;
}

void http_exchange_free_spares(struct http_door *door)
{
    while (!TAILQ_EMPTY(&door->spares)) // HTTP_SPARES
        free(take_spare(door));
}

struct http_exchange *http_exchange_create(struct http_conn *conn)
{
    struct http_exchange *exchange = take_spare(conn->door);

    if (exchange == NULL)
        return NULL;
    memset(exchange, 0, offsetof(struct http_exchange, added));
    exchange->added[0] = '\0';
    exchange->door = conn->door;
    exchange->conn = conn;
    exchange->key = conn->key;
    strcpy(exchange->address, conn->address);
    TAILQ_INSERT_TAIL(&conn->door->exchanges, exchange, all);
    return exchange;
}

static void free_bytes(const struct http_exchange *exchange, char *bytes)
{
    if (bytes < exchange->room || bytes >= exchange->room + sizeof exchange->room)
        free(bytes);
}

void http_exchange_free(struct http_exchange *exchange)
{
    TAILQ_REMOVE(&exchange->door->exchanges, exchange, all);
    http_delayed_free(exchange);
    free_bytes(exchange, exchange->bytes);
    free_bytes(exchange, exchange->body);
    give_back(exchange->door, exchange);
}

char *http_exchange_place_head(struct http_exchange *exchange, size_t n)
{
    exchange->n_head = n <= sizeof exchange->room ? n : 0;
    exchange->bytes = n <= sizeof exchange->room ? exchange->room : malloc(n);
    return exchange->bytes;
}

char *http_exchange_place_body(struct http_exchange *exchange, size_t n)
{
    bool fits = n < sizeof exchange->room - exchange->n_head;

    exchange->body = fits ? exchange->room + exchange->n_head : malloc(n + 1);
    if (exchange->body != NULL)
        exchange->body[n] = '\0';
    exchange->length = n;
    return exchange->body;
}

/* ---- what was asked ---- */

const char *http_method(const struct http_exchange *exchange)
{
    static const char *const names[] = { "?", "GET", "HEAD", "POST" };
    _Static_assert(sizeof names / sizeof *names == HTTP_VERBS, "a name for each verb");

    return names[exchange->head.verb];
}

const char *http_path(const struct http_exchange *exchange)
{
    return exchange->head.path;
}

const char *http_query(const struct http_exchange *exchange)
{
    return exchange->head.query ? exchange->head.query : "";
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    return http_head_field(&exchange->head, name);
}

size_t http_header_lines(const struct http_exchange *exchange, const char *name)
{
    return http_head_lines(&exchange->head, name);
}

bool http_has_left(const struct http_exchange *exchange)
{
    return exchange->conn == NULL;
}

const char *http_body(struct http_exchange *exchange, size_t *out_length)
{
    *out_length = exchange->length;
    return exchange->body;
}

size_t http_length(const struct http_exchange *exchange)
{
    return exchange->length;
}

const char *http_address(const struct http_exchange *exchange)
{
    return exchange->address;
}

uint64_t http_address_key(const struct http_exchange *exchange)
{
    return exchange->key;
}

bool http_certified(const struct http_exchange *exchange)
{
    return exchange->conn != NULL && tls_peer_known(exchange->conn->bev);
}

uint64_t http_certified_key(const struct http_exchange *exchange)
{
    return exchange->conn != NULL ? tls_peer_key(exchange->conn->bev) : 0;
}

bool http_certified_for(const struct http_exchange *exchange, const char *name)
{
    return exchange->conn != NULL && tls_peer_is(exchange->conn->bev, name);
}

/* ---- the answer ---- */

void http_add_header(struct http_exchange *exchange, const char *name, const char *value)
{
    size_t used = strlen(exchange->added), room = sizeof exchange->added - used;

    if (strlen(name) + strlen(value) + 5 <= room) // ": ", CR LF, and the zero
        snprintf(exchange->added + used, room, "%s: %s\r\n", name, value);
}

void http_retry_after(struct http_exchange *exchange, int seconds)
{
    char text[16];

    snprintf(text, sizeof text, "%d", seconds > 0 ? seconds : 1);
    http_add_header(exchange, "Retry-After", text);
}

void http_slow_down(struct http_exchange *exchange)
{
    exchange->slow = true;
}

static const char *phrase(int code)
{
    static const struct {
        int code;
        const char *text;
    } phrases[] = { { 200, "OK" },
                    { 202, "Accepted" },
                    { 204, "No Content" },
                    { 206, "Partial Content" },
                    { 304, "Not Modified" },
                    { 400, "Bad Request" },
                    { 401, "Unauthorized" },
                    { 403, "Forbidden" },
                    { 404, "Not Found" },
                    { 405, "Method Not Allowed" },
                    { 413, "Content Too Large" },
                    { 414, "URI Too Long" },
                    { 415, "Unsupported Media Type" },
                    { 416, "Range Not Satisfiable" },
                    { 417, "Expectation Failed" },
                    { 429, "Too Many Requests" },
                    { 431, "Request Header Fields Too Large" },
                    { 501, "Not Implemented" },
                    { 502, "Bad Gateway" },
                    { 503, "Service Unavailable" },
                    { 504, "Gateway Timeout" },
                    { 505, "HTTP Version Not Supported" } };

    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (phrases[i].code == code)
            return phrases[i].text;
    }
    return "Unknown";
}

static void count(struct http_door *door, int code)
{
    size_t i = 0;

    while (i < HTTP_CODES_MAX && door->counts[i].code != 0 && door->counts[i].code != code)
        i++;
    if (i == HTTP_CODES_MAX)
        return;
    door->counts[i].code = code;
    door->counts[i].n++;
}

/* As HTTP wants it; written anew once a second. */
static const char *date(struct http_door *door)
{
    time_t now = (time_t)(clock_utc().ms / 1000);
    struct tm parts;

    if (now != door->date_second && gmtime_r(&now, &parts) != NULL) {
        strftime(door->date, sizeof door->date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        door->date_second = now;
    }
    return door->date;
}

static const char *connection(const struct http_exchange *exchange)
{
    if (exchange->last)
        return "Connection: close\r\n";
    return exchange->head.old ? "Connection: keep-alive\r\n" : "";
}

/* The head of an answer as it grows; what does not fit is left out, and everything does. */
struct answer_head {
    char text[HTTP_ANSWER_HEAD_MAX];
    size_t n;
};

static void put(struct answer_head *head, const char *text)
{
    size_t n = strlen(text), room = sizeof head->text - head->n;

    n = n < room ? n : room;
    memcpy(head->text + head->n, text, n);
    head->n += n;
}

static void put_number(struct answer_head *head, size_t number)
{
    char digits[24], *at = digits + sizeof digits;

    *--at = '\0';
    // A digit each turn.
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(head, at);
}

static void put_first_line(struct answer_head *head, struct http_door *door, int code)
{
    put(head, "HTTP/1.1 ");
    put_number(head, (size_t)code);
    put(head, " ");
    put(head, phrase(code));
    put(head, "\r\nDate: ");
    put(head, date(door));
    put(head, "\r\n");
}

/* Of 204 and 304 there is nothing to say: neither has a body (RFC 9110, 15.3.5 and 15.4.5). */
static void put_description(struct answer_head *head, int code, const char *type, size_t length)
{
    if (code == 204 || code == 304)
        return;
    put(head, "Content-Type: ");
    put(head, type);
    put(head, "\r\nContent-Length: ");
    put_number(head, length);
    put(head, "\r\n");
}

/* Goes out to the sender, now as far as that can be; false when memory is out. */
static bool write_answer(struct http_exchange *exchange, int code, const char *type,
                         const char *body, size_t length)
{
    bool bare = exchange->head.verb == HTTP_HEAD || code == 204 || code == 304;
    struct evbuffer *out = bufferevent_get_output(exchange->conn->bev);
    struct answer_head head;

    head.n = 0;
    put_first_line(&head, exchange->door, code);
    put_description(&head, code, type, length);
    put(&head, exchange->added);
    put(&head, connection(exchange));
    put(&head, "\r\n");
    length = bare ? 0 : length;
    if (!exchange->last)
        return http_outbox_put(exchange->conn, head.text, head.n, body, length);
    http_outbox_flush_before(exchange->conn);
    if (!exchange->slow)
        return http_socket_write(exchange->conn, head.text, head.n, body, length);
    return evbuffer_add(out, head.text, head.n) == 0 && evbuffer_add(out, body, length) == 0;
}

bool http_exchange_send_head(struct http_exchange *exchange, const char *type)
{
    struct evbuffer *out = bufferevent_get_output(exchange->conn->bev);

    count(exchange->door, 200);
    http_outbox_flush_before(exchange->conn);
    return evbuffer_add_printf(out,
                               "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: %s\r\n"
                               "%sConnection: close\r\n\r\n",
                               date(exchange->door), type, exchange->added) >= 0;
}

void http_answer(struct http_door *door, struct http_exchange *exchange, int code, const char *type,
                 const char *body, size_t length)
{
    (void)door;
    if (exchange->arrived == 0 || !http_exchange_keep(exchange, code, type, body, length))
        http_exchange_send(exchange, code, type, body, length);
}

void http_exchange_send(struct http_exchange *exchange, int code, const char *type,
                        const char *body, size_t length)
{
    struct http_door *door = exchange->door;
    struct http_conn *conn = exchange->conn;
    bool slow = exchange->slow, last, written;

    if (code == 503)
        http_retry_after(exchange, 5); // a failed commit is tried each second
    exchange->last = exchange->last || door->stopped || slow || !exchange->head.keep_alive;
    last = exchange->last;
    count(door, code);
    written = conn != NULL && write_answer(exchange, code, type, body, length);
    http_exchange_free(exchange);
    if (written)
        http_conn_answered(conn, last, slow); // always last: the conn may be gone
    else if (conn != NULL)
        http_conn_fail(conn); // half an answer would be read as something else
}

void http_exchange_refuse(struct http_exchange *exchange, int code, const char *why)
{
    char body[FAULT_TEXT_MAX + 16];
    int n =
        snprintf(body, sizeof body, "{\"error\":\"%s\"}", why); // why is ours: nothing to escape

    exchange->last = true;
    if (code == 415)
        http_add_header(exchange, "Accept-Encoding", "identity"); // RFC 9110, 12.5.3
    http_answer(exchange->door, exchange, code, "application/json", body, (size_t)n);
}
