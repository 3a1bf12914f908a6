/* SPDX-License-Identifier: Apache-2.0 */
#include "clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/testbed.h"

enum {
    TURN_MS = 10,
    OPENED_MAX = 48, // in one turn: a flood of connections is another adversary
    LIFE_MS = 4000,  // of one connection, at most
    LEAVES_MS = 60,  // from its last byte until it leaves, at most
    PIECE = 64 * 1024,
    ADDRESSES = 500
};

enum manner { READS, NEVER_READS, LEAVES, DAWDLES };

struct client {
    int fd; // below 0: none
    enum manner manner;
    int64_t ends;
    unsigned left, depth;           // requests still to be made; at once without an answer
    char *out, *in;                 // what is to be sent, and what has come
    size_t n_out, sent, n_in, room; // bytes of both
    struct question asked[CLIENTS_PIPELINE_MAX];
    unsigned first, n; // of those that wait for their answer
};

struct clients {
    struct clients_options options;
    struct client *each;
    struct pollfd *polled;
};

/* ---- coming and going ---- */

static void leave(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    free(client->out);
    free(client->in);
    *client = (struct client){ .fd = -1 };
}

static int open_unix(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    if (fd >= 0 && connect(fd, (const void *)&at, sizeof at) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_port(int port, unsigned nth)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = from;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    from.sin_addr.s_addr = htonl(0x7f010001 + nth);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    if (fd >= 0 && bind(fd, (const void *)&from, sizeof from) == 0)
        (void)!connect(fd, (const void *)&to, sizeof to); // under way
    return fd;
}

static enum manner manner_of(unsigned dice)
{
    return dice < 5 ? READS : dice < 7 ? NEVER_READS : dice < 9 ? LEAVES : DAWDLES;
}

static void come(struct clients *clients, struct client *client)
{
    const struct clients_options *options = &clients->options;
    struct dice *dice = options->dice;
    bool by_port = options->port != 0 && dice_below(dice, 3) > 0;

    *client = (struct client){ .fd = by_port ? open_port(options->port, dice_below(dice, ADDRESSES))
                                             : open_unix(options->path),
                               .manner = manner_of(dice_below(dice, 10)),
                               .ends = now_ms() + dice_below(dice, LIFE_MS),
                               .left = 1 + dice_below(dice, dice_below(dice, 4) == 0 ? 1000 : 20),
                               .depth = 1 + dice_below(dice, CLIENTS_PIPELINE_MAX) };
}

/* ---- asking ---- */

static bool add_question(struct clients *clients, struct client *client)
{
    struct question question = { 0 };
    char *out = realloc(client->out, client->n_out + CLIENTS_QUESTION_MAX);

    if (out == NULL)
        return false;
    client->out = out;
    client->n_out += clients->options.ask(clients->options.arg, out + client->n_out, &question);
    client->left--;
    if (client->manner == READS || client->manner == DAWDLES)
        client->asked[(client->first + client->n++) % CLIENTS_PIPELINE_MAX] = question;
    return true;
}

/* As many requests as it makes at once; of one who leaves they may end anywhere. */
static void compose(struct clients *clients, struct client *client)
{
    unsigned more = client->depth - client->n;

    client->n_out = client->sent = 0;
    more = more < client->left ? more : client->left;
    while (more > 0 && add_question(clients, client))
        more--;
    if (client->manner != LEAVES || client->n_out == 0)
        return;
    client->left = 0;
    client->ends = now_ms() + dice_below(clients->options.dice, LEAVES_MS);
    if (dice_below(clients->options.dice, 2) == 0)
        client->n_out = 1 + dice_below(clients->options.dice, (unsigned)client->n_out);
}

/* False when there is nobody to speak to. */
static bool say(struct clients *clients, struct client *client)
{
    size_t n;
    ssize_t sent;

    if (client->sent == client->n_out && client->left > 0 && client->n < client->depth)
        compose(clients, client);
    n = client->n_out - client->sent;
    if (client->manner == DAWDLES && n > 3)
        n = 1 + dice_below(clients->options.dice, 3);
    if (n == 0)
        return true;
    sent = send(client->fd, client->out + client->sent, n, MSG_NOSIGNAL);
    client->sent += sent > 0 ? (size_t)sent : 0;
    return sent >= 0;
}

/* ---- hearing ---- */

static size_t whole_line(const struct client *client)
{
    const char *end = strchr(client->in, '\n');

    return end != NULL ? (size_t)(end - client->in) + 1 : 0;
}

/* Bytes of the first whole answer; 0: it is not whole yet. */
static size_t whole(const struct client *client, int *out_code)
{
    const struct question *question = &client->asked[client->first];
    const char *end = strstr(client->in, "\r\n\r\n");
    const char *length = strcasestr(client->in, "\r\ncontent-length:");
    size_t head, body = 0;

    if (end == NULL || sscanf(client->in, "HTTP/1.%*d %d", out_code) != 1)
        return 0;
    head = (size_t)(end - client->in) + 4;
    if (length != NULL && length < end && !question->bodiless && *out_code != 304)
        body = strtoul(length + 17, NULL, 10);
    return client->n_in >= head + body ? head + body : 0;
}

static void hand_over(struct clients *clients, struct client *client)
{
    size_t n;
    int code = 0;

    while (client->n > 0 &&
           (n = clients->options.lines ? whole_line(client) : whole(client, &code)) > 0) {
        char next = client->in[n];

        client->in[n] = '\0';
        clients->options.heard(clients->options.arg, &client->asked[client->first], code,
                               client->in);
        client->in[n] = next;
        client->n_in -= n;
        memmove(client->in, client->in + n, client->n_in + 1);
        client->first = (client->first + 1) % CLIENTS_PIPELINE_MAX;
        client->n--;
    }
}

/* False when it has ended, or says too much. */
static bool hear(struct clients *clients, struct client *client)
{
    bool endless = client->n > 0 && client->asked[client->first].endless;
    ssize_t got;

    if (client->room - client->n_in < PIECE) {
        char *in = realloc(client->in, 2 * client->room + 2 * PIECE);

        if (in == NULL || client->room > CLIENTS_ANSWER_MAX)
            return false;
        client->in = in;
        client->room = 2 * client->room + 2 * PIECE;
    }
    got = recv(client->fd, client->in + client->n_in, PIECE - 1, 0);
    if (got <= 0)
        return false;
    client->n_in = endless ? 0 : client->n_in + (size_t)got;
    client->in[client->n_in] = '\0';
    hand_over(clients, client);
    return true;
}

/* ---- all of them ---- */

static short wants(const struct client *client)
{
    bool reads = client->manner == READS || client->manner == DAWDLES;
    bool says = client->sent < client->n_out || (client->left > 0 && client->n < client->depth);

    return (short)((reads ? POLLIN : 0) | (says ? POLLOUT : 0));
}

static bool is_done(const struct client *client, int64_t now)
{
    bool said = client->sent == client->n_out && client->left == 0;

    return now >= client->ends || (client->manner == READS && said && client->n == 0);
}

static void serve(struct clients *clients, struct client *client, short ready)
{
    bool goes_on = (ready & (POLLERR | POLLNVAL)) == 0;

    if (goes_on && (ready & (POLLIN | POLLHUP)) != 0)
        goes_on = client->manner == NEVER_READS ? (ready & POLLHUP) == 0 : hear(clients, client);
    if (goes_on && (ready & POLLOUT) != 0)
        goes_on = say(clients, client);
    if (!goes_on || is_done(client, now_ms()))
        leave(client);
}

void clients_turn(struct clients *clients)
{
    unsigned opened = 0;

    for (size_t i = 0; i < clients->options.n; i++) {
        struct client *client = &clients->each[i];

        if (client->fd < 0 && opened++ < OPENED_MAX)
            come(clients, client);
        clients->polled[i] = (struct pollfd){ client->fd, wants(client), 0 };
    }
    poll(clients->polled, clients->options.n, TURN_MS);
    for (size_t i = 0; i < clients->options.n; i++) {
        if (clients->each[i].fd >= 0)
            serve(clients, &clients->each[i], clients->polled[i].revents);
    }
}

struct clients *clients_create(const struct clients_options *options)
{
    struct clients *clients = calloc(1, sizeof *clients);

    if (clients == NULL)
        return NULL;
    clients->options = *options;
    clients->each = calloc(options->n, sizeof *clients->each);
    clients->polled = calloc(options->n, sizeof *clients->polled);
    if (clients->each == NULL || clients->polled == NULL) {
        clients->options.n = 0;
        clients_destroy(clients);
        return NULL;
    }
    for (size_t i = 0; i < options->n; i++)
        clients->each[i].fd = -1;
    return clients;
}

void clients_destroy(struct clients *clients)
{
    if (clients == NULL)
        return;
    for (size_t i = 0; i < clients->options.n; i++)
        leave(&clients->each[i]);
    free(clients->each);
    free(clients->polled);
    free(clients);
}
