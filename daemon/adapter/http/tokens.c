/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/tokens.h"

#include "adapter/textfile.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = TOKEN_DEVICES_MAX * (NAME_MAX_CHARS + 2), FILE_LIMIT = 1024 * 1024 * 1024 };

struct tokens {
    size_t n;
    struct index names, hashes;
    EVP_MD *sha256;  // looked up once: that costs more than hashing a secret,
    EVP_MD_CTX *ctx; // and so does making this
    struct token rows[TOKENS_MAX];
};

/* ---- the file ---- */

static void print_hex(const unsigned char *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        sprintf(out + 2 * i, "%02x", bytes[i]);
}

/* 64 hexadecimal digits. */
static bool read_hash(const char *text, struct token *out)
{
    if (strlen(text) != 2 * TOKEN_HASH_BYTES ||
        text[strspn(text, "0123456789abcdefABCDEF")] != '\0')
        return false;
    for (size_t i = 0; i < TOKEN_HASH_BYTES; i++) {
        char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };

        out->hash[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    print_hex(out->hash, TOKEN_HASH_BYTES, out->hex); // small letters, whatever stood there
    return true;
}

static bool add_device(struct token *token, const char *device, struct fault *why)
{
    if (!name_valid(device))
        return fault_set(why, "devices: \"%.80s\" is not 1..%d letters, digits, - _ .", device,
                         NAME_MAX_CHARS);
    if (token_covers(token, device))
        return fault_set(why, "devices: %s stands there twice", device);
    strcpy(token->devices[token->n_devices++], device); // name_valid has measured it
    return true;
}

static bool read_devices(struct token *token, char *text, struct fault *why)
{
    size_t n = 1;
    char *one;

    for (const char *at = text; *at != '\0'; at++)
        n += *at == ',';
    if (n > TOKEN_DEVICES_MAX)
        return fault_set(why, "devices: more than %d", TOKEN_DEVICES_MAX);
    token->devices = calloc(n, sizeof *token->devices);
    if (token->devices == NULL)
        return fault_set(why, "out of memory");
    while ((one = strsep(&text, ",")) != NULL) { // TOKEN_DEVICES_MAX, as counted above
        if (!add_device(token, one, why))
            return false;
    }
    return true;
}

bool token_kind_of(const char *word, enum token_kind *out_kind)
{
    static const char *const words[] = { "operator", "room", "map" };

    for (int i = 0; i < 3; i++) {
        if (strcmp(words[i], word) == 0) {
            *out_kind = (enum token_kind)(TOKEN_OPERATOR + i);
            return true;
        }
    }
    return false;
}

static bool read_scope(struct token *token, char *text, struct fault *why)
{
    if (strcmp(text, "*") == 0)
        token->kind = TOKEN_ANY;
    else if (!token_kind_of(text, &token->kind))
        return read_devices(token, text, why);
    return true;
}

/* The next word; "" when there is none. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");

    *rest = word + strcspn(word, " \t");
    if (**rest != '\0')
        *(*rest)++ = '\0';
    return word;
}

static bool read_line(char *line, struct token *out, struct fault *why)
{
    const char *name = next_word(&line), *hash = next_word(&line);
    char *scope = next_word(&line);

    if (!name_valid(name))
        return fault_set(why, "name: not 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out->name, name);
    // What stands there in its place may be the token itself: it is not repeated.
    if (!read_hash(hash, out))
        return fault_set(why, "%s: not the 64 hexadecimal digits of a SHA-256", name);
    if (*scope == '\0')
        return fault_set(why, "%s: says neither devices, nor *, nor operator, room or map", name);
    if (*next_word(&line) != '\0')
        return fault_set(why, "%s: more behind the devices: they are parted by commas alone", name);
    return read_scope(out, scope, why);
}

/* Takes what `fresh` owns when it returns true. */
static bool keep(struct tokens *tokens, const struct token *fresh, struct fault *why)
{
    struct token *row = &tokens->rows[tokens->n];
    size_t other;

    *row = *fresh;
    if (index_find(&tokens->names, row->name, &other))
        return fault_set(why, "%s: stands there twice", row->name);
    if (index_find(&tokens->hashes, row->hex, &other))
        return fault_set(why, "%s: the same token as %s", row->name, tokens->rows[other].name);
    if (!index_put(&tokens->names, row->name, tokens->n) ||
        !index_put(&tokens->hashes, row->hex, tokens->n))
        return fault_set(why, "out of memory");
    tokens->n++;
    return true;
}

static bool take_line(struct tokens *tokens, char *line, size_t n, struct fault *why)
{
    struct token fresh = { 0 };

    if (strlen(line) != n)
        return fault_set(why, "holds a NUL");
    line[strcspn(line, "\r\n")] = '\0';
    if (strchr("#;", line[strspn(line, " \t")]) != NULL) // or nothing at all
        return true;
    if (tokens->n == TOKENS_MAX)
        return fault_set(why, "more than %d tokens", TOKENS_MAX);
    if (read_line(line, &fresh, why) && keep(tokens, &fresh, why))
        return true;
    free(fresh.devices);
    return false;
}

static void read_file(FILE *file, const char *path, struct tokens *tokens,
                      struct complaints *complaints)
{
    struct fault why;
    char *line = malloc(LINE_LIMIT);
    int row = 0;

    if (line == NULL)
        complain(complaints, path, 0, "out of memory");
    // A line of the file each turn, TOKENS_MAX of which may be.
    while (line != NULL && !ferror(file)) {
        size_t n = 0;
        int byte;

        while ((byte = fgetc(file)) != EOF && n < LINE_LIMIT - 1 && byte != '\n')
            line[n++] = (char)byte;
        if (n == 0 && byte == EOF)
            break;
        line[n] = '\0';
        row++;
        // What stands in a key's lines would be repeated as the names of tokens.
        if (strncmp(line, "-----BEGIN ", 11) == 0) {
            complain(complaints, path, row, "this is a key or certificate in PEM, and no tokens");
            break;
        }
        if (byte != EOF && byte != '\n') {
            complain(complaints, path, row, "longer than %d characters", LINE_LIMIT - 1);
            break;
        }
        if (!take_line(tokens, line, n, &why))
            complain(complaints, path, row, "%s", why.text);
    }
    if (ferror(file))
        complain(complaints, path, 0, "%s", strerror(errno));
    free(line);
}

struct tokens *tokens_load(const char *path, struct complaints *complaints)
{
    size_t before = complaints->errors;
    struct tokens *tokens = calloc(1, sizeof *tokens);
    bool ready = tokens != NULL && index_init(&tokens->names, TOKENS_MAX) &&
                 index_init(&tokens->hashes, TOKENS_MAX) &&
                 (tokens->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)) != NULL &&
                 (tokens->ctx = EVP_MD_CTX_new()) != NULL;
    struct fault why = { .text = FAULT_MEMORY };
    FILE *file = ready ? textfile_open(path, FILE_LIMIT, &why) : NULL;

    if (file == NULL) {
        complain(complaints, path, 0, "tokens: %s", why.text);
        tokens_destroy(tokens);
        return NULL;
    }
    if (textfile_skip_lead(file, &why))
        read_file(file, path, tokens, complaints);
    else
        complain(complaints, path, 1, "%s", why.text);
    fclose(file);
    if (complaints->errors == before)
        return tokens;
    tokens_destroy(tokens);
    return NULL;
}

