/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/chain.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_CHARS = 256, KIND_MAX_CHARS = 32 };

bool chain_digest(const void *bytes, size_t n, unsigned char out[CHAIN_DIGEST])
{
    return digest_of(bytes, n, out);
}

char *chain_hex(const unsigned char digest[CHAIN_DIGEST], char text[CHAIN_HEX])
{
    return digest_print(digest, CHAIN_DIGEST, text);
}

bool chain_salt(unsigned char out[CHAIN_SALT])
{
    // Many at once: each call of the library takes longer than a digest.
    static _Thread_local unsigned char some[64 * CHAIN_SALT];
    static _Thread_local size_t left;

    if (left == 0 && RAND_bytes(some, sizeof some) != 1)
        return false;
    left = left == 0 ? sizeof some : left;
    left -= CHAIN_SALT;
    memcpy(out, some + left, CHAIN_SALT);
    return true;
}

bool chain_row_digest(const struct chain_row *row, unsigned char out[CHAIN_DIGEST])
{
    struct digest digest;

    digest_begin(&digest);
    digest_text(&digest, row->id);
    digest_text(&digest, row->type);
    digest_text(&digest, row->area);
    digest_text(&digest, row->severity);
    digest_text(&digest, row->incident);
    digest_number(&digest, row->effect);
    digest_number(&digest, row->todo);
    digest_text(&digest, row->by);
    digest_text(&digest, row->note);
    return digest_end(&digest, out);
}

bool chain_content(const struct chain_link *link, unsigned char out[CHAIN_DIGEST])
{
    struct digest digest;

    digest_begin(&digest);
    digest_hex(&digest, link->salt, CHAIN_SALT);
    digest_text(&digest, link->respondent);
    digest_number(&digest, link->evidence);
    digest_number(&digest, link->start);
    digest_number(&digest, link->once);
    digest_hex(&digest, link->body, CHAIN_DIGEST);
    digest_hex(&digest, link->row, link->has_row ? CHAIN_DIGEST : 0);
    return digest_end(&digest, out);
}

static void move_on(struct chain *chain, const unsigned char digest[CHAIN_DIGEST])
{
    memcpy(chain->digest, digest, CHAIN_DIGEST);
    chain->number++;
}

bool chain_extend(struct chain *chain, const struct chain_link *link)
{
    unsigned char content[CHAIN_DIGEST], made[CHAIN_DIGEST];
    struct digest digest;

    if (!chain_content(link, content))
        return false;
    digest_begin(&digest);
    digest_text(&digest, CHAIN_FORMAT);
    digest_hex(&digest, chain->digest, CHAIN_DIGEST);
    digest_number(&digest, link->partition);
    digest_number(&digest, (int64_t)(chain->number + 1));
    digest_text(&digest, link->kind);
    digest_number(&digest, link->at.ms);
    digest_hex(&digest, content, CHAIN_DIGEST);
    if (!digest_end(&digest, made))
        return false;
    move_on(chain, made);
    return true;
}

bool chain_extend_1(struct chain *chain, const char *kind, struct utc at,
                    const unsigned char body[CHAIN_DIGEST])
{
    char before[CHAIN_HEX], of_body[CHAIN_HEX], line[LINE_MAX_CHARS];
    unsigned char digest[CHAIN_DIGEST];
    int n = snprintf(line, sizeof line, "%s %" PRIu64 " %.*s %" PRId64 " %s\n",
                     chain_hex(chain->digest, before), chain->number + 1, KIND_MAX_CHARS, kind,
                     at.ms, chain_hex(body, of_body));

    if (n < 0 || !chain_digest(line, (size_t)n, digest))
        return false;
    move_on(chain, digest);
    return true;
}
