/* SPDX-License-Identifier: Apache-2.0 */
/* tokens.h - who may come through the doors: the tokens file, of which secrets cannot be read. */
#ifndef ADAPTER_HTTP_TOKENS_H
#define ADAPTER_HTTP_TOKENS_H

#include "adapter/complaints.h"
#include "adapter/pace.h"
#include "core/index.h"
#include "core/instant.h"

enum {
    TOKENS_MAX = 10000,        /* lines */
    TOKEN_DEVICES_MAX = 1000,  /* of one token */
    TOKEN_HASH_BYTES = 32,     /* SHA-256 */
    TOKEN_SECRET_MAX = 128,    /* characters of a token that is presented */
    TOKEN_MADE_CHARS = 3 + 48, /* of one that token_make() makes: 192 bits */
    TOKEN_BURST_S = 10         /* so many seconds of a rate may come at once */
};

/* From TOKEN_OPERATOR on they read, each what those before it may and more, and send nothing. */
enum token_kind { TOKEN_DEVICES, TOKEN_ANY, TOKEN_OPERATOR, TOKEN_ROOM, TOKEN_MAP };

struct token {
    char name[NAME_MAX_CHARS + 1];
    enum token_kind kind;
    size_t n_devices;
    char (*devices)[NAME_MAX_CHARS + 1];
    unsigned char hash[TOKEN_HASH_BYTES];
    char hex[2 * TOKEN_HASH_BYTES + 1]; /* of hash */
    struct pace pace;                   /* of what it sends that is no ping of a known device */
};

struct tokens;

/*
 * Reads lines `NAME SHA256-HEX DEVICE[,DEVICE...]|*|operator|room|map`; a line may be empty, or
 * begin with `#` or `;`. NULL when anything is complained of.
 */
struct tokens *tokens_load(const char *path, struct complaints *complaints);
void tokens_destroy(struct tokens *tokens); /* NULL is fine */

/*
 * The token of this secret, or NULL. Takes as long whichever it is,
 * and however much of it is right.
 */
struct token *tokens_find(struct tokens *tokens, const char *secret);

/* "operator", "room", "map": the file's word for such a kind; false for any other. */
bool token_kind_of(const char *word, enum token_kind *out_kind);

/* Whether pings of `device` may be sent with it. */
bool token_covers(const struct token *token, const char *device);

/* Makes a new secret, and its hash as the file has it. False when there is no randomness. */
bool token_make(char secret[TOKEN_MADE_CHARS + 1], char hex[2 * TOKEN_HASH_BYTES + 1]);

/* What an Authorization header says. */
struct credentials {
    char user[NAME_MAX_CHARS + 1]; /* Basic: a device; Bearer: "" */
    char secret[TOKEN_SECRET_MAX + 1];
};

/* `Bearer TOKEN` or `Basic BASE64(user:token)`; false for anything else. */
bool credentials_read(const char *header, struct credentials *out);

#endif