void tokens_destroy(struct tokens *tokens)
{
    if (tokens == NULL)
        return;
    for (size_t i = 0; i < tokens->n; i++)
        free(tokens->rows[i].devices);
    index_fini(&tokens->names);
    index_fini(&tokens->hashes);
    EVP_MD_CTX_free(tokens->ctx);
    EVP_MD_free(tokens->sha256);
    free(tokens);
}

/* ---- one that is presented ---- */

static bool hash_secret(struct tokens *tokens, const char *secret,
                        unsigned char hash[TOKEN_HASH_BYTES])
{
    return EVP_DigestInit_ex2(tokens->ctx, tokens->sha256, NULL) == 1 &&
           EVP_DigestUpdate(tokens->ctx, secret, strlen(secret)) == 1 &&
           EVP_DigestFinal_ex(tokens->ctx, hash, NULL) == 1;
}

struct token *tokens_find(struct tokens *tokens, const char *secret)
{
    unsigned char hash[TOKEN_HASH_BYTES];
    struct token *found = NULL;

    if (!hash_secret(tokens, secret, hash))
        return NULL;
    for (size_t i = 0; i < tokens->n; i++) {
        bool same = CRYPTO_memcmp(hash, tokens->rows[i].hash, sizeof hash) == 0;

        found = same ? &tokens->rows[i] : found;
    }
    return found;
}

bool token_covers(const struct token *token, const char *device)
{
    if (token->kind != TOKEN_DEVICES)
        return token->kind == TOKEN_ANY;
    for (size_t i = 0; i < token->n_devices; i++) {
        if (strcmp(token->devices[i], device) == 0)
            return true;
    }
    return false;
}

bool token_make(char secret[TOKEN_MADE_CHARS + 1], char hex[2 * TOKEN_HASH_BYTES + 1])
{
    unsigned char bytes[(TOKEN_MADE_CHARS - 3) / 2], hash[TOKEN_HASH_BYTES];

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    strcpy(secret, "bd_"); // so that it is known for what it is, wherever it turns up
    print_hex(bytes, sizeof bytes, secret + 3);
    SHA256((const unsigned char *)secret, strlen(secret), hash);
    print_hex(hash, sizeof hash, hex);
    explicit_bzero(bytes, sizeof bytes);
    return true;
}
